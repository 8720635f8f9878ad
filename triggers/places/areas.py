"""Areas as GeoJSON writes them, and the fences' polygons."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import inf, isnan, nan, pi, sqrt
from typing import Any

from triggers.places.geometry import (
    Plane,
    Point,
    Polygon,
    Position,
    Ring,
    corners,
    distance_m,
    polygon_edge_m,
    position_of,
    vector_of,
)
from triggers.places.knots import TOUCH_M, find_knot

MAX_CORNERS = 2_000
MAX_WIDTH_M = 100_000
MIN_SQUARE_M = 1.0


class AreaError(ValueError):
    """A sentence that says what is wrong with an area and what to do."""


def read_area(geojson: Any) -> tuple[Polygon, ...]:
    """From a Polygon or MultiPolygon, [longitude, latitude] each. Raises AreaError."""
    area = tuple(tuple(_ring(ring) for ring in _listed(polygon)) for polygon in _polygons(geojson))
    count = sum(1 for _ in corners(area))
    if count > MAX_CORNERS:
        raise AreaError(f"The area has {count:,} corners. Draw it with at most {MAX_CORNERS:,}.")
    _check_width(area)
    plane = Plane(_middle(area))
    for polygon in area:
        _check_lines(polygon, plane)
        _check_holes(polygon)
    return area


def write_area(polygons: tuple[Polygon, ...]) -> dict[str, Any]:
    """As GeoJSON: a Polygon, or a MultiPolygon if there are several."""
    written = [
        [[[longitude, latitude] for latitude, longitude in (*ring, ring[0])] for ring in polygon]
        for polygon in polygons
    ]
    if len(written) == 1:
        return {"type": "Polygon", "coordinates": written[0]}
    return {"type": "MultiPolygon", "coordinates": written}


def centre_of(polygons: tuple[Polygon, ...]) -> Position:
    """The centre of gravity, which may lie outside."""
    plane = Plane(_middle(polygons))
    squares, over, up = 0.0, 0.0, 0.0
    for square, (x, y) in _pieces(polygons, plane):
        squares, over, up = squares + square, over + square * x, up + square * y
    return plane.position((over / squares, up / squares)) if squares else _middle(polygons)


def radius_of(polygons: tuple[Polygon, ...]) -> float:
    """Metres of a circle as large."""
    pieces = _pieces(polygons, Plane(_middle(polygons)))
    return sqrt(max(0.0, sum(square for square, _ in pieces)) / pi)


def _polygons(geojson: Any) -> list[Any]:
    kind = geojson.get("type") if isinstance(geojson, Mapping) else None
    if kind == "Polygon":
        return [geojson.get("coordinates")]
    if kind == "MultiPolygon":
        return _listed(geojson.get("coordinates"))
    raise AreaError('An area is a GeoJSON "Polygon" or "MultiPolygon". Give its geometry alone.')


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list | tuple) and value:
        return list(value)
    raise AreaError("The area's coordinates are not lists of rings of [longitude, latitude].")


def _ring(pairs: Any) -> Ring:
    """Without the repeated last corner, nor any that is the same as the next."""
    found = [_position(pair) for pair in _listed(pairs)]
    ring = tuple(corner for corner, after in pairwise((*found, found[0])) if corner != after)
    different = len(set(found))
    if different < 3:
        raise AreaError(f"An area needs 3 different corners, and this one has {different}.")
    return ring


def _position(pair: Any) -> Position:
    if not isinstance(pair, list | tuple) or len(pair) < 2:
        raise AreaError("A corner of the area is not [longitude, latitude].")
    longitude, latitude = _number(pair[0]), _number(pair[1])
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return Position(latitude, longitude)
    if abs(longitude) <= 90 and abs(latitude) <= 180:
        raise AreaError(
            f"There is no latitude {latitude:g}. GeoJSON writes [longitude, latitude]: "
            "they are probably swapped."
        )
    raise AreaError(
        f"There is no longitude {longitude:g}, latitude {latitude:g}. Longitudes are between "
        "-180 and 180, latitudes between -90 and 90."
    )


def _number(value: Any) -> float:
    try:
        number = float(value) if type(value) in (int, float) else nan
    except OverflowError:
        return inf
    if isnan(number):
        raise AreaError("A corner of the area is not a number. Write [longitude, latitude].")
    return number


def _check_width(area: tuple[Polygon, ...]) -> None:
    first = next(corners(area))
    width_m = max(distance_m(first, corner) for corner in corners(area))
    if width_m <= MAX_WIDTH_M * sqrt(2.0):
        plane = Plane(_middle(area))
        xs, ys = zip(*(plane.point(corner) for corner in corners(area)), strict=True)
        width_m = max(max(xs) - min(xs), max(ys) - min(ys))
    if width_m > MAX_WIDTH_M:
        raise AreaError(
            f"The area is {width_m / 1_000:,.0f} km wide. It may be {MAX_WIDTH_M // 1_000} km."
        )


def _check_lines(polygon: Polygon, plane: Plane) -> None:
    rings = [[plane.point(corner) for corner in ring] for ring in polygon]
    knot = find_knot(rings)
    if knot is not None:
        latitude, longitude = plane.position(knot)
        raise AreaError(
            f"The line crosses itself near {latitude:.5f}, {longitude:.5f}. "
            "Draw it again without the knot."
        )
    if any(abs(_square_m(ring)) < MIN_SQUARE_M for ring in rings):
        raise AreaError("The corners lie on one line, with nothing inside. Draw it wider.")


def _check_holes(polygon: Polygon) -> None:
    outer, *holes = polygon
    for hole in holes:
        if polygon_edge_m((outer,), Plane(hole[0])) > TOUCH_M:
            raise AreaError(
                "A hole lies outside its area. Leave it out, or make it a polygon of its own."
            )


def _middle(area: tuple[Polygon, ...]) -> Position:
    """The mean of the corners."""
    x, y, z = (sum(column) for column in zip(*map(vector_of, corners(area)), strict=True))
    count = sum(1 for _ in corners(area))
    return position_of((x / count, y / count, z / count))


def _pieces(area: tuple[Polygon, ...], plane: Plane) -> Iterator[tuple[float, Point]]:
    """Triangles with a corner where the plane touches: square metres and centre of gravity.

    Those of a hole, and those outside a ring's bend, count as less than nothing.
    """
    for polygon in area:
        for number, ring in enumerate(polygon):
            points = [plane.point(corner) for corner in ring]
            sign = 1.0 if (_square_m(points) > 0.0) is (number == 0) else -1.0
            for a, b in pairwise((*points, points[0])):
                square = sign * (a[0] * b[1] - a[1] * b[0]) / 2.0
                yield square, ((a[0] + b[0]) / 3.0, (a[1] + b[1]) / 3.0)


def _square_m(points: list[Point]) -> float:
    """Square metres, negative if it goes round clockwise."""
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in pairwise((*points, points[0]))) / 2.0
