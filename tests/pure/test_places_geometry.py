"""Distances agree with geodesics; fences have one edge, at poles and the date line as anywhere."""

from math import hypot

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ground
from triggers.places.geometry import (
    Fence,
    Plane,
    Position,
    distance_m,
    edge_distance_m,
    extent_m,
    position_of,
    vector_of,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy
DAMRAK = Position(52.3752, 4.8973)
WHERE = {
    "Amsterdam": DAMRAK,
    "equator": Position(0.0, 0.0),
    "north pole": Position(90.0, 0.0),
    "south pole": Position(-90.0, 77.0),
    "date line": Position(-17.0, 180.0),
    "other side of the date line": Position(65.0, -180.0),
}
everywhere = pytest.mark.parametrize("centre", WHERE.values(), ids=WHERE)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
bearings = st.floats(0, 360)
NEAR_ENOUGH = [(1, 1e-6), (1_000, 1e-6), (50_000, 0.01), (300_000, 1.0)]


def square(centre, half_m):
    return ground.ring(centre, *[half_m * 2**0.5] * 4, turned=45)


def fence_of(*polygons, centre):
    return Fence(centre=centre, radius_m=1, area=polygons)


@pytest.mark.parametrize(("metres", "error_m"), NEAR_ENOUGH)
@UNHURRIED
@given(start=positions, bearing=bearings)
def test_distances_are_those_of_geodesics(metres, error_m, start, bearing) -> None:
    end = ground.gone(start, bearing, metres)

    assert distance_m(start, end) == pytest.approx(metres, abs=error_m)
    assert distance_m(start, end) == distance_m(end, start)


@UNHURRIED
@given(start=positions, end=positions)
def test_distances_round_the_earth_are_right_within_a_third_of_a_percent(start, end) -> None:
    assert distance_m(start, end) == pytest.approx(geodesic(start, end).m, rel=0.0034, abs=1e-6)


@UNHURRIED
@given(positions)
def test_a_position_is_found_again_under_its_vector(position) -> None:
    found = position_of(vector_of(position))

    assert geodesic(position, found).m < 1e-6


@UNHURRIED
@given(at=positions, bearing=bearings, metres=st.floats(0, 70_000))
def test_a_plane_gives_back_what_was_put_on_it(at, bearing, metres) -> None:
    plane = Plane(at)

    found = plane.position(plane.point(ground.gone(at, bearing, metres)))

    assert hypot(*plane.point(found)) == pytest.approx(metres, rel=1e-4, abs=1e-3)
    assert geodesic(ground.gone(at, bearing, metres), found).m < 0.1


@everywhere
@pytest.mark.parametrize("radius_m", [50, 150, 50_000])
def test_geodesics_decide_at_the_edge_of_a_circle(centre, radius_m) -> None:
    fence = Fence(centre=centre, radius_m=radius_m)

    for bearing in range(0, 360, 15):
        just_in = ground.gone(centre, bearing, radius_m - 0.00001)
        just_out = ground.gone(centre, bearing, radius_m + 0.00001)

        assert edge_distance_m(fence, just_in) == pytest.approx(-0.00001, abs=1e-6)
        assert edge_distance_m(fence, just_out) == pytest.approx(0.00001, abs=1e-6)


@everywhere
@pytest.mark.parametrize("bearing", [0, 45, 90, 200])
def test_a_hole_is_outside(centre, bearing) -> None:
    fence = fence_of((square(centre, 300), ground.ring(centre, *[100] * 40)), centre=centre)

    edges = [edge_distance_m(fence, ground.gone(centre, bearing, away)) for away in (0, 90, 150)]

    assert edges[0] == pytest.approx(100, abs=0.5)
    assert edges[1] == pytest.approx(10, abs=0.5)
    assert edges[2] == pytest.approx(-50, abs=0.5)


@everywhere
@pytest.mark.parametrize("half_m", [50, 1_000, 50_000])
def test_the_edge_of_a_square_is_where_it_was_drawn(centre, half_m) -> None:
    fence = fence_of((square(centre, half_m),), centre=centre)

    for away in (0, half_m * 0.5, half_m * 0.999, half_m * 1.001, half_m * 3):
        at = ground.gone(centre, 90, away)

        assert edge_distance_m(fence, at) == pytest.approx(ground.edge_m(fence, at), abs=0.1)
        assert edge_distance_m(fence, at) == pytest.approx(away - half_m, abs=0.1 + half_m / 40_000)


def test_of_two_polygons_the_nearer_edge_counts() -> None:
    east, west = ground.gone(DAMRAK, 90, 500), ground.gone(DAMRAK, 270, 300)
    fence = fence_of((square(east, 100),), (square(west, 100),), centre=DAMRAK)

    assert edge_distance_m(fence, DAMRAK) == pytest.approx(200, abs=0.1)
    assert edge_distance_m(fence, west) == pytest.approx(-100, abs=0.1)
    assert edge_distance_m(fence, east) == pytest.approx(-100, abs=0.1)


@pytest.mark.parametrize("at", [Position(0, 0), Position(-41, 175), Position(-52.37, -175.1)])
def test_an_area_far_away_is_outside(at) -> None:
    fence = fence_of((square(DAMRAK, 1_000),), centre=DAMRAK)

    assert edge_distance_m(fence, at) == pytest.approx(geodesic(DAMRAK, at).m, rel=0.004)


@everywhere
def test_an_extent_holds_all_of_the_fence(centre) -> None:
    aside = ground.gone(centre, 10, 400)
    fence = fence_of((square(aside, 1_000),), centre=centre)

    assert extent_m(Fence(centre=centre, radius_m=70)) == 70
    assert all(geodesic(centre, corner).m <= extent_m(fence) for corner in square(aside, 1_000))
