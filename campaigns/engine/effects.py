"""What step() decides; the pipeline carries it out, apply() folds it into the state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.content import Rendered
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened
from campaigns.engine.states import MomentState


@dataclass(frozen=True, kw_only=True)
class NewPush:
    id: UUID
    device_id: int


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the checks led to: an end with its reason, a wait, or pushes to send."""

    state: MomentState
    trace: Mapping[str, Any]
    reason: str = ""
    detail: str = ""
    due_at: datetime | None = None
    content: Rendered | None = None
    pushes: tuple[NewPush, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenMoment:
    """A trigger fired."""

    id: UUID
    campaign: CompiledCampaign
    person_id: int
    key: str
    event: EventHappened
    sequence: int
    expires_at: datetime
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class ResumeMoment:
    """A wait is over, and the checks were made again."""

    id: UUID
    campaign: CompiledCampaign
    person_id: int
    key: str
    expires_at: datetime
    decided_at: datetime
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class EndMoment:
    id: UUID
    state: MomentState
    reason: str
    ended_at: datetime
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelPushes:
    """Pushes of this moment that have not gone yet must not go; it ends when they have ended."""

    moment: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class SettlePush:
    """The state learns that a push is over; the row was written when FCM answered."""

    moment: UUID
    push: UUID
    state: str


Effect = OpenMoment | ResumeMoment | EndMoment | CancelPushes | SettlePush
