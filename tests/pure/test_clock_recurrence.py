"""Schedules: the right days (dateutil is the oracle), the right instants, and searches that end."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_clock_local import CHANGES, FIVE_MINUTES, INSTANTS, NAMED, ZONES
from triggers.clock import (
    Recurrence,
    check,
    local_date,
    local_instant,
    next_occurrence,
    occurrences_between,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy
UTC_ZONE, AMSTERDAM = ZoneInfo("UTC"), ZoneInfo("Europe/Amsterdam")
STARTS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVER = datetime(2199, 12, 31, tzinfo=UTC)


def some(values, most=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


MONTH_DAYS = [*range(1, 32), *range(-28, 0)]
NTH = [f"{nth}{code}" for nth in (1, 2, 4, -1, -3) for code in CODES]
# Each of these comes round, so that the oracle ends too.
RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds("FREQ=DAILY;INTERVAL={};BYDAY={}".format, st.sampled_from((1, 2, 5)), some(CODES)),
    st.builds("FREQ=DAILY;BYMONTH={};BYMONTHDAY={}".format, some([1, 3, 12]), some(MONTH_DAYS)),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={};WKST={}".format,
        st.integers(1, 6),
        some(CODES, 7),
        st.sampled_from(CODES),
    ),
    st.builds("FREQ=WEEKLY;INTERVAL={}".format, st.integers(1, 53)),
    st.builds("FREQ=MONTHLY;INTERVAL={}".format, st.integers(1, 24)),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format, st.integers(1, 5), some(MONTH_DAYS)),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY={}".format, st.integers(1, 5), some(NTH)),
    st.builds("FREQ=MONTHLY;BYDAY={};BYMONTHDAY={}".format, some(CODES), some(MONTH_DAYS)),
    st.builds("FREQ=MONTHLY;BYDAY={};BYSETPOS={}".format, some(CODES, 7), some([1, 2, -1, -4])),
    st.builds("FREQ=YEARLY;INTERVAL={}".format, st.integers(1, 7)),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, some([2, 6, 12]), some(NTH)),
    st.builds("FREQ=YEARLY;BYDAY={}".format, some(["1MO", "20TH", "-1FR", "-10SU"])),
    st.builds("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, some([2, 6]), some(MONTH_DAYS[:28])),
    st.builds("FREQ=YEARLY;BYDAY={};BYSETPOS={}".format, some(CODES), some([1, 50, -1])),
)
ENDS = st.one_of(
    st.just(""),
    st.builds(";COUNT={}".format, st.integers(1, 20)),
    st.dates(date(2031, 1, 1), date(2040, 1, 1)).map(lambda day: f";UNTIL={day:%Y%m%d}"),
)


def rule(text, *, start=date(2026, 1, 1), at="09:00"):
    return Recurrence(rrule=text, start=start, at=at)


def local_days(recurrence, *, since, zone=UTC_ZONE, limit=10):
    found = occurrences_between(recurrence, since=since, until=EVER, zone=zone, limit=limit)
    return [date.fromisoformat(each.key) for each in found]


@UNHURRIED
@given(RULES, ENDS, STARTS, st.integers(0, 4_000))
def test_the_days_are_those_of_dateutil(text, ends, start, later) -> None:
    since = datetime.combine(start + timedelta(days=later), time.min)
    oracle = rrulestr(text + ends, dtstart=datetime.combine(start, time.min))
    expected = [day.date() for day in islice(oracle.xafter(since, inc=True), 10)]
    searched = since.date() + timedelta(days=30 * 366)

    ours = local_days(rule(text + ends, start=start), since=since.replace(tzinfo=UTC))

    assert ours == [day for day in expected if day <= searched]


@UNHURRIED
@given(RULES, STARTS, INSTANTS, st.sampled_from(ZONES))
def test_the_next_is_later_and_the_first_of_those_between(text, start, after, zone) -> None:
    recurrence = rule(text, start=start, at="02:30")
    upcoming = next_occurrence(recurrence, after=after, zone=zone)
    assert upcoming is not None

    found = occurrences_between(
        recurrence, since=after, until=upcoming + timedelta(seconds=1), zone=zone, limit=10
    )

    assert upcoming > after
    assert [each.at for each in found if each.at != after] == [upcoming]


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMED)
@pytest.mark.parametrize("at", ["00:00", "00:30", "02:15", "02:30", "23:30"])
def test_a_daily_schedule_runs_once_a_local_day_over_any_change(zone, change, at) -> None:
    since = change.at - timedelta(days=4)
    found = occurrences_between(
        rule("FREQ=DAILY", start=date(2023, 1, 1), at=at),
        since=since,
        until=since + timedelta(days=8),
        zone=zone,
        limit=100,
    )
    keys = [each.key for each in found]
    shown = [each.at.astimezone(zone) for each in found]

    assert len(keys) == len(set(keys)) and 7 <= len(keys) <= 9
    assert keys == [wall.date().isoformat() for wall in shown]
    assert all(
        f"{wall:%H:%M}" == at or each.at == change.at
        for wall, each in zip(shown, found, strict=True)
    )


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_sweep_of_every_five_minutes_finds_no_occurrence_in_the_past(night) -> None:
    evening = local_instant(night, time.min, AMSTERDAM) - timedelta(hours=6)
    sweep = [evening + number * FIVE_MINUTES for number in range(288)]
    for minute in range(0, 300, 5):
        daily = rule("FREQ=DAILY", at=f"{minute // 60:02}:{minute % 60:02}")
        found = [next_occurrence(daily, after=after, zone=AMSTERDAM) for after in sweep]
        upcoming = [instant for instant in found if instant]

        assert len(upcoming) == len(sweep)
        assert all(after < instant for after, instant in zip(sweep, upcoming, strict=True))
        assert upcoming == sorted(upcoming)
        assert len({local_date(instant, AMSTERDAM) for instant in upcoming}) == len(set(upcoming))


def test_an_occurrence_moved_into_the_next_day_gives_way_to_that_days_own() -> None:
    nuuk = ZoneInfo("America/Nuuk")  # on 30 March 2024 its clocks went from 23:00 to midnight
    since = datetime(2024, 3, 29, 12, tzinfo=UTC)
    daily = rule("FREQ=DAILY", start=date(2024, 1, 1), at="23:30")
    saturdays = rule("FREQ=WEEKLY;BYDAY=SA", start=date(2024, 1, 1), at="23:30")

    assert local_days(daily, since=since, zone=nuuk, limit=3) == [
        date(2024, 3, 29),
        date(2024, 3, 31),
        date(2024, 4, 1),
    ]
    assert local_days(saturdays, since=since, zone=nuuk, limit=2) == [
        date(2024, 3, 31),
        date(2024, 4, 6),
    ]
    midnight = datetime(2024, 3, 31, 1, tzinfo=UTC)
    assert local_days(saturdays, since=midnight, zone=nuuk, limit=1) == [date(2024, 3, 31)]


def test_the_window_is_half_open_and_the_limit_holds() -> None:
    daily = rule("FREQ=DAILY")
    nine = datetime(2026, 5, 1, 9, tzinfo=UTC)
    three_days = occurrences_between(
        daily, since=nine, until=nine + timedelta(days=3), zone=UTC_ZONE, limit=9
    )

    assert [each.key for each in three_days] == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert len(local_days(daily, since=nine, limit=2)) == 2
    assert next_occurrence(daily, after=nine, zone=UTC_ZONE) == nine + timedelta(days=1)


def test_each_person_gets_nine_in_the_morning_of_the_same_date() -> None:
    daily, since = rule("FREQ=DAILY;COUNT=1"), datetime(2025, 12, 1, tzinfo=UTC)
    first = [next_occurrence(daily, after=since, zone=zone) for zone in ZONES]

    assert {
        instant.astimezone(zone).hour for zone, instant in zip(ZONES, first, strict=True) if instant
    } == {9}
    assert len(set(first)) > 8


def test_once_is_the_same_instant_and_key_in_every_zone() -> None:
    at = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    once = Recurrence(once_at=at.astimezone(AMSTERDAM))
    found = [
        occurrences_between(once, since=at, until=at + FIVE_MINUTES, zone=zone, limit=5)
        for zone in ZONES
    ]

    assert {each.key for (each,) in found} == {"2026-12-24T23:30:00+00:00"}
    assert next_occurrence(once, after=at - FIVE_MINUTES, zone=AMSTERDAM) == at
    assert next_occurrence(once, after=at, zone=AMSTERDAM) is None
    assert check(once) == []


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=999",
        "FREQ=DAILY;INTERVAL=7;BYDAY=FR",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=99",
        "FREQ=DAILY;UNTIL=20260301",
        "FREQ=DAILY;COUNT=5",
    ],
)
@pytest.mark.parametrize("year", [2026, 2199, 9990])
def test_a_search_without_a_find_ends(text, year) -> None:
    after = datetime(year, 12, 31, 12, tzinfo=UTC)

    assert next_occurrence(rule(text), after=after, zone=AMSTERDAM) is None


def test_a_search_ends_after_thirty_years() -> None:
    leap_mondays = rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO")
    found = [
        next_occurrence(leap_mondays, after=datetime(year, 3, 1, tzinfo=UTC), zone=UTC_ZONE)
        for year in (2044, 2072)
    ]

    assert found == [datetime(2072, 2, 29, 9, tzinfo=UTC), None]


def test_a_leap_day_is_found_across_the_common_year_2100() -> None:
    leap_day = rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    after = datetime(2096, 3, 1, tzinfo=UTC)

    assert next_occurrence(leap_day, after=after, zone=UTC_ZONE) == datetime(
        2104, 2, 29, 9, tzinfo=UTC
    )
