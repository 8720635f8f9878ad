"""What one cell says: a time, a number, or text."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from triggers.clock import local_instant

MAX_TIME = 40
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?\Z")
DAY_FIRST = re.compile(
    r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?:[T ,]\s*(\d{1,2}):(\d\d)(?::(\d\d))?)?\Z", re.ASCII
)
# No leading zero, no plus, no more digits than a number keeps: such as 0612… stay text.
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?\Z", re.ASCII)


class BadTime(ValueError):
    """A cell that is no time."""


def time(text: str, zone: ZoneInfo) -> datetime:
    """UTC. A time without a zone is read off the clocks of `zone`; a day alone is its start."""
    try:
        found = _instant(_parsed(text[: MAX_TIME + 1]), zone)
    except (ValueError, OverflowError) as error:
        raise BadTime(text[:MAX_TIME]) from error
    if found < EARLIEST:
        raise BadTime(text[:MAX_TIME])
    return found


def _instant(found: datetime, zone: ZoneInfo) -> datetime:
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return local_instant(found.date(), found.time(), zone)


def _parsed(text: str) -> datetime:
    if len(text) <= MAX_TIME and ISO.match(text):
        return datetime.fromisoformat(text)
    found = DAY_FIRST.match(text)
    if found is None:
        raise ValueError("no form of a time that we know")
    day, _, month, year, hour, minute, second = found.groups(default="0")
    return datetime(*map(int, (year, month, day, hour, minute, second)))  # type: ignore[arg-type]  # noqa: DTZ001 - the caller's zone


def is_number(text: str) -> bool:
    return NUMBER.match(text) is not None


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
