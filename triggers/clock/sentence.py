"""A schedule in a marketer's words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from triggers.clock.calendar_days import completed, days_of
from triggers.clock.recurrence import Recurrence, parts_of
from triggers.clock.rule_text import Repeat

# Not by strftime, whose names depend on the machine's language.
DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNITS: Final = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
WHOSE: Final = {"workspace": "the workspace's time", "person": "each person's time"}
WORKING_DAYS: Final = {0, 1, 2, 3, 4}


def sentence(recurrence: Recurrence) -> str:
    """every weekday at 09:00 in each person's time. RecurrenceError when check() refuses it."""
    if recurrence.once_at is not None:
        return _once(recurrence.once_at)
    repeat, start = parts_of(recurrence)
    if repeat.count == 1:
        first = next(days_of(repeat, start=start, since=start), start)
        when, end = f"once, on {_day(first)}", ""
    else:
        when, end = _cadence(completed(repeat, start)), _end(repeat)
    return f"{when} at {recurrence.at} in {WHOSE[recurrence.zone_mode]}{end}"


def _once(instant: datetime) -> str:
    at = instant.astimezone(UTC)
    return f"once, on {_day(at.date())} at {at:%H:%M} UTC"


def _end(repeat: Repeat) -> str:
    if repeat.count:
        return f", {repeat.count} times"
    return f", until {_day(repeat.until)}" if repeat.until else ""


def _cadence(repeat: Repeat) -> str:
    months = _listed(MONTH_NAMES[month - 1] for month in repeat.months)
    by_month = repeat.frequency in ("MONTHLY", "YEARLY")
    if repeat.frequency == "YEARLY":
        of = months or ("every month" if repeat.month_days else "the year")
        return f"{_often(repeat)} on {_which(repeat)} of {of}"
    within = f"{',' if by_month else ''} in {months}" if months else ""
    if not by_month and repeat.interval == 1 and repeat.days and not repeat.month_days:
        return f"every {_weekdays(repeat, 'and')}{within}"
    which = _which(repeat)
    return f"{_often(repeat)}{' on ' if which else ''}{which}{within}"


def _often(repeat: Repeat) -> str:
    unit = UNITS[repeat.frequency]
    return f"every {unit}" if repeat.interval == 1 else f"every {repeat.interval} {unit}s"


def _which(repeat: Repeat) -> str:
    """the first Monday; the 1st and the 15th; Friday if it is the 13th"""
    days = _weekdays(repeat, "or" if repeat.positions or repeat.month_days else "and")
    dates = [_month_day(day) for day in repeat.month_days]
    if days and dates:
        days = f"{days} if it is {_listed(dates, 'or')}"
    chosen = days or _listed(dates, "or" if repeat.positions else "and")
    if repeat.positions:
        nth = _listed(f"the {_ordinal(at)}" for at in repeat.positions)
        return f"{nth} {chosen.removeprefix('every ')}"
    return chosen


def _weekdays(repeat: Repeat, joint: str) -> str:
    plain = {weekday for nth, weekday in repeat.days if nth == 0}
    by_month = repeat.frequency in ("MONTHLY", "YEARLY")
    every = "every " if by_month and plain and not repeat.month_days else ""
    names = [f"the {_ordinal(nth)} {DAY_NAMES[day]}" for nth, day in repeat.days if nth]
    if plain == WORKING_DAYS:
        return every + _listed(["weekday", *names], joint)
    return every + _listed([*(DAY_NAMES[day] for day in sorted(plain)), *names], joint)


def _month_day(day: int) -> str:
    return f"the {_ordinal(day)} day" if day < 0 else f"the {_numeral(day)}"


def _ordinal(number: int) -> str:
    if number in (1, -1):
        return "first" if number == 1 else "last"
    return _numeral(number) if number > 0 else f"{_numeral(-number)}-last"


def _numeral(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _listed(words: Iterable[str], joint: str = "and") -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} {joint} {last}" if most else last


def _day(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
