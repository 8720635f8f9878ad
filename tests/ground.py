"""An oracle for places: geographiclib's geodesics and shapely's polygons instead of our own."""

from functools import cache
from math import asin, atan, cos, radians, sin, sqrt, tan

import shapely
from geographiclib.geodesic import Geodesic
from geopy.distance import geodesic

from triggers.places.geometry import Fence, Polygon, Position, corners

EARTH = Geodesic.WGS84
RADIUS_M = 6_371_000
HAVERSINE_IS_WRONG_BY = 0.006


def gone(start: Position, bearing: float, metres: float) -> Position:
    """Where one is after so many metres straight on, the bearing in degrees from north."""
    end = EARTH.Direct(*start, bearing, metres)
    return Position(end["lat2"], end["lon2"])


def ring(centre: Position, *metres: float, turned: float = 0.0) -> tuple[Position, ...]:
    """Corners all around, so many metres away each."""
    step = 360 / len(metres)
    return tuple(gone(centre, turned + n * step, away) for n, away in enumerate(metres))


def haversine_m(a: Position, b: Position) -> float:
    (south, west), (north, east) = map(radians, a), map(radians, b)
    across, up = sin((east - west) / 2), sin((north - south) / 2)
    square = up * up + cos(south) * cos(north) * across * across
    return 2 * RADIUS_M * asin(min(1, sqrt(square)))


def edge_m(fence: Fence, at: Position) -> float:
    """To the fence's edge, negative inside, by the slow way."""
    if not fence.area:
        return geodesic(fence.centre, at).m - fence.radius_m
    return _edge_m(_shape(fence.area, at), shapely.Point(0, 0))


def is_within(fence: Fence, at: Position, metres: float) -> bool:
    """Whether the edge is no further away. The slow way is taken only where it may matter."""
    size = max((haversine_m(fence.centre, corner) for corner in corners(fence.area)), default=0)
    away = haversine_m(fence.centre, at)
    doubt = (away + size) * HAVERSINE_IS_WRONG_BY + 1
    if away - max(size, fence.radius_m) - metres > doubt:
        return False
    if not fence.area and away - fence.radius_m - metres < -doubt:
        return True
    if not fence.area:
        return edge_m(fence, at) <= metres
    return _edge_m(_shape(fence.area, fence.centre), _flat(at, fence.centre)) <= metres


@cache
def _shape(area: tuple[Polygon, ...], origin: Position) -> shapely.Geometry:
    flat = [
        [shapely.LinearRing([_flat(corner, origin) for corner in ring]) for ring in polygon]
        for polygon in area
    ]
    return shapely.union_all([shapely.Polygon(outer, holes) for outer, *holes in flat])


def _edge_m(shape: shapely.Geometry, at: shapely.Point) -> float:
    distance = RADIUS_M * atan(shape.boundary.distance(at) / RADIUS_M)
    return -distance if shape.contains(at) else distance


def _flat(position: Position, origin: Position) -> shapely.Point:
    """On a plane through the origin where the straightest lines of the ground are straight."""
    way = EARTH.Inverse(*origin, *position)
    away, bearing = RADIUS_M * tan(way["s12"] / RADIUS_M), radians(way["azi1"])
    return shapely.Point(away * sin(bearing), away * cos(bearing))
