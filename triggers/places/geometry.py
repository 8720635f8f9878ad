"""How far a phone is from the edge of a fence.

Distances are chords through the earth's ellipsoid, bent to the surface: a fortieth of the work of
geopy's geodesic, and within 1 cm of it up to 50 km, 1 m up to 300 km, 0.3 % anywhere. Where that
could turn a decision at a circle's edge, the geodesic itself is asked. Poles and the date line
are places like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import asin, atan, atan2, cos, degrees, hypot, inf, pi, radians, sin, sqrt
from typing import NamedTuple

from geopy.distance import geodesic

EARTH_RADIUS_M = 6_371_008.8
EQUATOR_RADIUS_M = 6_378_137.0  # WGS84
ECCENTRICITY_2 = 0.00669437999014
HALF_WAY_ROUND_M = pi * EARTH_RADIUS_M
QUARTER_CHORD_M = sqrt(2.0) * EARTH_RADIUS_M  # to what is a quarter of the way round
BORDER_M = 1.0  # so near to the edge, the geodesic decides
PLANE_REACHES_M = 1_000_000  # beyond it, the distance to an area is that to its nearest corner

Vector = tuple[float, float, float]
Point = tuple[float, float]


class Position(NamedTuple):
    """In degrees, WGS84."""

    latitude: float
    longitude: float


Ring = tuple[Position, ...]
"""Closed implicitly: the last position is not the first again."""
Polygon = tuple[Ring, ...]
"""The outer ring, then holes. Edges are the straightest lines on the ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A circle around its centre or, where there is one, an area of polygons."""

    centre: Position
    radius_m: float
    area: tuple[Polygon, ...] = ()


def distance_m(a: Position, b: Position) -> float:
    """Over the ground, in metres."""
    return ground_m(vector_of(a), vector_of(b))


def edge_distance_m(fence: Fence, at: Position) -> float:
    """From a position to the fence's edge, in metres: negative inside, positive outside."""
    if fence.area:
        return _area_edge_m(fence, at)
    edge_m = distance_m(fence.centre, at) - fence.radius_m
    if abs(edge_m) > BORDER_M:
        return edge_m
    return float(geodesic(fence.centre, at).m) - fence.radius_m


def extent_m(fence: Fence) -> float:
    """The radius of a circle around the fence's centre that holds all of it, in metres.

    An area's has 1 % to spare, for what distances to its corners from far away are wrong by.
    """
    if not fence.area:
        return fence.radius_m
    return max(distance_m(fence.centre, corner) for corner in corners(fence.area)) * 1.01


def corners(area: tuple[Polygon, ...]) -> Iterator[Position]:
    return (corner for polygon in area for ring in polygon for corner in ring)


def vector_of(position: Position) -> Vector:
    """Metres from the middle of the earth: x towards 0, 0; z towards the north pole."""
    latitude, longitude = radians(position[0]), radians(position[1])
    up = sin(latitude)
    normal = EQUATOR_RADIUS_M / sqrt(1.0 - ECCENTRICITY_2 * up * up)
    out = normal * cos(latitude)
    return out * cos(longitude), out * sin(longitude), normal * (1.0 - ECCENTRICITY_2) * up


def position_of(vector: Vector) -> Position:
    """What lies under a vector or, if it is below the ground, over it. By Bowring's formula."""
    x, y, z = vector
    from_axis, flat = hypot(x, y), sqrt(1.0 - ECCENTRICITY_2)
    slope = atan2(z, from_axis * flat)
    up = z + ECCENTRICITY_2 / flat * EQUATOR_RADIUS_M * sin(slope) ** 3
    out = from_axis - ECCENTRICITY_2 * EQUATOR_RADIUS_M * cos(slope) ** 3
    return Position(degrees(atan2(up, out)), degrees(atan2(y, x)))


def ground_m(a: Vector, b: Vector) -> float:
    """Metres over the ground between what vector_of gave."""
    return arc_m(
        sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2),
        sqrt((a[0] + b[0]) ** 2 + (a[1] + b[1]) ** 2 + (a[2] + b[2]) ** 2),
    )


def arc_m(chord_m: float, from_antipode_m: float) -> float:
    """Metres over the ground from metres straight through it, to a point and to its antipode.

    It never falls as the first grows and the second shrinks. Close to the antipode the first
    says next to nothing, so from a quarter of the way round the second is what counts.
    """
    if chord_m < QUARTER_CHORD_M:
        return _bent_m(chord_m)
    return max(_bent_m(QUARTER_CHORD_M), HALF_WAY_ROUND_M - _bent_m(from_antipode_m))


def _bent_m(chord_m: float) -> float:
    return 2.0 * EARTH_RADIUS_M * asin(min(1.0, chord_m / (2.0 * EARTH_RADIUS_M)))


class Plane:
    """The plane that touches the earth at a position. Straight on the ground is straight here."""

    def __init__(self, at: Position) -> None:
        latitude, longitude = radians(at[0]), radians(at[1])
        self.origin = vector_of(at)
        self.east = (-sin(longitude), cos(longitude), 0.0)
        self.north = (
            -sin(latitude) * cos(longitude),
            -sin(latitude) * sin(longitude),
            cos(latitude),
        )
        self.up = (cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))

    def point(self, position: Position) -> Point:
        """Metres to the east and to the north. For positions on this side of the earth."""
        away = _apart(vector_of(position), self.origin)
        scale = EARTH_RADIUS_M / (EARTH_RADIUS_M + _along(away, self.up))
        return _along(away, self.east) * scale, _along(away, self.north) * scale

    def position(self, point: Point) -> Position:
        """The other way."""
        (x, y), (origin, east, north) = point, (self.origin, self.east, self.north)
        return position_of(
            (
                origin[0] + x * east[0] + y * north[0],
                origin[1] + x * east[1] + y * north[1],
                origin[2] + x * east[2] + y * north[2],
            )
        )


def polygon_edge_m(polygon: Polygon, plane: Plane) -> float:
    """Metres from where the plane touches to the polygon's edge, negative inside."""
    inside, nearest_2 = False, inf
    for ring in polygon:
        points = [plane.point(corner) for corner in ring]
        for start, end in pairwise((*points, points[0])):
            inside ^= _is_south_of(start, end)
            nearest_2 = min(nearest_2, _square_to(start, end))
    edge_m = EARTH_RADIUS_M * atan(sqrt(nearest_2) / EARTH_RADIUS_M)
    return -edge_m if inside else edge_m


def _apart(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _along(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _area_edge_m(fence: Fence, at: Position) -> float:
    if distance_m(fence.centre, at) > PLANE_REACHES_M:
        return min(distance_m(corner, at) for corner in corners(fence.area))
    plane = Plane(at)
    return min(polygon_edge_m(polygon, plane) for polygon in fence.area)


def _is_south_of(start: Point, end: Point) -> bool:
    """Whether the way due north from (0, 0) crosses the line."""
    if (start[0] > 0.0) is (end[0] > 0.0):
        return False
    return (start[1] * end[0] - start[0] * end[1] > 0.0) is (end[0] > start[0])


def _square_to(start: Point, end: Point) -> float:
    """The square of the distance from (0, 0) to the line, which ends at both points."""
    (x, y), over, up = start, end[0] - start[0], end[1] - start[1]
    length_2 = over * over + up * up
    share = -(x * over + y * up) / length_2 if length_2 else 0.0
    share = min(1.0, max(0.0, share))
    x, y = x + share * over, y + share * up
    return x * x + y * y
