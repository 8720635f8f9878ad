"""Areas drawn on a map are read, measured and written back; what cannot be one says why."""

import json
from math import pi, sqrt
from random import Random

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ground
from triggers.places.areas import AreaError, centre_of, radius_of, read_area, write_area
from triggers.places.geometry import Fence, Position, edge_distance_m, extent_m
from triggers.places.knots import find_knot

UNHURRIED = settings(deadline=None)  # the machine may be busy
DAM = Position(52.373, 4.893)
WHERE = [DAM, Position(0, 0), Position(90, 0), Position(-90, 0), Position(-17, 180)]
OUTER = [[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.1], [4.0, 52.0]]
HOLE = [[4.04, 52.04], [4.06, 52.04], [4.06, 52.06], [4.04, 52.06], [4.04, 52.04]]
ELSEWHERE = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.0]]
KNOT = [[4.0, 52.0], [4.1, 52.1], [4.1, 52.0], [4.0, 52.1], [4.0, 52.0]]
HUGE = 10**400


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def square(centre, half_m):
    return (ground.ring(centre, *[half_m * sqrt(2)] * 4, turned=45),)


BAD = {
    "nothing": (None, "An area is a GeoJSON"),
    "a feature": ({"type": "Feature", "geometry": polygon(OUTER)}, "Give its geometry alone"),
    "a point": ({"type": "Point", "coordinates": [4, 52]}, "An area is a GeoJSON"),
    "no coordinates": ({"type": "Polygon"}, "not lists of rings"),
    "no rings": (polygon(), "not lists of rings"),
    "an empty ring": (polygon([]), "not lists of rings"),
    "text": (polygon("4.0, 52.0"), "not lists of rings"),
    "one ring too few": ({"type": "Polygon", "coordinates": OUTER}, r"not \[longitude"),
    "one corner": (polygon([[4, 52]]), "needs 3 different corners, and this one has 1"),
    "one corner, again": (polygon([[4, 52]] * 5), "this one has 1"),
    "two corners": (polygon([[4, 52], [5, 52], [4, 52]]), "this one has 2"),
    "text for a number": (polygon([["4", 52], [5, 52], [5, 53]]), "not a number"),
    "true for a number": (polygon([[True, 52], [5, 52], [5, 53]]), "not a number"),
    "not a number": (polygon([[float("nan"), 52], [5, 52], [5, 53]]), "not a number"),
    "infinite": (polygon([[float("inf"), 52], [5, 52], [5, 53]]), "no longitude inf"),
    "a number too long": (polygon([[HUGE, 52], [5, 52], [5, 53]]), "no longitude inf"),
    "latitude 91": (polygon([[150, 91], [150, 90], [151, 90]]), "no longitude 150, latitude 91"),
    "longitude 181": (polygon([[181, 52], [180, 52], [180, 53]]), "no longitude 181, latitude 52"),
    "swapped": (polygon([[52, 104.9], [52, 105], [53, 105]]), "no latitude 104.9.*swapped"),
    "a knot": (polygon(KNOT), r"crosses itself near 52\.0500., 4\.05000. Draw it again without"),
    "a hole across": (polygon(OUTER, [[4.05, 52.05], [4.2, 52.05], [4.2, 52.06]]), "crosses"),
    "a hole outside": (polygon(OUTER, ELSEWHERE), "A hole lies outside"),
    "flat": (polygon([[4, 0], [4.1, 0], [4.2, 0]]), "nothing inside"),
    "100 km": (polygon([[4, 52], [5.6, 52], [5.6, 52.1], [4, 52.1]]), "is 110 km wide"),
    "half the earth": (polygon([[0, 0], [180, 0], [90, 80]]), "km wide. It may be 100 km"),
}


@pytest.mark.parametrize(("geojson", "sentence"), BAD.values(), ids=BAD)
def test_what_cannot_be_an_area_says_why(geojson, sentence) -> None:
    with pytest.raises(AreaError, match=sentence):
        read_area(geojson)


def test_more_corners_than_2_000_are_refused() -> None:
    corners = ground.ring(DAM, *[1_000] * 2_001)

    with pytest.raises(AreaError, match=r"has 2,001 corners\. Draw it with at most 2,000"):
        read_area(write_area(((corners,),)))

    assert read_area(write_area(((corners[:2_000],),)))


