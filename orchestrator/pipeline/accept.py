"""accept: what a door took goes into the inbox, in one statement; then the bell rings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from audience.sql import run
from orchestrator import bells
from orchestrator.pipeline.message import ENCODER, InboxMessage, lane_of

FRESH_FOR = timedelta(hours=1)
MAX_REJECTIONS_KEPT = 100


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A message that does not get in, with what the developer should do."""

    index: int
    code: str
    message: str
    fix: str
    message_id: str = ""
    type: str = ""
    name: str = ""
    held_for_s: float | None = None


def accept(
    *,
    workspace_id: int,
    key_id: int | None,
    messages: Sequence[InboxMessage],
    refused: Sequence[Refused] = (),
    bulk: bool = False,
    now: datetime,
) -> None:
    """Returns when everything is committed. `bulk` marks an import, which fresh messages pass."""
    # A phone that was offline sends old and new together: they keep their order.
    fresh = not bulk and any(now - message.occurred_at < FRESH_FOR for message in messages)
    if messages and refused:
        with transaction.atomic():
            insert(workspace_id, messages, fresh=fresh, now=now)
            keep_refused(workspace_id, key_id, refused, now=now)
    elif messages:
        insert(workspace_id, messages, fresh=fresh, now=now)
    elif refused:
        keep_refused(workspace_id, key_id, refused, now=now)
    if messages:
        bells.ring_after_commit(bells.EVALUATE if fresh else bells.EVALUATE_BULK)


def insert(
    workspace_id: int, messages: Sequence[InboxMessage], *, fresh: bool, now: datetime
) -> None:
    run(
        """
        INSERT INTO orchestrator_inbox (workspace_id, lane, fresh, body, received_at, failures)
        SELECT %(workspace)b, lane, fresh, body, %(now)b, 0
        FROM unnest(%(lanes)b::smallint[], %(fresh)b::boolean[], %(bodies)b::bytea[])
             AS m (lane, fresh, body)
        """,
        workspace=workspace_id,
        lanes=[lane_of(workspace_id, message) for message in messages],
        fresh=[fresh] * len(messages),
        bodies=[ENCODER.encode(message) for message in messages],
        now=now,
    )


def keep_refused(
    workspace_id: int, key_id: int | None, refused: Sequence[Refused], *, now: datetime
) -> None:
    kept = refused[:MAX_REJECTIONS_KEPT]
    run(
        """
        INSERT INTO orchestrator_rejection (workspace_id, key_id, message_id, type, name, code,
                                            message, fix, held_for_s, received_at)
        SELECT %(workspace)b, %(key)b::bigint, message_id, type, name, code, message, fix,
               held_for_s, %(now)b
        FROM unnest(%(ids)b::text[], %(types)b::text[], %(names)b::text[], %(codes)b::text[],
                    %(messages)b::text[], %(fixes)b::text[], %(held)b::float8[])
             AS r (message_id, type, name, code, message, fix, held_for_s)
        """,
        workspace=workspace_id,
        key=key_id,
        ids=[one.message_id[:200] for one in kept],
        types=[one.type[:20] for one in kept],
        names=[one.name[:200] for one in kept],
        codes=[one.code for one in kept],
        messages=[one.message[:300] for one in kept],
        fixes=[one.fix[:300] for one in kept],
        held=[one.held_for_s for one in kept],
        now=now,
    )
