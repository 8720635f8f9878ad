"""The local days on which a rule comes round. Not by dateutil: see SEARCH."""

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple

from triggers.clock.rule_text import Repeat

# Where a search that finds nothing ends; 29 February on a Monday returns after 28 years. dateutil
# tests UNTIL only on days it has found, and so looks for 30 February until the year 9999: three
# seconds each time.
SEARCH: Final = timedelta(days=30 * 366)
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def days_of(repeat: Repeat, *, start: date, since: date) -> Iterator[date]:
    """Days from the later of `start` and `since`, in order; ends after 30 years' search."""
    if since > LAST_DAY:
        return
    complete = completed(repeat, start)
    last = min(LAST_DAY, repeat.until or LAST_DAY, max(start, since) + SEARCH)
    # Only a count has to be followed from its beginning.
    begin = start if repeat.count else max(start, since)
    days = _walk(complete, start=start, begin=begin, last=last)
    yield from (day for day in islice(days, repeat.count) if day >= since)


def completed(repeat: Repeat, start: date) -> Repeat:
    """What the rule leaves unsaid is said by its first day, as RFC 5545 has it."""
    if repeat.days or repeat.month_days or repeat.frequency == "DAILY":
        return repeat
    if repeat.frequency == "WEEKLY":
        return replace(repeat, days=((0, start.weekday()),))
    months = repeat.months
    if repeat.frequency == "YEARLY":
        months = months or (start.month,)
    return replace(repeat, months=months, month_days=(start.day,))


def _walk(repeat: Repeat, *, start: date, begin: date, last: date) -> Iterator[date]:
    period = _PERIODS[repeat.frequency]
    shift = repeat.week_start
    number = period.number(start, shift)
    skipped = max(0, period.number(begin, shift) - number)
    number += skipped // repeat.interval * repeat.interval
    while (days := period.days(number, shift))[0] <= last.toordinal():
        yield from (day for day in _chosen(repeat, days) if begin <= day <= last)
        number += repeat.interval


def _chosen(repeat: Repeat, ordinals: range) -> list[date]:
    fit = [day for day in map(date.fromordinal, ordinals) if _fits(repeat, day)]
    if not repeat.positions:
        return fit
    wanted = {at - 1 if at > 0 else len(fit) + at for at in repeat.positions}
    return [day for at, day in enumerate(fit) if at in wanted]


def _fits(repeat: Repeat, day: date) -> bool:
    if repeat.months and day.month not in repeat.months:
        return False
    if repeat.month_days and not _is_month_day(repeat, day):
        return False
    return not repeat.days or any(_is_nth(repeat, day, nth) for nth in repeat.days)


def _is_month_day(repeat: Repeat, day: date) -> bool:
    from_end = day.day - monthrange(day.year, day.month)[1] - 1
    return day.day in repeat.month_days or from_end in repeat.month_days


def _is_nth(repeat: Repeat, day: date, wanted: tuple[int, int]) -> bool:
    nth, weekday = wanted
    if day.weekday() != weekday:
        return False
    if nth == 0:
        return True
    if repeat.frequency == "MONTHLY" or repeat.months:
        before, length = day.day - 1, monthrange(day.year, day.month)[1]
    else:
        before, length = day.timetuple().tm_yday - 1, 365 + isleap(day.year)
    return nth in (before // 7 + 1, -((length - 1 - before) // 7 + 1))


class _Period(NamedTuple):
    """number: which day, week, month or year, counted from the year 0. days: its ordinals.

    Both take the weekday on which weeks start; only weeks care.
    """

    number: Callable[[date, int], int]
    days: Callable[[int, int], range]


def _month_days(number: int, _shift: int) -> range:
    year, month = number // 12, number % 12 + 1
    first = date(year, month, 1).toordinal()
    return range(first, first + monthrange(year, month)[1])


def _year_days(year: int, _shift: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


# Day number 1 of the calendar was a Monday.
_PERIODS: Final = {
    "DAILY": _Period(lambda day, _: day.toordinal(), lambda number, _: range(number, number + 1)),
    "WEEKLY": _Period(
        lambda day, shift: (day.toordinal() - 1 - shift) // 7,
        lambda number, shift: range(number * 7 + 1 + shift, number * 7 + 8 + shift),
    ),
    "MONTHLY": _Period(lambda day, _: day.year * 12 + day.month - 1, _month_days),
    "YEARLY": _Period(lambda day, _: day.year, _year_days),
}
