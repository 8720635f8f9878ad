"""Wall clocks and instants over every clock change of twelve zones, 2024 to 2028."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.clock import (
    local_date,
    local_instant,
    start_of_local_day,
    start_of_local_month,
    start_of_local_week,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy
CHANGING = [
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Chatham",
    "America/Santiago",
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Sydney",
]
STEADY = ["Asia/Kathmandu", "America/Sao_Paulo", "Asia/Tehran", "Pacific/Apia"]
ZONES = [ZoneInfo(name) for name in CHANGING + STEADY]
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
DAY, FIVE_MINUTES, SECOND = timedelta(days=1), timedelta(minutes=5), timedelta(seconds=1)
INSTANTS = st.integers(0, (END - BEGIN).days * 86_400).map(lambda s: BEGIN + s * SECOND)


class Change(NamedTuple):
    """A clock change, found from the zone's offsets alone."""

    at: datetime
    before: timedelta
    after: timedelta


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def changes_of(zone: ZoneInfo) -> Iterator[Change]:
    days = [BEGIN + number * DAY for number in range((END - BEGIN).days + 1)]
    for early, late in pairwise(days):
        old, new = offset_at(early, zone), offset_at(late, zone)
        if old != new:
            ticks = [early + tick * FIVE_MINUTES for tick in range(289)]
            at = next(tick for tick in ticks if offset_at(tick, zone) == new)
            assert offset_at(at - SECOND, zone) == old
            yield Change(at, old, new)


CHANGES = [(zone, change) for zone in ZONES for change in changes_of(zone)]
NAMED = [f"{zone.key} {change.at:%Y-%m-%d}" for zone, change in CHANGES]


def utc(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)


def walls_around(change: Change) -> Iterator[datetime]:
    middle = (change.at + change.before).replace(tzinfo=None)
    return (middle + number * FIVE_MINUTES for number in range(-40, 41))


@pytest.mark.parametrize("name", CHANGING)
def test_the_golden_table_has_two_changes_a_year(name) -> None:
    assert len([zone for zone, _ in CHANGES if zone.key == name]) >= 8


def test_the_golden_table_has_odd_offsets_and_a_half_hour_change() -> None:
    half_hours = [c for zone, c in CHANGES if zone.key == "Australia/Lord_Howe"]

    assert {abs(change.after - change.before) for change in half_hours} == {timedelta(minutes=30)}
    assert offset_at(BEGIN, ZoneInfo("Asia/Kathmandu")) == timedelta(hours=5, minutes=45)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMED)
def test_a_skipped_time_is_the_change_and_a_double_one_its_first(zone, change) -> None:
    for wall in walls_around(change):
        instant = local_instant(wall.date(), wall.time(), zone)

        if wall < (change.at + change.before).replace(tzinfo=None):
            assert instant == utc(wall, change.before)
        else:
            assert instant == max(change.at, utc(wall, change.after))


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMED)
def test_the_clock_shows_what_was_asked_unless_it_is_skipped(zone, change) -> None:
    gap = [(change.at + offset).replace(tzinfo=None) for offset in (change.before, change.after)]
    for wall in walls_around(change):
        shown = local_instant(wall.date(), wall.time(), zone).astimezone(zone).replace(tzinfo=None)

        assert shown == (gap[1] if gap[0] <= wall < gap[1] else wall)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMED)
def test_local_days_begin_once_and_in_order_around_a_change(zone, change) -> None:
    sweep = [change.at + number * FIVE_MINUTES for number in range(-600, 601)]
    starts = [start_of_local_day(instant, zone) for instant in sweep]

    assert starts == sorted(starts)
    assert len(set(starts)) == len({local_date(instant, zone) for instant in sweep})
    for instant, start in zip(sweep, starts, strict=True):
        assert start <= instant
        assert local_date(start, zone) == local_date(instant, zone)
        assert local_date(start - SECOND, zone) < local_date(instant, zone)


@UNHURRIED
@given(st.sampled_from(ZONES), st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.times())
def test_a_later_wall_clock_is_never_an_earlier_instant(zone, day, at) -> None:
    later = datetime.combine(day, at) + timedelta(minutes=17)

    assert local_instant(day, at, zone) <= local_instant(later.date(), later.time(), zone)


@UNHURRIED
@given(st.sampled_from(ZONES), INSTANTS)
def test_day_week_and_month_begin_before_and_hold_the_instant(zone, instant) -> None:
    day, week = start_of_local_day(instant, zone), start_of_local_week(instant, zone)
    month = start_of_local_month(instant, zone)

    assert max(week, month) <= day <= instant
    assert local_date(week, zone).weekday() == 0
    assert local_date(instant, zone) - local_date(week, zone) < 7 * DAY
    assert local_date(month, zone) == local_date(instant, zone).replace(day=1)


def test_in_cairo_a_day_can_begin_at_one() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    noon = local_instant(date(2026, 4, 24), time(12), cairo)

    assert start_of_local_day(noon, cairo).astimezone(cairo).time() == time(1)


def test_a_day_that_a_country_left_out_is_the_next_midnight() -> None:
    apia = ZoneInfo("Pacific/Apia")
    instant = local_instant(date(2011, 12, 30), time(9), apia)

    assert instant.astimezone(apia).replace(tzinfo=None) == datetime.fromisoformat("2011-12-31")
