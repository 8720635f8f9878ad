"""past: who did, before anybody asked, what a business event asks for. Found in the log, once."""

from datetime import datetime, timedelta

import msgspec

from audience.sql import run
from orchestrator.pipeline import expansions
from orchestrator.pipeline.expansions import Progress, Taken
from triggers.services import joined
from triggers.services.joined import Join

CHUNK = 2_000
LONGEST = timedelta(days=400)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MICROSECOND = timedelta(microseconds=1)


def next_days(taken: Taken, *, now: datetime) -> bool:
    """The next events, from the newest on; the cursor is a time in microseconds."""
    event, path = taken.occasion.past_of or ("", "")
    until = EPOCH + taken.cursor * MICROSECOND if taken.cursor else now + MICROSECOND
    # An import can have any number of events in one instant: they stay together.
    rows = run(
        """
        SELECT person_id, properties, occurred_at, received_at FROM triggers_event
        WHERE workspace_id = %(workspace)b AND name = %(name)b
          AND received_at < %(until)b AND received_at > %(since)b
        ORDER BY received_at DESC FETCH FIRST (%(limit)b) ROWS WITH TIES
        """,
        workspace=taken.workspace_id,
        name=event,
        until=until,
        since=now - LONGEST,
        limit=CHUNK,
    )
    joined.keep(joins=[one for row in rows if (one := join(taken, event, path, row))])
    oldest = rows[-1][3] if rows else now
    progress = Progress(
        cursor=(oldest - EPOCH) // MICROSECOND,
        skipped=(),
        people=len(rows),
        moments=0,
        done=len(rows) < CHUNK,
    )
    expansions.advance(taken, progress, now=now)
    return True


def join(taken: Taken, event: str, path: str, row: tuple) -> Join | None:
    person, properties, occurred_at, _ = row
    digest = joined.digest(
        workspace_id=taken.workspace_id,
        event=event,
        property=path,
        value=joined.value_at(msgspec.json.decode(properties), f"event.properties.{path}"),
    )
    return Join(digest=digest, person_id=person, occurred_at=occurred_at) if digest else None
