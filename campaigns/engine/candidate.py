"""One campaign that considers one person because of one event: what the gates look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened
from campaigns.engine.place_facts import place_facts
from campaigns.engine.state import DeviceState, PersonState
from triggers.clock import zone_of
from triggers.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """`expires_at` is when the push is no longer worth showing. `key` tells moments apart."""

    campaign: CompiledCampaign
    state: PersonState
    event: EventHappened
    key: str
    expires_at: datetime
    zone: ZoneInfo
    quiet: tuple[time, ...]
    link_schemes: frozenset[str]

    @property
    def device(self) -> DeviceState | None:
        mine = (one for one in self.state.devices if one.id == self.event.device_id)
        return next(mine, None)

    @property
    def reachable(self) -> tuple[DeviceState, ...]:
        return tuple(one for one in self.state.devices if not one.trouble)


def zone(state: PersonState, workspace_zone: str) -> ZoneInfo:
    """The person's zone, else the workspace's; an invalid one is passed over."""
    return zone_of(state.time_zone, workspace_zone).zone


def facts(
    state: PersonState,
    event: EventHappened,
    zone: ZoneInfo,
    segments: Mapping[str, Rule] | None = None,
) -> dict[str, Any]:
    """What rules may ask about."""
    device = next((one for one in state.devices if one.id == event.device_id), None)
    known: dict[str, Any] = {
        "event": {
            "name": event.name,
            "properties": event.properties,
            "context": event.context,
        },
        "person": {"traits": state.traits, "first_seen_at": state.first_seen_at},
        "history": state.history,
        "zone": zone,
        "now": event.decided_at,
        "segments": segments or {},
    }
    if device:
        known["device"] = device_facts(device)
    if event.place:
        known["place"] = place_facts(event.place, now=event.decided_at)
    return known


def words(candidate: Candidate) -> dict[str, Any]:
    """What messages may name."""
    event, device = candidate.event, candidate.device
    return {
        "person": candidate.state.traits,
        "event": {
            "name": event.name,
            "properties": event.properties,
            "occurred_at": event.occurred_at.isoformat(),
        },
        "device": device_facts(device) if device else {},
        "place": place_facts(event.place, now=event.decided_at) if event.place else {},
        "campaign": {"key": candidate.campaign.key, "name": candidate.campaign.name},
        "now": event.decided_at.isoformat(),
    }


def device_facts(device: DeviceState) -> Mapping[str, Any]:
    return {"platform": device.platform, **device.facts}
