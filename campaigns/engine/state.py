"""What the deciding functions know of one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.engine.states import MomentState, PushState


@dataclass(frozen=True, kw_only=True)
class DeviceState:
    """`trouble` is a reason code when the device cannot be reached, else empty."""

    id: int
    platform: str
    facts: Mapping[str, Any]
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class MomentOfPerson:
    """A moment that is not over; `pushes` maps each of its pushes to its state."""

    id: UUID
    campaign_id: int
    campaign_key: str
    state: MomentState
    pushes: Mapping[UUID, PushState]


@dataclass(frozen=True, kw_only=True)
class PersonState:
    """A person as of one sequence number."""

    person_id: int
    sequence: int
    locale: str
    traits: Mapping[str, Any]
    first_seen_at: datetime
    devices: tuple[DeviceState, ...] = ()
    moments: Mapping[UUID, MomentOfPerson] = field(default_factory=dict)
