"""Open or closed, until when and from when, also at midnight and when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pure.test_places_hours import DAYS, DOCUMENTS
from triggers.clock import local_instant
from triggers.places.hours import Hours, Opening, check, opening, read

UNHURRIED = settings(deadline=None, max_examples=200)  # the machine may be busy
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NAMES = [
    *("Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "America/Nuuk"),
    *("Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu", "America/Santiago"),
]
ZONES = [ZoneInfo(name) for name in NAMES]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HORIZON = timedelta(days=8)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)

# Monday 2 March 2026 is the first day of a week without a clock change in Amsterdam.
SHOP: dict[str, Any] = {
    "weekly": {
        "mon": [["09:00", "12:00"], ["13:00", "18:00"]],
        "tue": [["09:00", "18:00"]],
        "thu": [["09:00", "13:00"], ["13:00", "18:00"]],
        "fri": [["18:00", "24:00"]],
        "sat": [["00:00", "02:00"], ["13:00", "02:00"]],
    },
    "closed": ["2026-03-17", "2026-03-22"],
    "special": {"2026-03-24": [["11:00", "12:00"]], "2026-03-29": [["01:30", "02:30"]]},
}


def shown(instant: datetime | None, zone: ZoneInfo = AMSTERDAM) -> str | None:
    return f"{instant.astimezone(zone):%d %H:%M}" if instant else None


def at(wall: str, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """ "02 09:00" is in March 2026, the first one of two."""
    day, clock = wall.split()
    return local_instant(date(2026, 3, int(day)), time.fromisoformat(clock), zone)


WHEN = [
    ("02 08:59", False, "02 09:00"),
    ("02 09:00", True, "02 12:00"),
    ("02 11:59", True, "02 12:00"),
    ("02 12:00", False, "02 13:00"),
    ("02 18:00", False, "03 09:00"),
    ("04 12:00", False, "05 09:00"),
    ("05 10:00", True, "05 18:00"),
    ("06 20:00", True, "07 02:00"),
    ("07 00:00", True, "07 02:00"),
    ("07 01:59", True, "07 02:00"),
    ("07 02:00", False, "07 13:00"),
    ("07 23:00", True, "08 02:00"),
    ("08 01:00", True, "08 02:00"),
    ("08 02:00", False, "09 09:00"),
    # closed on the 17th; on the 22nd, too, but the evening before still runs
    ("17 10:00", False, "19 09:00"),
    ("22 01:00", True, "22 02:00"),
    # special on the 24th
    ("24 09:30", False, "24 11:00"),
    ("24 11:30", True, "24 12:00"),
    ("24 12:00", False, "26 09:00"),
]


@pytest.mark.parametrize(("wall", "is_open", "next_change"), WHEN)
def test_a_shop_is_open_as_its_door_says(wall, is_open, next_change) -> None:
    found = opening(check(SHOP), at(wall), AMSTERDAM)

    assert found.is_open is is_open
    assert shown(found.until) == (next_change if is_open else None)
    assert shown(found.opens_at) == (None if is_open else next_change)


def test_it_goes_by_the_clock_of_the_place() -> None:
    instant = datetime(2026, 3, 2, 10, tzinfo=UTC)

    assert opening(check(SHOP), instant, AMSTERDAM).is_open
    assert not opening(check(SHOP), instant, ZoneInfo("America/New_York")).is_open
    assert opening(check(SHOP), instant, ZoneInfo("Asia/Tokyo")).is_open is False
    assert opening(check(SHOP), instant.astimezone(ZoneInfo("Asia/Tokyo")), AMSTERDAM).is_open


def test_special_hours_of_an_evening_run_past_midnight_into_any_day() -> None:
    party = check(
        {
            "weekly": {"thu": [["09:00", "18:00"]]},
            "special": {"2026-03-04": [["20:00", "03:00"]]},
            "closed": ["2026-03-05"],
        }
    )

    assert shown(opening(party, at("04 23:00"), AMSTERDAM).until) == "05 03:00"
    assert shown(opening(party, at("05 02:00"), AMSTERDAM).until) == "05 03:00"
    assert shown(opening(party, at("05 03:00"), AMSTERDAM).opens_at) == "12 09:00"
    assert shown(opening(party, at("05 09:00"), AMSTERDAM).opens_at) == "12 09:00"


ALWAYS = check({"weekly": {day: [["00:00", "24:00"]] for day in DAYS}})
DAY_LONG = check({"weekly": {day: [["09:00", "09:00"]] for day in DAYS}})


@pytest.mark.parametrize("hours", [None, ALWAYS, DAY_LONG])
def test_what_is_open_day_and_night_closes_never(hours) -> None:
    assert opening(hours, at("29 01:30"), AMSTERDAM) == Opening(is_open=True)


def test_what_has_no_hours_opens_never() -> None:
    assert opening(check({"weekly": {}}), at("02 12:00"), AMSTERDAM) == Opening(is_open=False)


@pytest.mark.parametrize("hours", [None, ALWAYS])
def test_the_last_day_is_open_to_its_end_and_the_first_from_its_beginning(hours) -> None:
    days = {"opens_on": date(2026, 3, 5), "closes_on": date(2026, 3, 10)}

    def look(wall: str) -> Opening:
        return opening(hours, at(wall), AMSTERDAM, **days)

    assert look("04 23:59") == Opening(is_open=False, opens_at=at("05 00:00"))
    assert look("05 00:00") == Opening(is_open=True, until=at("11 00:00"))
    assert look("10 23:59") == Opening(is_open=True, until=at("11 00:00"))
    assert look("11 00:00") == Opening(is_open=False)


def test_the_last_evening_runs_past_midnight_and_the_one_before_the_first_does_not() -> None:
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    hours = check(SHOP)

    last = opening(hours, at("08 01:00"), AMSTERDAM, closes_on=saturday)
    before_first = opening(hours, at("08 01:00"), AMSTERDAM, opens_on=sunday)

    assert shown(last.until) == "08 02:00"
    assert shown(before_first.opens_at) == "09 09:00"


def test_nothing_is_said_of_what_is_more_than_eight_days_away() -> None:
    hours = check({"weekly": {}, "special": {"2026-03-20": [["09:00", "18:00"]]}})

    assert opening(hours, at("12 09:00"), AMSTERDAM).opens_at is None
    assert opening(hours, at("12 09:01"), AMSTERDAM).opens_at == at("20 09:00")
    never_before = opening(None, at("02 09:00"), AMSTERDAM, closes_on=date(2026, 3, 30))
    assert never_before == Opening(is_open=True)


def nights(*interval: str) -> Hours:
    return check({"weekly": {day: [list(interval)] for day in DAYS}})


SPRING = [
    # in Amsterdam, on 29 March 2026, the clocks went from 02:00 to 03:00
    (("02:30", "05:00"), "01:59", "03:00", "05:00"),
    (("00:00", "02:30"), "00:00", "00:00", "03:00"),
    (("02:15", "02:45"), "01:59", None, None),
]


@pytest.mark.parametrize(("interval", "look", "opens", "closes"), SPRING)
def test_a_time_that_the_clocks_skip_is_the_first_after_it(interval, look, opens, closes) -> None:
    hours = nights(*interval)
    found = opening(hours, at(f"29 {look}"), AMSTERDAM)

    if opens is None:
        assert shown(found.opens_at) == f"30 {interval[0]}"
        return
    assert found.is_open or shown(found.opens_at) == f"29 {opens}"
    assert shown(opening(hours, at(f"29 {opens}"), AMSTERDAM).until) == f"29 {closes}"


def test_openings_that_a_skipped_hour_brings_together_are_one() -> None:
    hours = check({"weekly": {"sun": [["01:00", "02:00"], ["03:00", "05:00"]]}})

    assert shown(opening(hours, at("29 01:30"), AMSTERDAM).until) == "29 05:00"
    assert shown(opening(hours, at("22 01:30"), AMSTERDAM).until) == "22 02:00"


def test_a_time_that_comes_twice_is_its_first() -> None:
    hours = nights("00:30", "02:30")  # on 25 October 2026, 02:00 to 03:00 came twice
    first, second = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1))
    still_open = opening(hours, first, AMSTERDAM)
    closed = opening(hours, second, AMSTERDAM)

    assert still_open == Opening(is_open=True, until=first + 15 * MINUTE)
    assert not closed.is_open and shown(closed.opens_at) == "26 00:30"


def test_a_day_that_a_zone_skipped_has_no_openings() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    hours = check({"weekly": {"thu": [["20:00", "02:00"]], "fri": [["09:00", "18:00"]]}})
    evening = datetime(2011, 12, 29, 22, tzinfo=apia)
    found = opening(hours, evening, apia)

    assert shown(found.until, apia) == "31 00:00"
    assert (
        shown(opening(hours, evening + 2 * timedelta(hours=1), apia).opens_at, apia) == "05 20:00"
    )


def by_brute_force(
    hours: Hours | None, instant: datetime, zone: ZoneInfo, first: date | None, last: date | None
) -> Opening:
    """Every opening of a month as instants, one by one."""
    spans = []
    today = instant.astimezone(zone).date()
    for day in (today + number * DAY for number in range(-4, 14)):
        usual = ((0, 1440),) if hours is None else hours.weekly[day.weekday()]
        for opens, closes in usual if hours is None else hours.dates.get(day, usual):
            if (first is None or first <= day) and (last is None or day <= last):
                spans.append(tuple(_instant(day, minute, zone) for minute in (opens, closes)))
    end = instant
    while later := [until for since, until in spans if since <= end < until]:
        end = max(later)
    if end > instant:
        return Opening(is_open=True, until=end if end < instant + HORIZON else None)
    ahead = [since for since, until in spans if instant < since < min(until, instant + HORIZON)]
    return Opening(is_open=False, opens_at=min(ahead, default=None))


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    moved = day + minute // 1440 * DAY
    return local_instant(moved, time(minute % 1440 // 60, minute % 60), zone)


INSTANTS = st.integers(0, 1_000_000).map(lambda minute: YEAR + minute * MINUTE)
NEAR_CHANGES = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE,
    st.sampled_from(
        [
            *(date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 4, 24)),
            *(date(2026, 9, 6), date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1)),
        ]
    ),
    st.integers(-2880, 2880),
)
MAYBE_DAYS = st.none() | st.dates(date(2026, 3, 1), date(2026, 11, 30))
SEVERAL = st.builds(
    lambda documents: {
        "weekly": {day: intervals for one in documents for day, intervals in one["weekly"].items()},
        "special": documents[0]["special"],
    },
    st.lists(DOCUMENTS, min_size=1, max_size=4),
)


@UNHURRIED
@given(st.none() | SEVERAL, INSTANTS | NEAR_CHANGES, st.sampled_from(ZONES), MAYBE_DAYS, MAYBE_DAYS)
@example(SHOP, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), AMSTERDAM, None, None)
def test_it_agrees_with_brute_force(document, instant, zone, first, last) -> None:
    hours = read(document)
    found = opening(hours, instant, zone, opens_on=first, closes_on=last)

    assert found == by_brute_force(hours, instant, zone, first, last)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_sweep_of_a_changing_night_never_answers_with_the_past(night) -> None:
    evening = local_instant(night, time.min, AMSTERDAM) - timedelta(hours=6)
    for hours in (nights("01:30", "02:30"), nights("02:30", "01:30"), nights("02:00", "03:00")):
        for instant in (evening + number * 5 * MINUTE for number in range(144)):
            found = opening(hours, instant, AMSTERDAM)

            assert found == by_brute_force(hours, instant, AMSTERDAM, None, None)
            assert instant < (found.until or found.opens_at or instant)
