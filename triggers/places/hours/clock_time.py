"""Times of the day as minutes since midnight, 00:00 to 24:00."""

import re
from typing import Any, Final

from triggers.rules.values import printable

DAY_MINUTES: Final = 24 * 60
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")


class TimeError(ValueError):
    """The sentence says what to write instead."""


def read_time(given: Any) -> int:
    """“9:00” is 09:00."""
    if not isinstance(given, str):
        shown = printable(str(given))
        raise TimeError(f"“{shown}” is no text. Write the time in quotes, such as “09:00”.")
    found = _TIME.fullmatch(given.strip())
    if found is None:
        shown = printable(given)
        raise TimeError(f"“{shown}” is no time. Write hours and minutes, such as 09:00.")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        raise TimeError(f"{found[0]} is no time of the day. Write 00:00 to 24:00.")
    return hour * 60 + minute


def write_time(minutes: int) -> str:
    """Of the next day's times, without saying so: 1,560 is 02:00."""
    if minutes > DAY_MINUTES:
        minutes -= DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"
