"""How long a moment waits. Elapsed time and the wall clock are two different things."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

from triggers.clock.local import DAY, ClockTime, local_date, local_instant

LONGEST_DAYS: Final = 366
LONGEST_S: Final = LONGEST_DAYS * 86_400


class Elapsed(
    msgspec.Struct, frozen=True, tag_field="kind", tag="elapsed", forbid_unknown_fields=True
):
    """So many seconds, whatever the clocks on the wall do: "45 min"."""

    seconds: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_S)]


class WallClock(
    msgspec.Struct, frozen=True, tag_field="kind", tag="wall_clock", forbid_unknown_fields=True
):
    """The first time, at least `days` local days later, that the clock shows `at`.

    weekday: Monday is 0; None is any day. "Next day 09:00" is days=1; "next Monday 09:00" is
    days=1, weekday=0; with days=0 a Monday before 09:00 is itself the next one.
    """

    days: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_DAYS)]
    at: ClockTime
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] | None = None


Wait = Elapsed | WallClock


def due(wait: Wait, *, since: datetime, zone: ZoneInfo) -> datetime:
    """When a wait that began at `since` (aware) is over, in UTC; never before `since`."""
    began = since.astimezone(UTC)
    if isinstance(wait, Elapsed):
        return began + timedelta(seconds=wait.seconds)
    return next(at for at in _clock_shows(wait, began, zone) if at >= began)


def _clock_shows(wait: WallClock, began: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    first, at = local_date(began, zone), time.fromisoformat(wait.at)
    for days in count(wait.days):
        day = first + days * DAY
        if wait.weekday in (None, day.weekday()):
            yield local_instant(day, at, zone)
