"""Loading PersonState for a whole batch, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from audience.addresses import reachability
from audience.selectors.people import DeviceOfPerson, devices_of
from audience.services.people import PersonRow, Resolved, aliases
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened, Happening, MomentDue
from campaigns.engine.hearing import PLACE
from campaigns.engine.program import Program
from campaigns.engine.state import DeviceState, PersonState
from campaigns.engine.states import Reason
from campaigns.selectors import moments
from triggers.rules import PastEvent, PastEvents
from triggers.selectors.history import LIMIT, past_events


@dataclass(frozen=True)
class Needs:
    """What the campaigns that will be asked want to know beside the person."""

    names: frozenset[str] = frozenset()
    limited: frozenset[int] = frozenset()


Asked = Iterable[tuple[CompiledCampaign, Program]]


def needs_of(campaigns: Asked) -> Needs:
    """What these campaigns, each with its workspace's Program, want to know."""
    pairs = list(campaigns)
    asked = [campaign for campaign, _ in pairs]
    return Needs(
        names=frozenset(name for one, program in pairs for name in program.history_of(one)),
        limited=frozenset(
            one.id
            for one in asked
            if one.definition.trigger.re_entry.mode != "always" or one.hearing.key == PLACE
        ),
    )


def states(resolved: Resolved, *, needs: Needs, now: datetime) -> dict[int, PersonState]:
    """The state of each locked person who stays canonical."""
    rows = [row for row in resolved.rows.values() if row.id not in resolved.merged]
    canonical = [row.id for row in rows]
    people = aliases(resolved)
    open_moments = moments.open_of(people=people, now=now)
    history = past_events(people=people, names=sorted(needs.names))
    passed = moments.passed_by(people=people, campaigns=sorted(needs.limited))
    devices: dict[int, list[DeviceState]] = {}
    for device in devices_of(people=canonical):
        devices.setdefault(device.person_id, []).append(as_state(device))
    return {
        row.id: PersonState(
            person_id=row.id,
            sequence=row.sequence,
            locale=row.locale,
            traits=row.traits,
            first_seen_at=row.first_seen_at,
            time_zone=row.time_zone,
            devices=tuple(devices.get(row.id, ())),
            moments=open_moments.get(row.id, {}),
            history=history.get(row.id, {}),
            passed=passed[row.id].slots if row.id in passed else {},
            tagged=passed[row.id].tagged if row.id in passed else {},
        )
        for row in rows
    }


def as_state(device: DeviceOfPerson) -> DeviceState:
    trouble = reachability(
        platform=device.platform,
        kind=device.address_kind,
        address=device.address,
        permission=device.push_permission,
    ).reason
    return DeviceState(
        id=device.id,
        platform=device.platform,
        facts=device.facts,
        trouble=Reason.DEVICE_RETIRED if device.retired else trouble,
    )


def numbered(state: PersonState) -> PersonState:
    """The state at the next happening."""
    return replace(state, sequence=state.sequence + 1)


def with_person(state: PersonState, row: PersonRow) -> PersonState:
    """The state with what a message said of the person."""
    return replace(state, traits=row.traits, locale=row.locale, time_zone=row.time_zone)


def remembering(state: PersonState, happening: Happening) -> PersonState:
    """The state in which an event has become the past, if anybody asks for its name."""
    if isinstance(happening, MomentDue):
        return state
    return with_event(state, happening if isinstance(happening, EventHappened) else happening.event)


def with_event(state: PersonState, event: EventHappened) -> PersonState:
    past = state.history.get(event.name)
    if past is None:
        return state
    happened = PastEvent(
        name=event.name,
        properties=dict(event.properties),
        context=dict(event.context),
        occurred_at=event.occurred_at,
        message_id=event.message_id,
    )
    return replace(state, history={**state.history, event.name: among(past, happened)})


def among(past: PastEvents, event: PastEvent) -> PastEvents:
    events = sorted(
        (*past.events, event), key=lambda one: (one.occurred_at, one.message_id), reverse=True
    )
    return PastEvents(events=tuple(events[:LIMIT]), complete=past.complete and len(events) <= LIMIT)


def pinned(states: Mapping[int, PersonState]) -> set[int]:
    """The versions that open moments of these people belong to."""
    return {moment.version_id for state in states.values() for moment in state.moments.values()}
