"""Waits: elapsed seconds and the wall clock, and the two nights on which they differ."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_clock_local import CHANGES, FIVE_MINUTES, INSTANTS, NAMED, ZONES
from triggers.clock import Elapsed, Wait, WallClock, due, local_date

UNHURRIED = settings(deadline=None)  # the machine may be busy
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=AMSTERDAM), datetime(2026, 10, 25, tzinfo=AMSTERDAM)
CLOCK_TIMES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 1440, 5)]
WAITS = st.builds(
    WallClock,
    days=st.integers(0, 366),
    at=st.sampled_from(CLOCK_TIMES),
    weekday=st.none() | st.integers(0, 6),
)

TABLE = [
    # since (a Thursday), wait, due
    ("2026-06-11T08:00", WallClock(days=1, at="09:00"), "2026-06-12T09:00"),
    ("2026-06-11T08:00", WallClock(days=0, at="09:00"), "2026-06-11T09:00"),
    ("2026-06-11T09:00", WallClock(days=0, at="09:00"), "2026-06-11T09:00"),
    ("2026-06-11T09:01", WallClock(days=0, at="09:00"), "2026-06-12T09:00"),
    ("2026-06-11T08:00", WallClock(days=1, at="09:00", weekday=0), "2026-06-15T09:00"),
    ("2026-06-15T08:00", WallClock(days=0, at="09:00", weekday=0), "2026-06-15T09:00"),
    ("2026-06-15T08:00", WallClock(days=1, at="09:00", weekday=0), "2026-06-22T09:00"),
    ("2026-06-15T10:00", WallClock(days=0, at="09:00", weekday=0), "2026-06-22T09:00"),
    ("2026-06-11T08:00", Elapsed(seconds=2_700), "2026-06-11T08:45"),
    ("2026-06-11T08:00", Elapsed(seconds=0), "2026-06-11T08:00"),
    # The night without 02:30 and the night with two.
    ("2026-03-28T10:00", WallClock(days=1, at="02:30"), "2026-03-29T03:00"),
    ("2026-10-24T10:00", WallClock(days=1, at="02:30"), "2026-10-25T02:30"),
]
REFUSED: list[dict[str, Any]] = [
    {"kind": "elapsed", "seconds": -1},
    {"kind": "elapsed", "seconds": 10**12},
    {"kind": "elapsed", "seconds": 60, "days": 1},
    {"kind": "wall_clock", "days": 1, "at": "24:00"},
    {"kind": "wall_clock", "days": 1, "at": "9:00"},
    {"kind": "wall_clock", "days": 1, "at": "09:00\n"},
    {"kind": "wall_clock", "days": -1, "at": "09:00"},
    {"kind": "wall_clock", "days": 367, "at": "09:00"},
    {"kind": "wall_clock", "days": 1, "at": "09:00", "weekday": 7},
    {"kind": "fortnight"},
]


@pytest.mark.parametrize(("since", "wait", "expected"), TABLE)
def test_a_wait_is_over_when_people_expect_it(since, wait, expected) -> None:
    began = datetime.fromisoformat(since).replace(tzinfo=AMSTERDAM)
    over = due(wait, since=began, zone=AMSTERDAM)

    assert over.tzinfo is UTC
    assert over.astimezone(AMSTERDAM).replace(tzinfo=None) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_the_clock_is_not_a_day_elapsed_over_a_change(night, hours) -> None:
    noon = night - timedelta(hours=12)
    by_clock = due(WallClock(days=1, at="12:00"), since=noon, zone=AMSTERDAM)
    by_count = due(Elapsed(seconds=86_400), since=noon, zone=AMSTERDAM)

    assert by_clock - noon.astimezone(UTC) == timedelta(hours=hours)
    assert by_count - noon.astimezone(UTC) == timedelta(hours=24)


@pytest.mark.parametrize("wait", [Elapsed(seconds=60), WallClock(days=1, at="09:00", weekday=0)])
def test_a_wait_survives_being_stored(wait) -> None:
    assert msgspec.json.decode(msgspec.json.encode(wait), type=Wait) == wait


@pytest.mark.parametrize("document", REFUSED)
def test_what_is_no_wait_is_refused(document) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, type=Wait)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=NAMED)
@pytest.mark.parametrize("days", [0, 1])
def test_no_wait_ends_before_it_began_around_any_change(zone, change, days) -> None:
    gap = [(change.at + offset).replace(tzinfo=None) for offset in (change.before, change.after)]
    for at in CLOCK_TIMES[:72:3] + CLOCK_TIMES[-24:]:
        since = change.at - timedelta(hours=5)
        over = due(WallClock(days=days, at=at), since=since, zone=zone)
        shown = over.astimezone(zone).replace(tzinfo=None)

        assert since <= over
        assert f"{shown:%H:%M}" == at or (shown == gap[1] and over == change.at)


@pytest.mark.parametrize("night", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_a_sweep_of_every_five_minutes_finds_no_wait_in_the_past(night) -> None:
    """A ten-year random property test missed such a fault; this sweep found it."""
    evening = night.astimezone(UTC) - timedelta(hours=10)
    sweep = [evening + number * FIVE_MINUTES for number in range(288)]
    for at in CLOCK_TIMES:
        wait = WallClock(days=0, at=at)
        ends = [due(wait, since=since, zone=AMSTERDAM) for since in sweep]

        assert all(since <= end for since, end in zip(sweep, ends, strict=True))
        assert all(
            end - since <= timedelta(hours=26) for since, end in zip(sweep, ends, strict=True)
        )
        assert ends == sorted(ends)


@UNHURRIED
@given(WAITS, INSTANTS, st.sampled_from(ZONES))
def test_a_wait_by_the_clock_honours_days_and_weekday(wait, since, zone) -> None:
    over = due(wait, since=since, zone=zone)
    days = (local_date(over, zone) - local_date(since, zone)).days

    assert over >= since
    assert wait.days <= days <= wait.days + 8
    assert wait.weekday in (None, local_date(over, zone).weekday())


@UNHURRIED
@given(st.integers(0, 366 * 86_400), INSTANTS, st.sampled_from(ZONES))
def test_an_elapsed_wait_is_the_same_everywhere(seconds, since, zone) -> None:
    over = due(Elapsed(seconds=seconds), since=since.astimezone(zone), zone=zone)

    assert over - since == timedelta(seconds=seconds)
