"""One batch of a lane: from inbox rows to events, moments and pushes, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from audience.identities import Claim
from audience.services import devices, people
from audience.services.devices import DeviceClaim
from audience.services.people import PersonChange, PersonRow, Resolved
from campaigns.engine.apply import apply
from campaigns.engine.effects import Effect, OpenMoment, ResumeMoment
from campaigns.engine.happening import EventHappened, Happening, PushSettled
from campaigns.engine.program import Program
from campaigns.engine.state import PersonState
from campaigns.engine.states import PushState, Reason
from campaigns.engine.step import step
from campaigns.services import moments
from orchestrator.pipeline import identify, loading, settle
from orchestrator.pipeline.lanes import Row
from orchestrator.pipeline.loading import Needs
from orchestrator.pipeline.message import DECODER, InboxMessage
from orchestrator.pipeline.programs import with_versions
from triggers.services import catalogue, log
from triggers.services.log import EventRow

SETTLED_NAMES = {
    PushState.ACCEPTED: "Push Accepted",
    PushState.FAILED: "Push Failed",
    PushState.UNCONFIRMED: "Push Unconfirmed",
    PushState.DROPPED: "Push Dropped",
    PushState.CANCELLED: "Push Cancelled",
}


class Arrival(NamedTuple):
    """A message that is new, with the row it came in and its digest."""

    row: Row
    message: InboxMessage
    digest: bytes


@dataclass
class Batch:
    """What is known of the people of a batch, and what was decided so far."""

    programs: dict[int, Program]
    rows: dict[int, PersonRow]
    states: dict[int, PersonState]
    now: datetime
    events: list[EventRow] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    retired: dict[int, str] = field(default_factory=dict)

    def decide(self, arrival: Arrival, person: int, device: int | None) -> None:
        """One happening of one person: the event, what follows from it, the state after it."""
        message = arrival.message
        state = loading.numbered(self.states[person])
        if message.type == "identify":
            self.rows[person] = identify.identified(self.rows[person], message)
        self.rows[person] = identify.seen(self.rows[person], message)
        state = loading.with_person(state, self.rows[person])
        program = self.programs[arrival.row.workspace_id]
        event = event_row(arrival, person, device, state.sequence, program)
        if event:
            self.events.append(event)
            state = self.follow(state, happening(arrival, event, now=self.now), program)
        if message.settled and message.settled.retire:
            self.retired[message.settled.device_id] = message.settled.reason
        self.states[person] = state

    def follow(self, state: PersonState, happening: Happening, program: Program) -> PersonState:
        """The state after what follows from a happening."""
        for effect in step(state, happening, program):
            self.effects.append(effect)
            state = apply(state, effect)
        if isinstance(happening, EventHappened):
            state = loading.with_event(state, happening)
        return state

    @property
    def has_pushes(self) -> bool:
        fired = [one for one in self.effects if isinstance(one, OpenMoment | ResumeMoment)]
        return any(one.decision.pushes for one in fired)

    def write(self) -> None:
        if self.events:
            log.append(events=self.events, now=self.now)
        changes = [self._change(row) for row in self.rows.values() if row.id in self.states]
        if changes:
            people.write_people(changes, now=self.now)
        stopped = moments.carry_out(
            effects=self.effects,
            workspace_of={id: row.workspace_id for id, row in self.rows.items()},
            now=self.now,
        )
        settle.tell(stopped, now=self.now)
        if self.retired:
            devices.retire(reasons=self.retired, now=self.now)

    def _change(self, row: PersonRow) -> PersonChange:
        return PersonChange(
            id=row.id,
            traits=row.traits,
            trait_sources=row.trait_sources,
            locale=row.locale,
            time_zone=row.time_zone,
            sequence=self.states[row.id].sequence,
        )


def work(rows: Sequence[Row], *, programs: dict[int, Program], now: datetime) -> bool:
    """Evaluate claimed rows in the caller's transaction; whether there are pushes to send."""
    arrivals = only_new([row for row in rows if row.workspace_id in programs], now=now)
    if not arrivals:
        return False
    resolved = resolve(arrivals, now=now)
    installations = claim_devices(arrivals, resolved, programs, now=now)
    states = loading.states(resolved, needs=needs(arrivals, programs), now=now)
    programs = with_versions(programs, loading.pinned(states))
    batch = Batch(programs, resolved.rows, states, now)
    for index, arrival in enumerate(arrivals):
        person = resolved.people[index] or person_of_settled(arrival, resolved)
        installation = arrival.message.installation
        device = installation and installations.get((arrival.row.workspace_id, installation.id))
        if person:
            batch.decide(arrival, person, device or None)
    batch.write()
    learn(arrivals, now=now)
    return batch.has_pushes


def needs(arrivals: Sequence[Arrival], programs: dict[int, Program]) -> Needs:
    """What the campaigns that listen to these events want to know."""
    asked = {
        campaign.version_id: campaign
        for row, message, _ in arrivals
        for campaign in programs[row.workspace_id].listening(message.event_name or "")
    }
    return loading.needs_of(asked.values())


def only_new(rows: Sequence[Row], *, now: datetime) -> list[Arrival]:
    arrivals = []
    for row in rows:
        message = DECODER.decode(row.body)
        digest = log.digest(
            workspace_id=row.workspace_id,
            origin="flow" if message.settled else "client",
            message_id=message.message_id,
        )
        arrivals.append(Arrival(row, message, digest))
    new = log.remember(digests=[one.digest for one in arrivals], now=now) if arrivals else set()
    fresh = []
    for arrival in arrivals:
        if arrival.digest in new:
            new.discard(arrival.digest)
            fresh.append(arrival)
    return fresh


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


def person_of_settled(arrival: Arrival, resolved: Resolved) -> int | None:
    settled = arrival.message.settled
    return resolved.also.get(settled.person_id) if settled else None


def event_row(
    arrival: Arrival, person: int, device: int | None, sequence: int, program: Program
) -> EventRow | None:
    """None for a message that is no event, such as a device's registration."""
    row, message, digest = arrival
    settled = message.settled
    name = SETTLED_NAMES[PushState(settled.state)] if settled else message.event_name
    if name is None:
        return None
    return EventRow(
        id=log.event_id(digest),
        workspace_id=row.workspace_id,
        person_id=person,
        device_id=settled.device_id if settled else device,
        key_id=message.key_id,
        message_id=message.message_id,
        type=message.type,
        name=name,
        properties=message.traits if message.type == "identify" else message.properties,
        context=message.context,
        source=message.source,
        occurred_at=message.occurred_at,
        received_at=row.received_at,
        sequence=sequence,
        program_version=program.version,
    )


def happening(arrival: Arrival, event: EventRow, *, now: datetime) -> Happening:
    settled = arrival.message.settled
    if settled:
        return PushSettled(
            moment=settled.moment,
            push=settled.push,
            state=PushState(settled.state),
            reason=Reason(settled.reason),
            decided_at=now,
        )
    return EventHappened(
        event_id=event.id,
        message_id=event.message_id,
        name=event.name,
        properties=event.properties,
        context=event.context,
        device_id=event.device_id,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        decided_at=now,
    )


def learn(arrivals: Sequence[Arrival], *, now: datetime) -> None:
    catalogue.learn(
        seen=(
            (one.row.workspace_id, one.message.event_name, one.message.properties)
            for one in arrivals
            if one.message.event_name
        ),
        now=now,
    )
