"""What finding the places around a phone costs among 100,000: pure, without a database."""

import subprocess
import sys
import time
from itertools import islice
from math import cos, radians
from pathlib import Path
from random import Random

import psutil
import shapely
from geopy.distance import geodesic

from tests.bench.load import percentile, say
from triggers.places.geometry import Fence, Position, edge_distance_m, extent_m
from triggers.places.index import NEAR_M, PlaceIndex

ROOT = Path(__file__).resolve().parents[2]
PLACES = 100_000
TOWNS = 500
LARGE = 20  # of 50 km, among those of 50 to 300 m
AREAS = 1_000
POSITIONS = 2_000
LOOPED = 300  # places that the loop over geopy looks at; the figure is for all
APPROACH_M = 500
METRES_A_DEGREE = 111_195
ALONE = "import django; django.setup(); from tests.bench import places; places.memory()"


def town_places(random):
    """Where places are: in towns all over Europe, of some 5 km."""
    towns = [(random.uniform(38, 60), random.uniform(-8, 25)) for _ in range(TOWNS)]
    while True:
        latitude, longitude = random.choice(towns)
        yield Position(random.gauss(latitude, 0.04), random.gauss(longitude, 0.06))


def hexagon(centre, radius_m):
    high = radius_m / METRES_A_DEGREE
    wide = high / cos(radians(centre.latitude))
    return tuple(
        Position(centre.latitude + up * high, centre.longitude + over * wide)
        for up, over in ((1, 0), (0.5, 0.9), (-0.5, 0.9), (-1, 0), (-0.5, -0.9), (0.5, -0.9))
    )


def fences():
    random = Random("places")
    for number, centre in enumerate(islice(town_places(random), PLACES)):
        radius_m = 50_000 if number < LARGE else random.choice([50, 100, 150, 300])
        is_area = LARGE <= number < LARGE + AREAS
        area = ((hexagon(centre, radius_m),),) if is_area else ()
        yield Fence(centre=centre, radius_m=radius_m, area=area)


def positions():
    """In towns, and as many anywhere: on land or at sea."""
    random = Random("places")
    in_towns = list(islice(town_places(random), POSITIONS))
    anywhere = [(random.uniform(36, 62), random.uniform(-12, 29)) for _ in in_towns]
    return in_towns, [Position(*at) for at in anywhere]


def built():
    index = PlaceIndex()
    for id, fence in enumerate(fences()):
        index.put(id, fence, APPROACH_M)
    return index


def tree():
    """shapely's, of boxes around what counts as near: no poles, no date line, no distances."""
    boxes = []
    for fence in fences():
        high = (extent_m(fence) + max(APPROACH_M, NEAR_M)) / METRES_A_DEGREE
        wide = high / cos(radians(fence.centre.latitude))
        y, x = fence.centre
        boxes.append(shapely.box(x - wide, y - high, x + wide, y + high))
    return shapely.STRtree(boxes)


def microseconds(ask, asked):
    """The median and the 99th of a hundred."""
    took = []
    for at in asked:
        began = time.perf_counter_ns()
        ask(at)
        took.append((time.perf_counter_ns() - began) / 1_000)
    return percentile(took, 0.5), percentile(took, 0.99)


def tell(what, took, budget=""):
    p50, p99 = took
    say(f"locate, {what:32s} p50 {p50:12,.1f} us   p99 {p99:12,.1f} us {budget}")


def looped(looked_at):
    """Microseconds of geopy's geodesic to all places, at a few positions."""

    def ask(at):
        return [geodesic(fence.centre, at).m - fence.radius_m for fence in looked_at]

    p50, p99 = microseconds(ask, positions()[0][:50])
    return p50 * PLACES / LOOPED, p99 * PLACES / LOOPED


def places():
    index, shapes, (in_towns, anywhere) = built(), tree(), positions()

    def edges(at):
        return [edge_distance_m(index.fence(id), at) for id in index.near(at)]

    def boxes(at):
        return shapes.query(shapely.Point(at.longitude, at.latitude))

    for where, asked in (("in a town", in_towns), ("anywhere", anywhere)):
        tell(f"{where}: near", microseconds(index.near, asked))
        tell(f"{where}: near, and all edges", microseconds(edges, asked))
        tell(f"{where}: shapely STRtree alone", microseconds(boxes, asked))
    tell("a loop over geopy, from 300", looped([index.fence(id) for id in range(LOOPED)]))
    for count in (19, 99):
        asked = in_towns[::4] + anywhere[::4]
        took = microseconds(lambda at, count=count: index.nearest(at, count), asked)
        tell(f"nearest {count}", took, "(budget 10,000)")
    alone = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, check=True, capture_output=True, text=True
    )  # fmt: skip
    say(alone.stdout.rstrip())


def memory():
    """Of a process that does nothing else."""
    before, began = psutil.Process().memory_info().rss, time.perf_counter()
    index = built()
    took = time.perf_counter() - began
    added = psutil.Process().memory_info().rss - before
    say(f"locate, {len(index):,} places add     {added / 1e6:8.1f} MB (budget 60)   "
        f"built in {took:.1f} s")  # fmt: skip
