"""FCM's errors as data: what each means for the push, the device and us.

An error that blames the token retires the device; one that blames the payload or the
credentials never does.
"""

from dataclasses import dataclass, field
from typing import Any

from campaigns.engine.states import Reason
from campaigns.push.gateway import Result, Verdict

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
INVALID_TOKEN = "registration token is not a valid"  # noqa: S105 - FCM's words, not a secret
QUOTA_PAUSE_S = 60.0  # Google: without Retry-After wait a minute
UNAVAILABLE_PAUSE_S = 10.0  # Google: at least ten seconds


@dataclass(frozen=True, kw_only=True)
class Answer:
    """FCM's error answer. `code` is FcmError's errorCode, else Google's status."""

    status: int
    code: str
    message: str = ""
    fields: tuple[str, ...] = field(default=())
    retry_after_s: float | None = None

    @property
    def blames_token(self) -> bool:
        named = any(name in {"message.token", "message.fid"} for name in self.fields)
        return named or INVALID_TOKEN in self.message


def read(status: int, body: Any, retry_after: str | None) -> Answer:
    """`body` is the decoded JSON, or None where there was none; nothing of it is certain."""
    error = _mapping(_mapping(body).get("error"))
    details = [_mapping(one) for one in _items(error.get("details"))]
    codes = [one.get("errorCode") for one in details if one.get("@type") == FCM_ERROR]
    violations = [_mapping(each) for one in details for each in _items(one.get("fieldViolations"))]
    return Answer(
        status=status,
        code=str((codes or [error.get("status")])[0] or f"HTTP_{status}"),
        message=str(error.get("message", "")),
        fields=tuple(str(each.get("field", "")) for each in violations),
        retry_after_s=_seconds(retry_after),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _seconds(retry_after: str | None) -> float | None:
    """Only the form in seconds; a date needs a clock, and Google sends seconds."""
    plain = (retry_after or "").strip()
    return float(plain) if plain.isascii() and plain.isdigit() else None


def judge(answer: Answer) -> Result:
    """What FCM's error means."""
    if answer.code == "UNREGISTERED":
        return failed(answer, Reason.UNREGISTERED, retire=True)
    if answer.status == 400:
        blames = answer.blames_token
        reason = Reason.BAD_ADDRESS if blames else Reason.REFUSED_BY_FCM
        return failed(answer, reason, retire=blames, alert=not blames)
    if answer.code == "SENDER_ID_MISMATCH":
        return failed(answer, Reason.OTHER_PROJECT, retire=True, alert=True)
    if answer.status == 429 or answer.status >= 500:
        return retry(answer, QUOTA_PAUSE_S if answer.status == 429 else UNAVAILABLE_PAUSE_S)
    ours = answer.status in {401, 403, 404}
    return failed(answer, Reason.NO_CREDENTIALS if ours else Reason.REFUSED_BY_FCM, alert=True)


def failed(answer: Answer, reason: Reason, *, retire: bool = False, alert: bool = False) -> Result:
    return Result(
        verdict=Verdict.FAILED, reason=reason, error_code=answer.code, retire=retire, alert=alert
    )


def retry(answer: Answer, pause_s: float) -> Result:
    return Result(
        verdict=Verdict.RETRY,
        error_code=answer.code,
        retry_after_s=pause_s if answer.retry_after_s is None else answer.retry_after_s,
    )
