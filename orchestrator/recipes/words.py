"""What people write and what definitions store: durations and the words of conditions."""

import re
from collections.abc import Iterable
from typing import Any, Final

from triggers.rules import OPERATORS, Operator
from triggers.rules.errors import closest
from triggers.rules.operators import OTHER_NAMES

# What a rule's span calls the unit, and the ways to write it; the first is what we write.
SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
SPELLINGS: Final = {
    "seconds": ("s", "sec", "second", "seconds"),
    "minutes": ("min", "minute", "minutes"),
    "hours": ("h", "hour", "hours"),
    "days": ("days", "day"),
}
SPAN_UNITS: Final = ("minutes", "hours", "days")
HOURS_UP_TO_S: Final = 72 * 3_600  # "72 h" reads as well as "3 days"; "96 h" does not

_UNITS: Final = {word: unit for unit, words in SPELLINGS.items() for word in words}


def _pattern(units: Iterable[str]) -> str:
    spellings = "|".join(word for unit in units for word in SPELLINGS[unit])
    return rf"^([1-9][0-9]{{0,8}}) ?({spellings})$"


DURATION: Final = _pattern(SPELLINGS)
SPAN: Final = _pattern(SPAN_UNITS)
DURATION_HELP: Final = "Write a duration such as 45 min, 24 h or 3 days."


def seconds(text: str) -> int | None:
    """ "24 h" is 86,400; None for what is no duration."""
    amount = _amount(text, DURATION)
    return amount[0] * SECONDS[amount[1]] if amount else None


def duration(seconds: int) -> str:
    """The shortest way to write it exactly: hours up to 72, whole days beyond."""
    fits = [unit for unit, size in SECONDS.items() if seconds % size == 0]
    if seconds <= HOURS_UP_TO_S:
        fits = [unit for unit in fits if unit != "days"]
    unit = fits[-1]
    return _written(seconds // SECONDS[unit], unit)


def span(text: Any) -> dict[str, Any] | None:
    """ "3 days" as a rule stores it, {"n": 3, "unit": "days"}; None for anything else."""
    amount = _amount(text, SPAN) if isinstance(text, str) else None
    return {"n": amount[0], "unit": amount[1]} if amount else None


def span_words(stored: dict[str, Any]) -> str:
    """The unit is kept: 24 hours stay "24 h", so that reading gives the same rule."""
    return _written(stored["n"], stored["unit"])


def _amount(text: str, pattern: str) -> tuple[int, str] | None:
    found = re.fullmatch(pattern, text)
    return (int(found[1]), _UNITS[found[2]]) if found else None


def _written(count: int, unit: str) -> str:
    word = "day" if unit == "days" and count == 1 else SPELLINGS[unit][0]
    return f"{count} {word}"


def ways_to_say(operator: Operator) -> tuple[str, ...]:
    """ "is at least", "at least", "at_least" and what the admin shows; the first is written."""
    spoken = operator.name.replace("_", " ")
    return tuple(dict.fromkeys((operator.words, spoken, operator.name, operator.label)))


_SAID: Final = {said: row for row in OPERATORS.values() for said in ways_to_say(row)}


def operator_said(text: str) -> Operator | None:
    return _SAID.get(text)


def closest_words(text: str) -> str | None:
    """What was probably meant by words that no operator has, or None."""
    name = OTHER_NAMES.get(text)
    near = OPERATORS[name] if name else _SAID.get(closest(text, _SAID) or "")
    return near.words if near else None
