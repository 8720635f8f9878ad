"""What can happen to a person; the input of step()."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.engine.states import PushState, Reason


@dataclass(frozen=True, kw_only=True)
class EventHappened:
    """An event of the log. `occurred_at` is corrected for the phone's clock.

    `campaign` is the key of the one campaign it calls, else "". `chain` is how many messages led
    to it. `place` is, for a crossing, the place as it was then.
    """

    event_id: int
    message_id: str
    name: str
    properties: Mapping[str, Any]
    context: Mapping[str, Any]
    device_id: int | None
    occurred_at: datetime
    received_at: datetime
    decided_at: datetime
    source: str = "public"
    campaign: str = ""
    chain: int = 0
    place: Mapping[str, Any] | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """When it happened, told apart from what happened in the same instant."""
        return (self.occurred_at, self.message_id)


@dataclass(frozen=True, kw_only=True)
class MomentDue:
    """A moment's wait is over."""

    moment: UUID
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PushSettled:
    """A push came to its end; `event` is how the log tells it."""

    moment: UUID
    push: UUID
    state: PushState
    reason: Reason
    event: EventHappened
    decided_at: datetime


Happening = EventHappened | MomentDue | PushSettled
