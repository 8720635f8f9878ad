"""Before and after a date of a person, and the days that return each year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_clock_local import INSTANTS, ZONES
from triggers.clock import anniversary, date_trigger, local_date

UNHURRIED = settings(deadline=None)  # the machine may be busy
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NINE = time(9)
MOVED = [
    # value, days, hours, at, local result
    ("2026-06-11", 0, 0, NINE, "2026-06-11T09:00"),
    ("2026-06-11", -7, 0, NINE, "2026-06-04T09:00"),
    ("2026-06-11", 1, 0, None, "2026-06-12T00:00"),
    ("2026-06-11", 0, -2, None, "2026-06-10T22:00"),
    ("2026-06-11T14:00:00+02:00", 0, -2, None, "2026-06-11T12:00"),
    ("2026-06-11T12:00:00Z", -1, 0, None, "2026-06-10T14:00"),
    ("2026-06-11T23:30:00Z", 0, 0, NINE, "2026-06-12T09:00"),
    ("2026-06-11T12:00:00Z", -1, 0, time(0), "2026-06-10T00:00"),
    # Over the night of 29 March a calendar day has 23 hours.
    ("2026-03-30T10:00:00+02:00", -1, 0, None, "2026-03-29T10:00"),
    ("2026-03-30T10:00:00+02:00", -2, 0, None, "2026-03-28T10:00"),
    ("2026-03-30T10:00:00+02:00", 0, -48, None, "2026-03-28T09:00"),
    ("2026-03-29", 0, 0, time(2, 30), "2026-03-29T03:00"),
]
NO_DATES = [
    "",
    "soon",
    "11-06-2026",
    "20260611",
    "2026-W24-4",
    "2026-02-30",
    "2026-06-11T14:00:00",
    "2026-06-11\x00",
    "2026-06-11T25:00:00Z",
    "2026-06-11" * 10_000,
]
BIRTHDAYS = [
    # value, after, local result
    ("1990-05-01", "2026-04-30T12:00", "2026-05-01T09:00"),
    ("1990-05-01", "2026-05-01T08:59", "2026-05-01T09:00"),
    ("1990-05-01", "2026-05-01T09:00", "2027-05-01T09:00"),
    ("1990-05-01T00:00:00Z", "2026-04-30T12:00", "2026-05-01T09:00"),
    ("1990-05-01T00:00:00-11:00", "2026-04-30T12:00", "2026-05-01T09:00"),
    ("2000-02-29", "2026-01-01T00:00", "2026-02-28T09:00"),
    ("2000-02-29", "2027-12-01T00:00", "2028-02-29T09:00"),
    ("2026-05-01", "2026-01-01T00:00", "2027-05-01T09:00"),
    ("2040-05-01", "2026-01-01T00:00", "2041-05-01T09:00"),
]


def local(text, zone=AMSTERDAM):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(("value", "days", "hours", "at", "expected"), MOVED)
def test_days_are_on_the_calendar_and_hours_elapse(value, days, hours, at, expected) -> None:
    found = date_trigger(value, days=days, hours=hours, at=at, zone=AMSTERDAM)

    assert found == local(expected).astimezone(UTC)
    assert found and found.tzinfo is UTC


def test_an_instant_that_is_not_moved_stays_itself_in_a_double_hour() -> None:
    second_half_past_two = "2026-10-25T02:30:00+01:00"

    assert date_trigger(second_half_past_two, zone=AMSTERDAM) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("value", NO_DATES, ids=range(len(NO_DATES)))
def test_what_is_no_date_with_a_known_place_in_time_is_none(value) -> None:
    assert date_trigger(value, days=1, zone=AMSTERDAM) is None


@pytest.mark.parametrize(("value", "days"), [("0001-01-01", 0), ("9999-12-31", 1)])
def test_beyond_the_calendar_is_none(value, days) -> None:
    assert date_trigger(value, days=days, zone=AMSTERDAM) is None


@pytest.mark.parametrize(("value", "after", "expected"), BIRTHDAYS)
def test_a_birthday_returns_each_year(value, after, expected) -> None:
    found = anniversary(value, after=local(after), zone=AMSTERDAM, at=NINE)

    assert found == local(expected).astimezone(UTC)


def test_a_birthday_can_be_announced_and_followed_up() -> None:
    new_year = local("2026-01-01T00:00")
    week_before = anniversary("1990-01-03", after=new_year, zone=AMSTERDAM, at=NINE, days=-7)
    week_after = anniversary("1990-12-30", after=new_year, zone=AMSTERDAM, at=NINE, days=7)

    assert week_before == local("2026-12-27T09:00").astimezone(UTC)
    assert week_after == local("2026-01-06T09:00").astimezone(UTC)


@pytest.mark.parametrize("value", ["", "soon", "1990-13-01", "05-01", "9999-05-01"])
def test_what_is_no_birthday_is_none(value) -> None:
    assert anniversary(value, after=local("2026-01-01T00:00"), zone=AMSTERDAM, at=NINE) is None


@UNHURRIED
@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)),
    INSTANTS,
    st.sampled_from(ZONES),
    st.times(),
    st.integers(-400, 400),
)
def test_an_anniversary_is_later_and_within_a_year(born, after, zone, at, days) -> None:
    found = anniversary(born.isoformat(), after=after, zone=zone, at=at, days=days)
    assert found is not None
    day = local_date(found, zone) - timedelta(days=days)

    assert after < found <= after + timedelta(days=367)
    assert (day.month, day.day) == (born.month, born.day) or (born.month, born.day) == (2, 29)


@UNHURRIED
@given(
    st.text(max_size=50)
    | st.dates().map(date.isoformat)
    | st.datetimes(timezones=st.sampled_from([UTC, *ZONES])).map(datetime.isoformat),
    st.integers(-(10**12), 10**12) | st.integers(-400, 400),
    st.integers(-(10**12), 10**12),
    st.none() | st.times(),
    st.sampled_from(ZONES),
)
def test_any_text_and_any_distance_give_a_time_or_none(value, days, hours, at, zone) -> None:
    found = date_trigger(value, days=days, hours=hours, at=at, zone=zone)
    anniversary(value, after=datetime(2026, 1, 1, tzinfo=UTC), zone=zone, at=NINE, days=days)

    assert found is None or found.tzinfo is UTC
