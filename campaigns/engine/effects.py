"""What step() decides; the pipeline carries it out, apply() folds it into the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.content import Rendered
from campaigns.engine.happening import EventHappened
from campaigns.engine.program import LiveCampaign
from campaigns.engine.states import MomentState


@dataclass(frozen=True, kw_only=True)
class NewPush:
    id: UUID
    device_id: int


@dataclass(frozen=True, kw_only=True)
class OpenMoment:
    """A trigger fired. The moment is over at once (`reason` says why) or has pushes to send."""

    id: UUID
    campaign: LiveCampaign
    person_id: int
    event: EventHappened
    sequence: int
    state: MomentState
    expires_at: datetime
    trace: Mapping[str, Any]
    reason: str = ""
    detail: str = ""
    content: Rendered | None = None
    pushes: tuple[NewPush, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class EndMoment:
    id: UUID
    state: MomentState
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class SettlePush:
    """The state learns that a push is over; the row was written when FCM answered."""

    moment: UUID
    push: UUID
    state: str


Effect = OpenMoment | EndMoment | SettlePush
