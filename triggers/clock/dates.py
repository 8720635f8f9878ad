"""Before and after a date that a person's traits name, and its anniversaries."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from triggers.clock.local import DAY, local_date, local_instant

LONGEST_TEXT: Final = 40
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date_trigger(
    value: str, *, days: int = 0, hours: int = 0, at: time | None = None, zone: ZoneInfo
) -> datetime | None:
    """So many days and hours after the date in `value` (negative: before), in UTC.

    value: an ISO date, or an ISO time with its offset; None for anything else, and for a time
    without an offset: we do not guess zones. Days are calendar days of `zone` and keep the
    time on the clock; hours are elapsed. at: the local time, else that of `value`, else 00:00.
    """
    try:
        return _moved(value, days, at, zone) + timedelta(hours=hours)
    except (ValueError, OverflowError):  # no date, or beyond the calendar
        return None


def anniversary(
    value: str, *, after: datetime, zone: ZoneInfo, at: time, days: int = 0
) -> datetime | None:
    """The first yearly return of the day in `value`, moved by `days`, that is later than `after`.

    The day is the one written: birthdays arrive as 1990-05-01T00:00:00Z and mean 1 May
    everywhere. The day itself is not yet an anniversary. 29 February is kept on 28 February in
    common years, so that nobody waits four years. None when `value` has no day.
    """
    try:
        day = _written_day(value)
        since = local_date(after, zone) - days * DAY
        first = max(since.year, day.year + 1)
        found = [
            local_instant(_in_year(day, year) + days * DAY, at, zone)
            for year in range(first, first + 2)
        ]
    except (ValueError, OverflowError):
        return None
    return next((instant for instant in found if instant > after), None)


def _moved(value: str, days: int, at: time | None, zone: ZoneInfo) -> datetime:
    written = _written_day(value)
    if len(value) == 10:
        return local_instant(written + days * DAY, at or time.min, zone)
    instant = datetime.fromisoformat(value)
    if instant.utcoffset() is None:
        raise ValueError(value)
    if at is None and days == 0:
        return instant.astimezone(UTC)
    local = instant.astimezone(zone)
    return local_instant(local.date() + days * DAY, local.time() if at is None else at, zone)


def _written_day(value: str) -> date:
    if len(value) > LONGEST_TEXT or not _ISO_DAY.match(value):
        raise ValueError(value[:LONGEST_TEXT])
    return datetime.fromisoformat(value).date()


def _in_year(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(year, 3, 1) - DAY
    return day.replace(year=year)
