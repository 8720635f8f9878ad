"""The index finds what a look at every place with geopy's geodesics finds."""

from math import asin, degrees
from random import Random

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ground
from triggers.places import cubes
from triggers.places.geometry import Fence, Position, edge_distance_m, vector_of
from triggers.places.index import PlaceIndex

UNHURRIED = settings(deadline=None)  # the machine may be busy
POINTS, PLACES = 2_000, 30  # in each of five regions
AMSTERDAM = Position(52.37, 4.89)
REGIONS = ["equator", "date line", "north pole", "south pole", "anywhere"]
regions = pytest.mark.parametrize("region", REGIONS)


def anywhere(random):
    return Position(degrees(asin(random.uniform(-1, 1))), random.uniform(-180, 180))


def somewhere(region, random):
    """A position in a region; within 1 km of the pole or 6 km of the line."""
    if region == "equator":
        return Position(random.uniform(-0.05, 0.05), random.uniform(9.95, 10.05))
    if region == "date line":
        longitude = random.choice([180, -180]) + random.uniform(-0.05, 0.05)
        return Position(random.uniform(-17.05, -16.95), (longitude + 180) % 360 - 180)
    if region == "anywhere":
        return anywhere(random)
    pole = Position(90 if region == "north pole" else -90, 0)
    return ground.gone(pole, random.uniform(0, 360), random.uniform(0, 1_000))


def some_fence(region, random):
    """A circle or an area with a hole; some of them large."""
    centre = somewhere(region, random)
    radius_m = random.choice([50, 150, 300, 1_000, random.uniform(50, 50_000)])
    if random.random() < 0.7:
        return Fence(centre=centre, radius_m=radius_m)
    arms = [random.uniform(0.6, 1) * radius_m for _ in range(random.randint(4, 8))]
    turned = random.uniform(0, 360)
    outer = ground.ring(centre, *arms, turned=turned)
    hole = ground.ring(centre, *[arm * 0.4 for arm in arms], turned=turned)
    return Fence(centre=centre, radius_m=radius_m, area=((outer, hole),))


def some_places(region, random):
    return {
        id: (some_fence(region, random), random.choice([0, 500, 2_000]))
        for id in random.sample(range(10**12), PLACES)
    }


