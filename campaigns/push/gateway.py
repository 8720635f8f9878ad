"""What dispatch needs of whatever delivers pushes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from campaigns.engine.states import Reason


class Verdict(StrEnum):
    """What to do with a push after one try."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    AMBIGUOUS = "ambiguous"  # FCM may have it: not the same as retry
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One push, ready to go. `ttl_s` and `expires_epoch` say how long it is worth showing."""

    push_id: UUID
    moment_id: UUID
    workspace_key: str
    campaign_key: str
    platform: str
    address_kind: str
    address: str
    title: str
    body: str
    deep_link: str
    ttl_s: int
    expires_epoch: int
    attempts: int
    resent: bool


@dataclass(frozen=True, kw_only=True)
class Result:
    """`retire` says that the error blames the device's address, not us."""

    verdict: Verdict
    reason: Reason | None = None
    fcm_name: str = ""
    error_code: str = ""
    retry_after_s: float | None = None
    retire: bool = False
    alert: bool = False


class Gateway(Protocol):
    """Sends in the background; `done` is called once a push, from any thread."""

    def send(self, push: Outgoing, done: Callable[[Outgoing, Result], None]) -> None: ...

    def close(self) -> None: ...