def test_rings_are_read_without_what_repeats() -> None:
    twice = [corner for corner in OUTER for _ in range(2)]

    area = read_area(polygon(twice, HOLE))

    assert area == read_area(polygon(OUTER[:-1], HOLE[:-1])) == read_area(polygon(OUTER, HOLE))
    assert area[0][0] == tuple(Position(latitude, longitude) for longitude, latitude in OUTER[:-1])


def test_heights_are_left_out() -> None:
    assert read_area(polygon([[*corner, 12.5] for corner in OUTER])) == read_area(polygon(OUTER))


@pytest.mark.parametrize(
    "geojson",
    [
        polygon(OUTER),
        polygon(OUTER, HOLE),
        {"type": "MultiPolygon", "coordinates": [[OUTER, HOLE], [ELSEWHERE]]},
    ],
    ids=["polygon", "hole", "two polygons"],
)
def test_what_is_written_was_read(geojson) -> None:
    assert json.loads(json.dumps(write_area(read_area(geojson)))) == geojson


@pytest.mark.parametrize("centre", WHERE)
@pytest.mark.parametrize("half_m", [30, 1_000, 35_000])
def test_a_square_anywhere_is_read_and_measured(centre, half_m) -> None:
    area = read_area(write_area((square(centre, half_m),)))

    assert geodesic(centre, centre_of(area)).m < 0.05 + half_m / 100_000
    assert radius_of(area) == pytest.approx(2 * half_m / sqrt(pi), rel=2e-4)
    fence = Fence(centre=centre_of(area), radius_m=radius_of(area), area=area)
    assert extent_m(fence) == pytest.approx(half_m * sqrt(2) * 1.01, rel=1e-3)
    assert edge_distance_m(fence, centre) == pytest.approx(-half_m, rel=1e-3)


def test_a_hole_takes_its_share_of_centre_and_size() -> None:
    whole, half = square(DAM, 1_000), square(ground.gone(DAM, 90, 500), 400)
    area = ((*whole, *half),)

    assert radius_of(area) == pytest.approx(sqrt((2_000**2 - 800**2) / pi), rel=1e-4)
    middle = ground.gone(DAM, 270, 500 * 800**2 / (2_000**2 - 800**2))
    assert geodesic(centre_of(area), middle).m < 0.1


def test_the_way_round_makes_no_difference() -> None:
    there, back = (polygon(outer, hole) for outer, hole in ((OUTER, HOLE), (OUTER[::-1], HOLE)))

    assert radius_of(read_area(there)) == pytest.approx(radius_of(read_area(back)))
    assert geodesic(centre_of(read_area(there)), centre_of(read_area(back))).m < 0.001


def test_polygons_on_both_sides_of_the_date_line_are_one_area() -> None:
    east = [[179.9, -17], [180, -17], [180, -17.1], [179.9, -17]]
    west = [[-180, -17], [-179.9, -17], [-179.9, -17.1], [-180, -17]]

    area = read_area({"type": "MultiPolygon", "coordinates": [[east], [west]]})

    assert abs(centre_of(area).longitude) == pytest.approx(180, abs=0.04)


def test_rings_that_touch_are_no_knot() -> None:
    touching = [[4.0, 52.0], [4.06, 52.04], [4.04, 52.06], [4.0, 52.0]]
    spike = [[4.0, 52.0], [4.1, 52.0], [4.2, 52.0], [4.1, 52.0], [4.1, 52.1]]

    assert read_area(polygon(OUTER, touching))
    assert read_area(polygon(spike))


coordinates = st.integers(-6, 6).map(float)
points = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=7)


def by_every_pair(ring):
    """Whether two lines cross strictly, by signs alone."""

    def side(a, b, c):
        turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        return (turn > 0) - (turn < 0)

    lines = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for a, b in lines
        for c, d in lines
    )


@UNHURRIED
@given(points)
def test_knots_are_those_of_a_look_at_every_pair(ring) -> None:
    assert (find_knot([ring]) is not None) is by_every_pair(ring)


def test_a_coast_of_2_000_corners_has_no_knot() -> None:
    random = Random("coast")
    coast = ground.ring(DAM, *[random.uniform(20_000, 40_000) for _ in range(2_000)])

    assert len(read_area(write_area(((coast,),)))[0][0]) == 2_000
