"""Between the wall clock of a place and instants in UTC."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

CLOCK_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"
ClockTime = Annotated[str, msgspec.Meta(pattern=CLOCK_TIME)]
DAY: Final = timedelta(days=1)


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` show `at` on `day`, in UTC.

    A time that a clock change skips is the first instant after the skip; of a time that comes
    twice it is the first. OverflowError at either end of the calendar.
    """
    wall = datetime.combine(day, at.replace(fold=0), zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(wall)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def start_of_local_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, of the local day; not 00:00 where a clock change skips that."""
    return local_instant(local_date(instant, zone), time.min, zone)


def start_of_local_week(instant: datetime, zone: ZoneInfo) -> datetime:
    """Weeks begin on Monday."""
    day = local_date(instant, zone)
    return local_instant(day - day.weekday() * DAY, time.min, zone)


def start_of_local_month(instant: datetime, zone: ZoneInfo) -> datetime:
    return local_instant(local_date(instant, zone).replace(day=1), time.min, zone)


def _end_of_gap(wall: datetime) -> datetime:
    # For a skipped time zoneinfo answers with the offset before the change (fold 0) and after it
    # (fold 1). As instants the two lie on either side of the change, which is on a whole second.
    later = wall.astimezone(UTC)
    earlier = wall.replace(fold=1).astimezone(UTC).replace(microsecond=0)
    new_offset = wall.replace(fold=1).utcoffset()

    def has_changed(second: int) -> bool:
        instant = earlier + timedelta(seconds=second)
        return instant.astimezone(wall.tzinfo).utcoffset() == new_offset

    seconds = range(int((later - earlier).total_seconds()) + 1)
    return earlier + timedelta(seconds=bisect_left(seconds, x=True, key=has_changed))
