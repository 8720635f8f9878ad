"""Opening hours as a JSON document.

{"weekly": {"mon": [["09:00", "18:00"]], "fri": [["09:00", "12:00"], ["13:00", "02:00"]]},
 "closed": ["2026-12-25"], "special": {"2026-12-24": [["09:00", "16:00"]]}}

A closing time at or before the opening one is the next day's. A day that is missing is closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final, NamedTuple

from triggers.places.hours.clock_time import DAY_MINUTES, TimeError, read_time, write_time
from triggers.rules.errors import closest
from triggers.rules.values import printable

MAX_INTERVALS: Final = 6
MAX_DATES: Final = 400
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS: Final = ("weekly", "closed", "special")
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Path = tuple[str | int, ...]


class HoursError(ValueError):
    """path: the keys and indexes to the bad place. message: what is wrong and what to do."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


class Interval(NamedTuple):
    """Minutes since the midnight that begins its day; closes is up to 24 hours after opens."""

    opens: int
    closes: int


Intervals = tuple[Interval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """weekly: seven days, Monday first. dates: those that differ; () is closed all day."""

    weekly: tuple[Intervals, ...]
    dates: Mapping[date, Intervals]


def read(document: Any) -> Hours | None:
    """None, of a place that never closes, stays None. HoursError as check() has it."""
    return None if document is None else check(document)


def check(document: Any) -> Hours:
    """HoursError says what is wrong first, from the top."""
    fields = _object(document, (), f"Write opening hours as an object with {_listed(KEYS)}.")
    for key in fields:
        if key not in KEYS:
            raise HoursError((str(key),), _unknown(key, KEYS, "part of opening hours"))
    if "weekly" not in fields:
        raise HoursError(("weekly",), "Say which days it is open, such as {“mon”: …}.")
    closed = _closed(fields.get("closed", []))
    special = _special(fields.get("special", {}))
    if len(closed) + len(special) > MAX_DATES:
        raise HoursError((), f"Keep at most {MAX_DATES} dates. Remove those that have passed.")
    if both := closed.keys() & special.keys():
        day = min(both).isoformat()
        raise HoursError(("special", day), f"{day} is closed, too. Keep one of the two.")
    return Hours(weekly=_weekly(fields["weekly"]), dates=closed | special)


def write(hours: Hours) -> dict[str, Any]:
    """The document, with every time as 09:00; check() of it gives the same hours."""
    weekly = zip(DAYS, hours.weekly, strict=True)
    dates = sorted(hours.dates.items())
    return {
        "weekly": {day: _written(intervals) for day, intervals in weekly if intervals},
        "closed": [day.isoformat() for day, intervals in dates if not intervals],
        "special": {day.isoformat(): _written(those) for day, those in dates if those},
    }


def _written(intervals: Intervals) -> list[list[str]]:
    return [[write_time(opens), write_time(closes)] for opens, closes in intervals]


def _weekly(given: Any) -> tuple[Intervals, ...]:
    week = _object(given, ("weekly",), f"Write the days as an object with {_listed(DAYS)}.")
    for day in week:
        if day not in DAYS:
            raise HoursError(("weekly", str(day)), _unknown(day, DAYS, "day"))
    return tuple(_intervals(week.get(day, []), ("weekly", day)) for day in DAYS)


def _closed(given: Any) -> dict[date, Intervals]:
    dates = _list(given, ("closed",), "Write a list of dates, such as [“2026-12-25”].")
    return {_date(day, ("closed", at)): () for at, day in enumerate(dates)}


def _special(given: Any) -> dict[date, Intervals]:
    hint = "Write dates with their times, such as {“2026-12-24”: [[“09:00”, “16:00”]]}."
    dates = _object(given, ("special",), hint)
    return {
        _date(day, ("special", str(day))): _intervals(those, ("special", str(day)))
        for day, those in dates.items()
    }


def _intervals(given: Any, path: Path) -> Intervals:
    hint = "Write a list of times, such as [[“09:00”, “18:00”]], or [] for closed."
    several = _list(given, path, hint)
    if len(several) > MAX_INTERVALS:
        raise HoursError(path, f"A day has at most {MAX_INTERVALS} openings.")
    read = [_interval(one, (*path, at)) for at, one in enumerate(several)]
    ordered = sorted(read)
    for early, late in pairwise(ordered):
        if late.opens < early.closes:
            at = max(read.index(early), len(read) - 1 - read[::-1].index(late))
            raise HoursError((*path, at), _overlap(early, late))
    return tuple(ordered)


def _interval(given: Any, path: Path) -> Interval:
    if not isinstance(given, list | tuple) or len(given) != 2:
        hint = "Write an opening and a closing time, such as [“09:00”, “18:00”]."
        raise HoursError(path, hint)
    try:
        opens, closes = (read_time(text) for text in given)
    except TimeError as error:
        raise HoursError(path, str(error)) from error
    if opens == DAY_MINUTES:
        raise HoursError(path, "24:00 can only be a closing time. Open at 00:00 of the next day.")
    return Interval(opens, closes if closes > opens else closes + DAY_MINUTES)


def _date(given: Any, path: Path) -> date:
    if isinstance(given, str) and _ISO_DAY.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise HoursError(path, f"{_shown(given)} is no date. Write it as “2026-12-25”.")


def _object(given: Any, path: Path, hint: str) -> Mapping[Any, Any]:
    if not isinstance(given, Mapping):
        raise HoursError(path, hint)
    return given


def _list(given: Any, path: Path, hint: str) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise HoursError(path, hint)
    return list(given)


def _overlap(early: Interval, late: Interval) -> str:
    first, second = (f"{write_time(a)}–{write_time(b)}" for a, b in (early, late))
    return f"{first} and {second} overlap. Write them as one, or move one of them."


def _unknown(key: Any, known: tuple[str, ...], what: str) -> str:
    near = str(key)[:3].lower()
    meant = near if near in known else closest(str(key), known)
    hint = f" Did you mean “{meant}”?" if meant else ""
    return f"{_shown(key)} is no {what}. Use {_listed(known)}.{hint}"


def _shown(given: Any) -> str:
    return f"“{printable(str(given))}”"


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
