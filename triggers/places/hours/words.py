"""Opening hours as a person reads them."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from triggers.clock.sentence import DAY_NAMES, MONTH_NAMES
from triggers.places.hours.clock_time import DAY_MINUTES, write_time
from triggers.places.hours.document import Hours, Interval, Intervals

CLOSED: Final = "closed"
ALL_DAY: Final = "all day"
EVERY_DAY: Final = "Every day"


def words(hours: Hours | None) -> list[tuple[str, str]]:
    """(days, times): “Monday to Friday” and its times, then the dates that differ."""
    if hours is None:
        return [(EVERY_DAY, ALL_DAY)]
    dates = sorted((day.toordinal(), those) for day, those in hours.dates.items())
    week = [(_weekdays(run.first, run.last), run.times) for run in _runs(enumerate(hours.weekly))]
    return week + [(_dates(run.first, run.last), run.times) for run in _runs(dates)]


class _Run(NamedTuple):
    """Days that follow each other and have the same times."""

    first: int
    last: int
    times: str


def _runs(days: Iterable[tuple[int, Intervals]]) -> list[_Run]:
    runs: list[_Run] = []
    for day, intervals in days:
        times = _times(intervals)
        if runs and (runs[-1].last, runs[-1].times) == (day - 1, times):
            runs[-1] = runs[-1]._replace(last=day)
        else:
            runs.append(_Run(day, day, times))
    return runs


def _weekdays(first: int, last: int) -> str:
    if last - first == 6:
        return EVERY_DAY
    joint = " and " if last - first == 1 else " to "
    return joint.join(DAY_NAMES[day] for day in sorted({first, last}))


def _dates(first: int, last: int) -> str:
    joint = " and " if last - first == 1 else " to "
    return joint.join(_date(date.fromordinal(day)) for day in sorted({first, last}))


def _date(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _times(intervals: Intervals) -> str:
    if intervals == (Interval(0, DAY_MINUTES),):
        return ALL_DAY
    return ", ".join(f"{write_time(a)}–{write_time(b)}" for a, b in intervals) or CLOSED