def some_points(region, random, places):
    """Half of them near an edge of a fence, unless that were too far from the pole."""
    fences = [fence for fence, _ in places.values()]
    for _ in range(POINTS // 2):
        yield somewhere(region, random)
        if region.endswith("pole"):
            yield somewhere(region, random)
            continue
        fence = random.choice(fences)
        away = fence.radius_m + random.choice([-0.001, 0.001, random.uniform(-900, 900)])
        yield ground.gone(fence.centre, random.uniform(0, 360), abs(away))


def index_of(places):
    index = PlaceIndex()
    for id, (fence, approach_m) in places.items():
        index.put(id, fence, approach_m)
    return index


def by_edge(places, at):
    return sorted((edge_distance_m(fence, at), id) for id, (fence, _) in places.items())


@regions
def test_the_index_equals_a_look_at_every_place_with_geodesics(region) -> None:
    random = Random(region)
    places = some_places(region, random)
    index = index_of(places)
    inside_some = 0

    for at in some_points(region, random, places):
        near = set(index.near(at))
        inside = {id for id in near if edge_distance_m(index.fence(id), at) <= 0}

        assert inside == {
            id for id, (fence, _) in places.items() if ground.is_within(fence, at, 0)
        }, at
        assert not [
            id
            for id in places.keys() - near
            if ground.is_within(places[id][0], at, max(places[id][1], 500))
        ], at
        inside_some += bool(inside)

    assert inside_some > POINTS / 10


@regions
def test_edges_are_where_geodesics_say(region) -> None:
    random = Random(f"{region} edges")
    places = some_places(region, random)
    index = index_of(places)

    for _ in range(100):
        at = somewhere(region, random)
        for id in index.near(at):
            fence = index.fence(id)
            assert edge_distance_m(fence, at) == pytest.approx(ground.edge_m(fence, at), abs=0.15)


@regions
def test_the_nearest_are_those_of_a_look_at_all(region) -> None:
    random = Random(f"{region} nearest")
    places = some_places(region, random)
    index = index_of(places)

    for at in [anywhere(random) for _ in range(20)] + [
        somewhere(region, random) for _ in range(20)
    ]:
        found = index.nearest(at, 19)

        assert [edge_m for _, edge_m in found] == [edge_m for edge_m, _ in by_edge(places, at)[:19]]
        assert all(edge_m == edge_distance_m(places[id][0], at) for id, edge_m in found)


def test_the_nearest_are_exact_beside_a_crowd_and_large_fences() -> None:
    random = Random("crowd")
    fences = [
        Fence(
            centre=ground.gone(AMSTERDAM, random.uniform(0, 360), random.uniform(0, 5_000)),
            radius_m=50_000 if number % 400 == 0 else 150,
        )
        for number in range(2_000)
    ]
    index = index_of({id: (fence, 500) for id, fence in enumerate(fences)})
    beside, at_sea = ground.gone(AMSTERDAM, 300, 9_000), ground.gone(AMSTERDAM, 300, 200_000)

    for at in (AMSTERDAM, beside, at_sea):
        slow = sorted(geodesic(at, fence.centre).m - fence.radius_m for fence in fences)[:99]

        assert [edge_m for _, edge_m in index.nearest(at, 99)] == pytest.approx(slow, abs=0.1)


def test_what_is_far_is_not_near() -> None:
    index = PlaceIndex()
    index.put(1, Fence(centre=AMSTERDAM, radius_m=150), 0)
    index.put(2, Fence(centre=AMSTERDAM, radius_m=150), 900)

    near = [index.near(ground.gone(AMSTERDAM, 77, away)) for away in (0, 649, 651, 1_049, 1_051)]

    assert [sorted(ids) for ids in near] == [[1, 2], [1, 2], [2], [2], []]


def test_places_on_one_spot_are_each_found_once() -> None:
    places = {id: (Fence(centre=AMSTERDAM, radius_m=150), 500) for id in range(100)}
    index = index_of(places)

    assert sorted(id for id, _ in index.nearest(AMSTERDAM, 100)) == list(range(100))
    assert sorted(index.near(AMSTERDAM)) == list(range(100))


def test_an_index_gives_back_what_was_put() -> None:
    outer = ground.ring(AMSTERDAM, 100, 200, 300)
    area = Fence(centre=AMSTERDAM, radius_m=130, area=((outer,),))
    circle = Fence(centre=Position(-17.123456789, 179.987654321), radius_m=151.5)
    index = PlaceIndex()
    index.put(7, area, 500)
    index.put(2**60, circle, 700)

    assert (index.fence(7), index.approach_m(7)) == (area, 500)
    assert (index.fence(2**60), index.approach_m(2**60)) == (circle, 700)
    assert (len(index), 7 in index, 8 in index) == (2, True, False)
    with pytest.raises(KeyError):
        index.fence(8)


def test_fewer_places_than_asked_for_are_all_there_are() -> None:
    index = PlaceIndex()

    assert index.near(AMSTERDAM) == []
    assert index.nearest(AMSTERDAM, 19) == []

    index.put(1, Fence(centre=AMSTERDAM, radius_m=150), 500)

    assert index.nearest(AMSTERDAM, 19) == [(1, -150)]
    assert index.nearest(AMSTERDAM, 0) == []


ids = st.integers(0, 15)
# Few positions, so that places meet, and cubes fill up and empty again.
spots = st.sampled_from([Position(90, 0), AMSTERDAM, Position(-90, 5), Position(0, 180)]) | (
    st.builds(lambda n: ground.gone(AMSTERDAM, n * 7, n * n), st.integers(0, 200))
)
puts = st.tuples(
    ids, st.builds(lambda at, m: Fence(centre=at, radius_m=m), spots, st.floats(50, 5e4))
)
removals = st.tuples(ids, st.none())


@UNHURRIED
@given(changes=st.lists(puts | removals, max_size=60), at=spots)
def test_an_index_that_changes_equals_one_built_afresh(changes, at) -> None:
    index = PlaceIndex()
    places: dict[int, tuple[Fence, float]] = {}

    for id, fence in changes:
        if fence is None:
            index.remove(id)
            places.pop(id, None)
        else:
            index.put(id, fence, 500)
            places[id] = (fence, 500)

    afresh = index_of(places)
    assert len(index) == len(places)
    assert sorted(index.near(at)) == sorted(afresh.near(at))
    assert [edge_m for _, edge_m in index.nearest(at, 9)] == [m for m, _ in by_edge(places, at)[:9]]


def test_changes_of_a_copy_leave_the_index_as_it_is() -> None:
    random = Random("copy")
    places = some_places("equator", random)
    index, at = index_of(places), somewhere("equator", random)
    near, nearest = index.near(at), index.nearest(at, 19)

    copy = index.copy()
    for id in places:
        copy.remove(id)
    copy.put(1, Fence(centre=at, radius_m=150), 500)

    assert (copy.near(at), copy.nearest(at, 19)) == ([1], [(1, -150)])
    assert (index.near(at), index.nearest(at, 19)) == (near, nearest)
    assert all(index.fence(id) == fence for id, (fence, _) in places.items())


def test_cubes_that_are_empty_go() -> None:
    random = Random("gone")
    earth, columns = cubes.whole_earth(), cubes.Columns()
    for slot in range(1_000):
        x, y, z = vector_of(anywhere(random))
        for column, value in zip(
            (columns.x, columns.y, columns.z, columns.extent, columns.reach),
            (x, y, z, slot, slot + 500),
            strict=True,
        ):
            column.append(value)
        cubes.insert(earth, slot, columns)

    for slot in range(999, 0, -1):
        assert (earth.extent, earth.reach) == (slot, slot + 500)
        cubes.remove(earth, slot, columns)
    cubes.remove(earth, 0, columns)

    assert (earth.cubes, earth.slots, earth.reach) == ([], [], 0)
