"""Folding a person's happenings again: the same step() and apply(), from the first number on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from campaigns.engine.apply import apply
from campaigns.engine.effects import Decision, Effect, EndMoment, OpenMoment, ResumeMoment
from campaigns.engine.happening import EventHappened, Happening, MomentDue, PushSettled
from campaigns.engine.knowledge import Knowledge, informed
from campaigns.engine.program import Program
from campaigns.engine.state import PersonState
from campaigns.engine.states import MomentState
from campaigns.engine.step import step
from triggers.rules import PastEvent, PastEvents

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class MomentRecord:
    """What a moment's row says, as far as decisions make it."""

    id: UUID
    campaign_id: int
    version_id: int
    person_id: int
    event_id: int
    key: str
    occurrence: str
    state: str
    reason: str
    detail: str
    trace: Mapping[str, Any]
    content: Any
    due_at: datetime | None
    passed_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    sequence: int
    chain: int


@dataclass
class Folded:
    """One person so far. `past` has every event by name, `absorbed` who became part of them."""

    state: PersonState
    past: dict[str, list[PastEvent]] = field(default_factory=dict)
    records: dict[UUID, MomentRecord] = field(default_factory=dict)
    absorbed: set[int] = field(default_factory=set)

    def know(self, known: Knowledge) -> None:
        self.state = informed(self.state, known)

    def absorb(self, other: "Folded") -> None:
        """Another person turned out to be this one: all theirs is part of it."""
        self.absorbed |= other.absorbed | {other.state.person_id}
        for name, events in other.past.items():
            self.past.setdefault(name, []).extend(events)
        self.records |= other.records
        passed = {slot: dict(times) for slot, times in self.state.passed.items()}
        for slot, times in other.state.passed.items():
            passed.setdefault(slot, {}).update(times)
        moments = {**other.state.moments, **self.state.moments}
        tagged = {**other.state.tagged, **self.state.tagged}
        self.state = replace(self.state, passed=passed, moments=moments, tagged=tagged)

    def follow(self, happening: Happening, program: Program, *, sequence: int, limit: int) -> None:
        """One happening by its number; at most `limit` past events of a name are known."""
        asked = names_asked(happening, self.state, program)
        state = replace(
            self.state,
            sequence=sequence,
            history={name: recent(self.past.get(name, ()), limit) for name in asked},
        )
        for effect in step(state, happening, program):
            state = apply(state, effect)
            self.note(effect)
        self.state = state
        event = event_of(happening)
        if event:
            self.past.setdefault(event.name, []).append(as_past(event))

    def note(self, effect: Effect) -> None:
        """What the effect makes of the moment's row; the first opening of an id is the one."""
        if isinstance(effect, OpenMoment):
            self.records.setdefault(effect.id, opened(effect))
        elif isinstance(effect, ResumeMoment):
            self.records[effect.id] = resumed(self.records[effect.id], effect)
        elif isinstance(effect, EndMoment) and effect.id in self.records:
            self.records[effect.id] = ended(self.records[effect.id], effect)


def blank(person_id: int) -> Folded:
    state = PersonState(person_id=person_id, sequence=0, locale="", traits={}, first_seen_at=NEVER)
    return Folded(state=state)


def names_asked(happening: Happening, state: PersonState, program: Program) -> set[str]:
    """The past events that a decision about this happening may ask for."""
    if isinstance(happening, MomentDue):
        moment = state.moments.get(happening.moment)
        version = moment and program.version_of(moment.campaign_id, moment.version_id)
        return set(program.history_of(version)) if version else set()
    event = event_of(happening)
    listening = program.interested(event.name, event.campaign) if event else ()
    return {name for campaign in listening for name in program.history_of(campaign)}


def event_of(happening: Happening) -> EventHappened | None:
    if isinstance(happening, PushSettled):
        return happening.event
    return happening if isinstance(happening, EventHappened) else None


def recent(events: Iterable[PastEvent], limit: int) -> PastEvents:
    newest = sorted(events, key=lambda one: (one.occurred_at, one.message_id), reverse=True)
    return PastEvents(events=tuple(newest[:limit]), complete=len(newest) <= limit)


def as_past(event: EventHappened) -> PastEvent:
    return PastEvent(
        name=event.name,
        properties=dict(event.properties),
        context=dict(event.context),
        occurred_at=event.occurred_at,
        message_id=event.message_id,
    )


def opened(effect: OpenMoment) -> MomentRecord:
    event, decision = effect.event, effect.decision
    return MomentRecord(
        id=effect.id,
        campaign_id=effect.campaign.id,
        version_id=effect.campaign.version_id,
        person_id=effect.person_id,
        event_id=event.event_id,
        key=effect.key,
        occurrence=event.message_id,
        due_at=decision.due_at,
        expires_at=effect.expires_at,
        sequence=effect.sequence,
        chain=event.chain,
        **decided(decision, event.decided_at),
    )


def resumed(record: MomentRecord, effect: ResumeMoment) -> MomentRecord:
    version = effect.campaign.version_id
    return replace(record, version_id=version, **decided(effect.decision, effect.decided_at))


def ended(record: MomentRecord, effect: EndMoment) -> MomentRecord:
    if record.ended_at:
        return record
    return replace(
        record,
        state=effect.state.value,
        reason=str(effect.reason),
        detail=effect.detail,
        ended_at=effect.ended_at,
    )


def decided(decision: Decision, at: datetime) -> dict[str, Any]:
    return {
        "state": decision.state.value,
        "reason": str(decision.reason),
        "detail": decision.detail,
        "trace": decision.trace,
        "content": decision.content,
        "passed_at": at if decision.state is MomentState.PUSHING else None,
        "ended_at": at if decision.state.is_end else None,
    }
