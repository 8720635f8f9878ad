"""Whether a place is open at an instant, and until or from when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import dropwhile
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from triggers.clock import local_instant
from triggers.places.hours.clock_time import DAY_MINUTES
from triggers.places.hours.document import Hours, Interval

HORIZON: Final = timedelta(days=8)
NEVER_CLOSES: Final = Hours(weekly=((Interval(0, DAY_MINUTES),),) * 7, dates={})

Point = TypeVar("Point", int, datetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Times are in UTC and at most 8 days ahead, else None.

    until: when it closes, if open. opens_at: when it opens next, if closed.
    """

    is_open: bool
    until: datetime | None = None
    opens_at: datetime | None = None


def opening(
    hours: Hours | None,
    at: datetime,
    zone: ZoneInfo,
    *,
    opens_on: date | None = None,
    closes_on: date | None = None,
) -> Opening:
    """At `at` (aware), by the clocks of `zone`. hours: None never closes.

    opens_on, closes_on: the first and the last day on which it opens; what begins on the last
    evening still runs past midnight. A time that a clock change skips is the first instant
    after it, one that comes twice is its first.
    """
    if hours is None and opens_on is None and closes_on is None:
        return Opening(is_open=True)
    shown = at.astimezone(zone)
    days = _days(shown.date(), opens_on, closes_on)
    # Joined here already, because what is open day and night would cost 20 conversions.
    walls = _joined(_walls(hours or NEVER_CLOSES, days))
    ahead = dropwhile(lambda wall: wall[1] <= _minutes(shown), walls)
    spans = _joined(_instants(ahead, zone))
    latest = at + HORIZON
    begin, end = next((span for span in spans if span[1] > at), (latest, latest))
    if begin <= at:
        return Opening(is_open=True, until=end if end < latest else None)
    return Opening(is_open=False, opens_at=begin if begin < latest else None)


def _days(today: date, opens_on: date | None, closes_on: date | None) -> range:
    """Ordinals. Yesterday's openings run into today; the horizon ends within the ninth day."""
    first, last = today.toordinal() - 1, today.toordinal() + HORIZON.days + 1
    if opens_on is not None:
        first = max(first, opens_on.toordinal())
    if closes_on is not None:
        last = min(last, closes_on.toordinal())
    return range(first, last + 1)


def _walls(hours: Hours, days: range) -> Iterator[tuple[int, int]]:
    """Openings on the wall clock, in minutes since the day before day 1 of the calendar."""
    for ordinal in days:
        intervals = hours.weekly[(ordinal - 1) % 7]
        if hours.dates:
            intervals = hours.dates.get(date.fromordinal(ordinal), intervals)
        for opens, closes in intervals:
            yield ordinal * DAY_MINUTES + opens, ordinal * DAY_MINUTES + closes


def _minutes(shown: datetime) -> int:
    return shown.toordinal() * DAY_MINUTES + shown.hour * 60 + shown.minute


def _instants(
    walls: Iterable[tuple[int, int]], zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in walls:
        begin, end = _instant(opens, zone), _instant(closes, zone)
        if begin < end:  # not one that a clock change skips whole
            yield begin, end


def _instant(minutes: int, zone: ZoneInfo) -> datetime:
    ordinal, minute = divmod(minutes, DAY_MINUTES)
    return local_instant(date.fromordinal(ordinal), time(minute // 60, minute % 60), zone)


def _joined(spans: Iterable[tuple[Point, Point]]) -> Iterator[tuple[Point, Point]]:
    """Of spans in order of their beginnings, those that touch or overlap as one."""
    known: tuple[Point, Point] | None = None
    for begin, end in spans:
        if known is None:
            known = begin, end
        elif begin <= known[1]:
            known = known[0], max(known[1], end)
        else:
            yield known
            known = begin, end
    if known is not None:
        yield known
