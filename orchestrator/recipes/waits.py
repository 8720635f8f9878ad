"""How long a moment waits, in the file's words: "45 min", or "next Monday at 09:00"."""

import re
from typing import Final

from orchestrator.recipes import words
from orchestrator.recipes.words import DURATION
from triggers.clock import Elapsed, Wait, WallClock
from triggers.clock.sentence import DAY_NAMES

_COUNT: Final = "[1-9][0-9]{0,2}"
_WEEKDAY: Final = f"(?:{'|'.join(DAY_NAMES)})"
_DAYS: Final = (
    "next day ",
    f"in {_COUNT} days? ",
    f"(?:next )?{_WEEKDAY} ",
    f"in at least {_COUNT} days? on {_WEEKDAY} ",
)
WALL_CLOCK: Final = f"^(?:{'|'.join(_DAYS)})?at (?:[01][0-9]|2[0-3]):[0-5][0-9]$"
WAIT: Final = f"{DURATION}|{WALL_CLOCK}"
WAIT_HELP: Final = (
    "Write a duration such as 45 min, or a time such as next day at 09:00, in 3 days at 09:00 or"
    " next Monday at 09:00."
)


def read(text: str) -> Wait | None:
    """None for what is no wait. Longer than a year is left to the definition's own checks."""
    seconds = words.seconds(text)
    if seconds is not None:
        return Elapsed(seconds)
    return _wall_clock(text.split()) if re.fullmatch(WALL_CLOCK, text) else None


def _wall_clock(said: list[str]) -> WallClock:
    counts = [int(word) for word in said if word.isdigit()]
    weekdays = [DAY_NAMES.index(word) for word in said if word in DAY_NAMES]
    return WallClock(
        days=counts[0] if counts else int(said[0] == "next"),
        at=said[-1],
        weekday=weekdays[0] if weekdays else None,
    )


def write(wait: Wait) -> str:
    """Reads back to the same wait."""
    if isinstance(wait, Elapsed):
        return words.duration(wait.seconds)
    return f"{_day(wait)}at {wait.at}"


def _day(wait: WallClock) -> str:
    if wait.weekday is None:
        return {0: "", 1: "next day "}.get(wait.days, f"in {wait.days} days ")
    name = DAY_NAMES[wait.weekday]
    near = {0: f"{name} ", 1: f"next {name} "}
    return near.get(wait.days, f"in at least {wait.days} days on {name} ")
