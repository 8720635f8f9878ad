"""Loading PersonState for a whole batch, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import replace

from audience.addresses import reachability
from audience.selectors.people import DeviceOfPerson, devices_of
from audience.services.people import PersonRow, Resolved
from campaigns.engine.state import DeviceState, PersonState
from campaigns.engine.states import Reason
from campaigns.selectors import moments
from orchestrator.pipeline.message import Settled


def states(resolved: Resolved, *, settled: Iterable[Settled | None]) -> dict[int, PersonState]:
    """The state of each locked person who stays canonical."""
    wanted = {one.moment: resolved.also.get(one.person_id) for one in settled if one}
    open_moments = moments.with_pushes(ids=list(wanted))
    devices: dict[int, list[DeviceState]] = {}
    for device in devices_of(people=sorted(resolved.rows)):
        devices.setdefault(device.person_id, []).append(as_state(device))
    return {
        row.id: PersonState(
            person_id=row.id,
            sequence=row.sequence,
            locale=row.locale,
            traits=row.traits,
            first_seen_at=row.first_seen_at,
            devices=tuple(devices.get(row.id, ())),
            moments={id: one for id, one in open_moments.items() if wanted[id] == row.id},
        )
        for row in resolved.rows.values()
        if row.id not in resolved.merged
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


def with_traits(state: PersonState, row: PersonRow) -> PersonState:
    return replace(state, traits=row.traits)


def with_locale(state: PersonState, row: PersonRow) -> PersonState:
    return replace(state, locale=row.locale) if row.locale != state.locale else state
