"""Reads the text of a recurrence rule: the daily and slower part of RFC 5545's RRULE."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_TEXT: Final = 500
LONGEST_INTERVAL: Final = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 24, "YEARLY": 10}
OF_A_MONTH: Final = ("MONTHLY", "YEARLY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A rule that was read. Empty means "not said".

    days: pairs of (n, weekday); Monday is 0; n = 0 is every one, -1 the last of the month or year.
    month_days: -1 is the last day. positions: which of the days that fit count, -1 the last.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


@lru_cache(maxsize=512)
def read_rule(text: str) -> tuple[Repeat | None, tuple[str, ...]]:
    """The rule, or None and what is wrong with the text, in sentences."""
    if len(text) > LONGEST_TEXT:
        return None, (f"The rule is longer than {LONGEST_TEXT} characters. Write a shorter one.",)
    parts, problems = _parts(text.upper().removeprefix("RRULE:"))
    if "FREQ" not in parts and not problems:
        problems = [_PARTS["FREQ"].help]
    if problems:
        return None, tuple(problems)
    repeat = Repeat(**{_PARTS[name].field: _PARTS[name].read(parts[name]) for name in parts})
    problems = _contradictions(repeat)
    return (None, tuple(problems)) if problems else (repeat, ())


def _parts(text: str) -> tuple[dict[str, str], list[str]]:
    parts: dict[str, str] = {}
    problems: list[str] = []
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        problem = _problem_of(name, value, parts)
        if problem is None:
            parts[name] = value
        elif problem not in problems:
            problems.append(problem)
    return parts, problems


def _problem_of(name: str, value: str, before: dict[str, str]) -> str | None:
    part = _PARTS.get(name)
    if part is None:
        return _NOT_OURS.get(name, _GARBAGE)
    if name in before:
        return f"{name} is there twice. Leave one of them out."
    return None if _fits(part, value) else part.help


def _fits(part: "_Part", value: str) -> bool:
    if not re.fullmatch(part.pattern, value):
        return False
    try:
        part.read(value)
    except ValueError:  # a day such as 31 June
        return False
    return True


def _contradictions(repeat: Repeat) -> list[str]:
    by_month = repeat.frequency in OF_A_MONTH
    longest = LONGEST_INTERVAL[repeat.frequency]
    found = {
        "COUNT and UNTIL both end the rule. Leave one of them out.": (
            repeat.count is not None and repeat.until is not None
        ),
        f"With FREQ={repeat.frequency}, INTERVAL goes up to {longest}.": (
            repeat.interval > longest
        ),
        "“First” or “last” weekdays, such as 1MO, need FREQ=MONTHLY or FREQ=YEARLY.": (
            not by_month and any(nth for nth, _ in repeat.days)
        ),
        "With FREQ=WEEKLY, say the days by BYDAY; BYMONTHDAY needs FREQ=MONTHLY.": (
            repeat.frequency == "WEEKLY" and bool(repeat.month_days)
        ),
        "BYSETPOS chooses among days: it needs FREQ=MONTHLY or FREQ=YEARLY, and BYDAY.": (
            bool(repeat.positions) and not (by_month and (repeat.days or repeat.month_days))
        ),
    }
    return [problem for problem, present in found.items() if present]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(word) for word in text.split(",")}))


def _days(text: str) -> tuple[tuple[int, int], ...]:
    days = {(int(word[:-2] or 0), WEEKDAYS.index(word[-2:])) for word in text.split(",")}
    return tuple(sorted(days))


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


class _Part(NamedTuple):
    """pattern: all that is allowed, ranges included, so that `read` meets nothing odd."""

    field: str
    pattern: str
    read: Callable[[str], Any]
    help: str


def _list_of(item: str) -> str:
    return f"(?:{item})(?:,(?:{item}))*"


_DAY: Final = "|".join(WEEKDAYS)
_NTH: Final = "(?:[+-]?0?[1-9]|[+-]?[1-4][0-9]|[+-]?5[0-3])"
_PARTS: Final = {
    "FREQ": _Part(
        "frequency",
        "DAILY|WEEKLY|MONTHLY|YEARLY",
        str,
        "A schedule runs daily or slower: choose FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.",
    ),
    "INTERVAL": _Part(
        "interval", "[1-9][0-9]{0,2}", int, "INTERVAL is a whole number from 1, such as INTERVAL=2."
    ),
    "COUNT": _Part("count", "[1-9][0-9]{0,2}", int, "COUNT is a whole number from 1 to 999."),
    "UNTIL": _Part(
        "until", "[0-9]{8}", _date, "UNTIL is the last day, year first, such as UNTIL=20261231."
    ),
    "BYDAY": _Part(
        "days",
        _list_of(f"{_NTH}?(?:{_DAY})"),
        _days,
        "BYDAY lists days of the week, such as BYDAY=MO,TH, or 1MO for the first Monday.",
    ),
    "BYMONTHDAY": _Part(
        "month_days",
        _list_of("[+-]?(?:0?[1-9]|[12][0-9]|3[01])"),
        _numbers,
        "BYMONTHDAY lists days from 1 to 31; -1 is the month's last day.",
    ),
    "BYMONTH": _Part(
        "months", _list_of("0?[1-9]|1[0-2]"), _numbers, "BYMONTH lists months from 1 to 12."
    ),
    "BYSETPOS": _Part(
        "positions",
        _list_of("[+-]?[1-9][0-9]{0,2}"),
        _numbers,
        "BYSETPOS is a number from 1, or -1 for the last, such as BYSETPOS=-1.",
    ),
    "WKST": _Part("week_start", _DAY, WEEKDAYS.index, "WKST is a day of the week, such as MO."),
}
_GARBAGE: Final = (
    "This is no recurrence rule. Write one such as FREQ=WEEKLY;BYDAY=MO, with a ; between parts."
)
_ONE_TIME: Final = "The time of day is a field of its own: leave BYHOUR, BYMINUTE and BYSECOND out."
_BY_MONTH: Final = "BYWEEKNO, BYYEARDAY and BYEASTER are not known here. Use BYMONTH and BYDAY."
_NOT_OURS: Final = {
    **dict.fromkeys(("BYHOUR", "BYMINUTE", "BYSECOND"), _ONE_TIME),
    **dict.fromkeys(("BYWEEKNO", "BYYEARDAY", "BYEASTER"), _BY_MONTH),
}
