"""pass_time: what time alone says of phones near places: somebody stayed, or has left for good."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from audience.models import LOCATION
from audience.selectors.locating import locating
from audience.services import consents, people
from audience.services.people import Resolved, aliases
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.logged import happened
from campaigns.engine.program import Program
from orchestrator.pipeline import loading, programs, transactions
from orchestrator.pipeline.batch import Batch, begin
from orchestrator.pipeline.crossings import crossing_message
from orchestrator.pipeline.message import InboxMessage
from triggers.places.presence import Seen, later
from triggers.places.visits import Crossing
from triggers.selectors.places import snapshots
from triggers.selectors.presences import Phone, Written, people_due, seen_of
from triggers.services import log, presences
from triggers.services.log import EventRow
from triggers.services.presences import PhoneRow

PEOPLE = 200
WORK_FOR_S = 5.0

Clock = Callable[[], datetime]
Made = tuple[Phone, Crossing]


def pass_time(*, clock: Clock) -> None:
    """Until nothing more is due, or for a few seconds."""
    began = time.monotonic()
    while pass_some(now=clock()) and time.monotonic() - began < WORK_FOR_S:
        pass


def pass_some(*, now: datetime) -> int:
    """How many phones were looked at; people whom somebody holds come with the next tick."""
    asked = people_due(now=now, limit=PEOPLE)
    if not asked:
        return 0
    with transactions.short():
        rows = people.lock_free(sorted(set(people.canonical_ids(asked).values())))
        locked = Resolved(people=[], rows=rows, merged={}, also={})
        return go_on(locked, seen_of(people=aliases(locked)), now=now)


def go_on(locked: Resolved, written: Written, *, now: datetime) -> int:
    refused = refusing(locked)
    after = {
        phone: later(seen, now)
        for phone, seen in written.phones.items()
        if phone.person not in refused
    }
    tell(locked, written, [(phone, one) for phone in after for one in after[phone].crossings], now)
    rows = [
        row_of(locked, written, phone, after[phone].seen if phone in after else Seen())
        for phone in sorted(written.phones)
    ]
    presences.write(phones=rows, now=now)
    return len(rows)


def refusing(locked: Resolved) -> set[int]:
    """People whose position may not be used any more: nothing more is said of them."""
    agreed = consents.consents(people=aliases(locked), topic=LOCATION)
    settings = locating(workspaces={row.workspace_id for row in locked.rows.values()})
    return {
        row.id
        for row in locked.rows.values()
        if not settings[row.workspace_id].may_use(consent=agreed.get(row.id))
    }


def row_of(locked: Resolved, written: Written, phone: Phone, seen: Seen) -> PhoneRow:
    return PhoneRow(
        workspace_id=locked.rows[phone.person].workspace_id,
        phone=phone,
        before=written.seen(phone),
        seen=seen,
        source=written.sources.get(phone, "public"),
        aliases=written.aliases.get(phone, ()),
    )


def tell(locked: Resolved, written: Written, made: list[Made], now: datetime) -> None:
    """Log the crossings, and what follows from them."""
    if not made:
        return
    places = snapshots(ids={crossing.place for _, crossing in made})
    messages = [
        (phone, crossing_message(crossing, places[crossing.place], phone, source=source))
        for phone, crossing in made
        if (source := written.sources[phone]) and crossing.place in places
    ]
    batch = batch_of(locked, {message.name for _, message in messages}, now=now)
    for phone, message in messages:
        batch.note(phone.person)
        event = event_row(batch, phone, message)
        batch.happened(event, happened(event, decided_at=now))
    batch.write()


def batch_of(locked: Resolved, names: set[str], *, now: datetime) -> Batch:
    current = programs.of((row.workspace_id for row in locked.rows.values()), now=now)
    needs = loading.needs_of(listening(current, names))
    return begin(current, locked, loading.states(locked, needs=needs, now=now), now=now)


def listening(
    current: Mapping[int, Program], names: set[str]
) -> Iterator[tuple[CompiledCampaign, Program]]:
    for program in current.values():
        for name in names:
            for campaign in program.interested(name):
                yield campaign, program


def event_row(batch: Batch, phone: Phone, message: InboxMessage) -> EventRow:
    workspace_id = batch.rows[phone.person].workspace_id
    digest = log.digest(workspace_id=workspace_id, origin="flow", message_id=message.message_id)
    return EventRow(
        id=log.event_id(digest),
        workspace_id=workspace_id,
        person_id=phone.person,
        device_id=phone.device or None,
        key_id=None,
        message_id=message.message_id,
        type=message.type,
        name=message.name,
        properties=message.properties,
        context=message.context,
        source=message.source,
        occurred_at=message.occurred_at,
        received_at=batch.now,
        sequence=batch.number(phone.person),
        program_version=batch.program_of(phone.person).version,
    )
