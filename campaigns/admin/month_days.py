"""Days of a month as people write them: 1, 15, last day; or first Monday, last Friday."""

import re

from triggers.clock.rule_text import WEEKDAYS, Repeat
from triggers.clock.sentence import DAY_NAMES

NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
SUGGESTED = ("1", "15", "last day", "1, 15", "first Monday", "last Friday")
NO_DAYS = "Write days such as 1, 15 or last day; or first Monday, last Friday."
MIXED = "Write either days such as 1 and 15, or weekdays such as first Monday, not both."
_DATE = re.compile(r"(0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?")
_LAST_DAY = re.compile(r"last(?: day)?")
_WEEKDAY = re.compile(rf"({'|'.join(NTH)}) ({'|'.join(DAY_NAMES)})", re.IGNORECASE)


class MonthDaysError(ValueError):
    """The text names no days of a month. Its own text says what to write."""


def rule_part(text: str) -> str:
    """BYMONTHDAY=1,15,-1 or BYDAY=1MO. Raises MonthDaysError."""
    words = [word.strip() for word in re.split(r",| and ", text.lower()) if word.strip()]
    dates = [found for word in words if (found := _date(word)) is not None]
    weekdays = [named for word in words if (named := _weekday(word)) is not None]
    if not words or len(dates) + len(weekdays) < len(words):
        raise MonthDaysError(NO_DAYS)
    if dates and weekdays:
        raise MonthDaysError(MIXED)
    if dates:
        return f"BYMONTHDAY={','.join(map(str, dates))}"
    return f"BYDAY={','.join(weekdays)}"


def in_text(repeat: Repeat) -> str | None:
    """The way back; None for days that have no such words."""
    dates = [_date_text(day) for day in repeat.month_days]
    weekdays = [_weekday_text(nth, day) for nth, day in repeat.days]
    words = [*dates, *weekdays]
    if "" in words or not words or (dates and weekdays):
        return None
    return ", ".join(words)


def _date(word: str) -> int | None:
    if _LAST_DAY.fullmatch(word):
        return -1
    found = _DATE.fullmatch(word)
    return int(found[1]) if found else None


def _weekday(word: str) -> str | None:
    found = _WEEKDAY.fullmatch(word)
    if not found:
        return None
    names = [name.lower() for name in DAY_NAMES]
    return f"{NTH[found[1]]}{WEEKDAYS[names.index(found[2])]}"


def _date_text(day: int) -> str:
    if day == -1:
        return "last day"
    return str(day) if day > 0 else ""


def _weekday_text(nth: int, day: int) -> str:
    word = next((word for word, number in NTH.items() if number == nth), "")
    return f"{word} {DAY_NAMES[day]}" if word else ""
