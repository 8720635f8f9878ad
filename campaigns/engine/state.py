"""What the deciding functions know of one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.engine.happening import EventHappened
from campaigns.engine.states import MomentState, PushState
from triggers.rules import PastEvents

Slot = tuple[int, str]  # (campaign id, key)


@dataclass(frozen=True, kw_only=True)
class DeviceState:
    """`trouble` is a reason code when the device cannot be reached, else empty."""

    id: int
    platform: str
    facts: Mapping[str, Any]
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class MomentOfPerson:
    """A moment that is not over, with the event that opened it.

    `pushes` maps each of its pushes to its state; `event` is None once the log forgot it, or
    where nobody can ask for it any more.
    """

    id: UUID
    campaign_id: int
    version_id: int
    state: MomentState
    key: str
    event: EventHappened | None
    expires_at: datetime
    chain: int
    pushes: Mapping[UUID, PushState]


@dataclass(frozen=True, kw_only=True)
class PersonState:
    """A person as of one sequence number.

    `history` has past events by name, for the names that rules ask about; `passed` is when
    moments of (campaign, key) passed their checks, by moment; `tagged` the tags of their places.
    """

    person_id: int
    sequence: int
    locale: str
    traits: Mapping[str, Any]
    first_seen_at: datetime
    time_zone: str = ""
    devices: tuple[DeviceState, ...] = ()
    moments: Mapping[UUID, MomentOfPerson] = field(default_factory=dict)
    history: Mapping[str, PastEvents] = field(default_factory=dict)
    passed: Mapping[Slot, Mapping[UUID, datetime]] = field(default_factory=dict)
    tagged: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
