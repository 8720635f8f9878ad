"""Which fixes move nobody: too vague, made up, too old, too far in too short a time."""

from datetime import timedelta

import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.walks import DAM, NOON, fix, moved
from triggers.places.cells import cell_distance_m, cell_of
from triggers.places.fixes import Track, ignored
from triggers.places.geometry import Position
from triggers.places.presence import Bearing, Followed, Seen, follow

UNHURRIED = settings(deadline=None)  # the machine may be busy
POSITIONS = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
INSIDE = {1: Bearing(edge_m=-2000, centre_m=0, radius_m=2000, approach_m=500)}


def track(at: Position = DAM) -> Track:
    return Track(fixed_at=NOON, cell=cell_of(at))


OTHERWISE_GOOD = [
    (fix(DAM, 60), None),
    (fix(DAM, 60, accuracy_m=500), None),
    (fix(DAM, 60, accuracy_m=500.1), "inaccurate"),
    (fix(DAM, 60, accuracy_m=1000), "inaccurate"),
    (fix(DAM, 60, mock=True), "mock"),
    (fix(DAM, 0), "out_of_order"),
    (fix(DAM, -1), "out_of_order"),
    (fix(moved(DAM, north_m=20_000), 60), "too_fast"),
    (fix(moved(DAM, north_m=20_000), 600), None),
]


@pytest.mark.parametrize(("one", "reason"), OTHERWISE_GOOD)
def test_a_fix_is_ignored_with_its_reason(one, reason) -> None:
    assert ignored(track(), one) == reason


@pytest.mark.parametrize(("one", "reason"), OTHERWISE_GOOD[2:-1])
def test_an_ignored_fix_changes_nothing(one, reason) -> None:
    seen = Seen(track=track())

    assert follow(seen, one, INSIDE) == Followed(seen=seen, ignored=reason)


def test_a_first_fix_has_no_speed_and_no_order() -> None:
    assert ignored(None, fix(DAM, -86_400)) is None


def test_a_fix_older_than_ten_minutes_is_followed_like_any_other() -> None:
    old = fix(DAM, -3600)

    assert follow(Seen(), old, INSIDE).crossings[0].at == NOON - timedelta(hours=1)


FLIGHTS = [
    # at the last fix, now, kilometres that are certain between its cell and here
    (Position(52.375, 4.895), Position(52.48, 4.895), 11.1),
    (Position(0.005, 179.995), Position(0.005, -179.995), 0.55),
    (Position(0.005, 179.995), Position(0.005, -179.85), 15.5),
    (Position(0.005, -179.995), Position(0.005, 179.85), 15.5),
    (Position(89.995, 10.0), Position(89.995, -170.0), 0.5),
    (Position(89.95, 0.005), Position(89.95, -179.995), 10.0),
    (Position(90.0, 0.0), Position(89.9, 77.0), 10.0),
    (Position(-90.0, 0.0), Position(-89.9, 77.0), 10.0),
    (Position(52.375, 180.0), Position(52.375, -180.0), 0.0),
]


@pytest.mark.parametrize(("before", "now", "certain_km"), FLIGHTS)
def test_speed_is_that_of_the_shortest_way_even_over_poles_and_date_line(
    before, now, certain_km
) -> None:
    seconds = certain_km * 1000 / (300 / 3.6)

    assert ignored(track(before), fix(now, seconds * 1.3 + 1, accuracy_m=0)) is None
    if certain_km:
        assert ignored(track(before), fix(now, seconds * 0.7, accuracy_m=0)) == "too_fast"


def test_what_the_accuracy_may_explain_is_not_too_fast() -> None:
    near = moved(Position(52.3799, 4.895), north_m=450)

    assert ignored(track(DAM), fix(near, 1, accuracy_m=20)) == "too_fast"
    assert ignored(track(DAM), fix(near, 1, accuracy_m=400)) is None


@UNHURRIED
@given(POSITIONS)
@example(Position(90, 180))
@example(Position(-90, -180))
@example(Position(-0.0, -0.0))
@example(Position(89.9999999999999999, 179.999999999999999))
def test_every_position_lies_in_its_cell(at) -> None:
    latitude, longitude = cell_of(at)

    assert -9000 <= latitude < 9000 and -18_000 <= longitude < 18_000
    assert cell_distance_m(cell_of(at), at) < 0.01


@UNHURRIED
@given(POSITIONS, POSITIONS, st.integers(0, 10), st.integers(0, 10))
@example(Position(89.995, 0), Position(89.99, 180), 5, 10)
def test_no_point_of_a_cell_is_nearer_than_its_nearest(was, at, north, east) -> None:
    south, west = cell_of(was)
    point = Position((south + north / 10) / 100, (west + east / 10) / 100)

    real_m = geodesic(point, at).meters

    assert cell_distance_m((south, west), at) <= real_m * 1.007 + 0.01
