"""The JSON that a brand's server posts, read as a whole: what is wrong with it is one 400."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from orchestrator.api import envelope, times
from orchestrator.api.errors import ApiError
from orchestrator.api.fields import Fault
from orchestrator.api.intake import MAX_MESSAGE, section
from orchestrator.api.values import Cleaner, ValueTooBig


def document(raw: bytes) -> dict[str, Any]:
    """Raises ApiError 400."""
    try:
        posted = envelope.message(raw)
    except ValueError as error:
        raise ApiError(400, "invalid_json", str(error)[:200], "Check the JSON") from error
    if not isinstance(posted, dict):
        raise ApiError(400, "invalid_json", "The body is not a JSON object", "Check the JSON")
    return posted


@contextmanager
def refusing_all() -> Iterator[None]:
    """A Fault in here is a fault of the whole request."""
    try:
        yield
    except Fault as fault:
        raise ApiError(400, fault.code, fault.message, fault.fix) from fault


def occurred_at(posted: dict[str, Any], *, now: datetime) -> datetime:
    """`now` where no time is given; never later. Raises Fault."""
    try:
        occurred = times.parsed(posted.get("occurred_at"))
    except times.BadTime as error:
        raise Fault(
            "invalid_time", str(error), "Send ISO 8601, such as 2026-11-21T09:30:00Z"
        ) from error
    return times.corrected(occurred=occurred, sent=None, received=now)


def properties(posted: dict[str, Any], *, beside: int = 0) -> dict[str, Any]:
    """Cleaned; `beside` is the size of what the message holds besides. Raises Fault."""
    found = cleaned(section(posted, "properties"))
    if len(msgspec.json.encode(found)) + beside > MAX_MESSAGE:
        raise Fault(
            "message_too_large", f"All properties of one message are at most {MAX_MESSAGE:,} bytes",
            "Send fewer or shorter values",
        )  # fmt: skip
    return found


def cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """Raises Fault."""
    try:
        return Cleaner().clean(values)
    except ValueTooBig as error:
        raise Fault("too_much", str(error), "Send fewer values") from error
