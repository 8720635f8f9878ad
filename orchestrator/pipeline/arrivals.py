"""One batch of a lane: from inbox rows to events, moments and pushes, in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from audience.identities import Claim
from audience.services import devices, people
from audience.services.devices import DeviceClaim
from audience.services.people import Resolved, aliases
from campaigns.engine.happening import EventHappened, PushSettled
from campaigns.engine.hearing import SETTLED_NAMES
from campaigns.engine.logged import happened
from campaigns.engine.program import Program
from campaigns.engine.states import PushState, Reason
from orchestrator.pipeline import identify, loading
from orchestrator.pipeline.batch import Batch, begin
from orchestrator.pipeline.crossings import with_crossings
from orchestrator.pipeline.lanes import Row
from orchestrator.pipeline.loading import Needs
from orchestrator.pipeline.message import DECODER, InboxMessage
from orchestrator.pipeline.opened import with_openings
from orchestrator.pipeline.unseen import Arrival, Met, arrival_of, unseen
from triggers.services import catalogue, joined, log
from triggers.services.joined import Join
from triggers.services.log import EventRow


def work(rows: Sequence[Row], *, programs: dict[int, Program], now: datetime) -> None:
    """Evaluate claimed rows in the caller's transaction."""
    arrivals = only_new([row for row in rows if row.workspace_id in programs], now=now)
    if not arrivals:
        return
    resolved = resolve(arrivals, now=now)
    installations = claim_devices(arrivals, resolved, programs, now=now)
    known = list(met_of(arrivals, resolved, installations))
    canonical = aliases(resolved)
    met = with_crossings(
        with_openings(known, canonical=canonical, now=now), canonical=canonical, now=now
    )
    states = loading.states(resolved, needs=needs(met, programs), now=now)
    batch = begin(programs, resolved, states, now=now)
    for one in met:
        decide(batch, one)
    batch.write()
    joined.keep(joins=list(joins(met, programs)))
    learn(met, now=now)


def only_new(rows: Sequence[Row], *, now: datetime) -> list[Arrival]:
    return unseen([arrival_of(row, DECODER.decode(row.body)) for row in rows], now=now)


def resolve(arrivals: Sequence[Arrival], *, now: datetime) -> Resolved:
    claims = [
        Claim(
            workspace_id=row.workspace_id,
            user_id=message.user_id,
            anonymous_id=message.anonymous_id,
            previous_id=message.previous_id,
            source=message.source,
        )
        for row, message, _ in arrivals
    ]
    return people.resolve(
        claims=claims,
        also=[one.message.settled.person_id for one in arrivals if one.message.settled],
        seen_at={index: one.message.occurred_at for index, one in enumerate(arrivals)},
        now=now,
    )


def claim_devices(
    arrivals: Sequence[Arrival],
    resolved: Resolved,
    programs: dict[int, Program],
    *,
    now: datetime,
) -> dict[tuple[int, str], int]:
    claims = [
        DeviceClaim(
            workspace_id=row.workspace_id,
            installation_id=message.installation.id,
            person_id=resolved.people[index],
            platform=message.installation.platform,
            address_kind=message.installation.address_kind,
            address=message.installation.address,
            push_permission=message.installation.push_permission,
            facts=message.installation.facts,
            source=message.source,
            claimed_at=message.occurred_at,
            guarded=programs[row.workspace_id].verified,
        )
        for index, (row, message, _) in enumerate(arrivals)
        if message.installation
    ]
    return devices.claim(claims=claims, now=now)


def met_of(
    arrivals: Sequence[Arrival], resolved: Resolved, installations: dict[tuple[int, str], int]
) -> Iterator[Met]:
    for index, arrival in enumerate(arrivals):
        settled, installation = arrival.message.settled, arrival.message.installation
        person = resolved.people[index] or (settled and resolved.also.get(settled.person_id))
        place = installation and (arrival.row.workspace_id, installation.id)
        if person:
            yield Met(arrival, person, installations.get(place) if place else None)


def needs(met: Sequence[Met], programs: dict[int, Program]) -> Needs:
    """What the campaigns that these events may start want to know."""
    asked = {}
    for one in met:
        message, program = one.arrival.message, programs[one.arrival.row.workspace_id]
        for campaign in program.listening(
            event_name(message), message.event_properties, message.campaign
        ):
            asked[campaign.version_id] = campaign, program
    return loading.needs_of(asked.values())


def decide(batch: Batch, met: Met) -> None:
    """One message of one person: what it says of them, the event, and what follows from it."""
    message, person = met.arrival.message, met.person
    row = batch.rows[person]
    if message.type == "identify":
        row = identify.identified(row, message)
    batch.update(identify.seen(row, message))
    batch.note(person)
    if event_name(message):
        event = event_row(met, batch)
        batch.happened(event, happening(met, event, now=batch.now))
    if message.settled and message.settled.retire:
        batch.retired[message.settled.device_id] = message.settled.reason


def event_name(message: InboxMessage) -> str:
    """The name in the log; "" for a message that is no event, such as a registration."""
    settled = message.settled
    return SETTLED_NAMES[PushState(settled.state)] if settled else message.event_name or ""


def event_row(met: Met, batch: Batch) -> EventRow:
    (row, message, digest), person, device = met
    return EventRow(
        id=log.event_id(digest),
        workspace_id=row.workspace_id,
        person_id=person,
        device_id=message.settled.device_id if message.settled else device,
        key_id=message.key_id,
        message_id=message.message_id,
        type=message.type,
        name=event_name(message),
        properties=message.event_properties,
        context={"campaign": message.campaign} if message.campaign else message.context,
        source=message.source,
        occurred_at=message.occurred_at,
        received_at=row.received_at,
        sequence=batch.number(person),
        program_version=batch.program_of(person).version,
    )


def happening(met: Met, event: EventRow, *, now: datetime) -> EventHappened | PushSettled:
    told = happened(event, decided_at=now)
    settled = met.arrival.message.settled
    if settled is None:
        return told
    return PushSettled(
        moment=settled.moment,
        push=settled.push,
        state=PushState(settled.state),
        reason=Reason(settled.reason),
        event=told,
        decided_at=now,
    )


def joins(met: Sequence[Met], programs: dict[int, Program]) -> Iterator[Join]:
    """Who did what business events will ask for."""
    for one in met:
        message, workspace_id = one.arrival.message, one.arrival.row.workspace_id
        name = event_name(message)
        for path in programs[workspace_id].joined.get(name, ()):
            digest = joined.digest(
                workspace_id=workspace_id,
                event=name,
                property=path,
                value=joined.value_at(message.event_properties, f"event.properties.{path}"),
            )
            if digest:
                yield Join(digest=digest, person_id=one.person, occurred_at=message.occurred_at)


def learn(met: Sequence[Met], *, now: datetime) -> None:
    catalogue.learn(
        seen=(
            (one.arrival.row.workspace_id, name, one.arrival.message.properties)
            for one in met
            if (name := one.arrival.message.event_name)
        ),
        now=now,
    )
