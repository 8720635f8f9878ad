"""When a message occurred, corrected for the phone's clock."""

from datetime import UTC, datetime
from typing import Any

MAX_TEXT = 40


class BadTime(ValueError):
    """A time that is neither ISO 8601 nor absent."""


def parsed(value: Any) -> datetime | None:
    """None for an absent time; a time without a zone is UTC."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise BadTime(f"Not a time: {str(value)[:MAX_TEXT]}")
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadTime(f"Not a time: {value}") from error


def corrected(*, occurred: datetime | None, sent: datetime | None, received: datetime) -> datetime:
    """`occurred + (received - sent)`: both were read off the same wrong clock. Never later than
    `received`."""
    if occurred is None:
        return received
    try:
        moment = occurred + (received - sent) if sent else occurred
    except OverflowError:
        moment = occurred
    return min(moment, received)
