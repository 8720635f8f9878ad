"""Where lines of a polygon cross, which they must not."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import dist

from triggers.places.geometry import Point

TOUCH_M = 0.001  # lines that come no further across each other only touch

Line = tuple[Point, Point]


def find_knot(rings: Iterable[list[Point]]) -> Point | None:
    """A point where two lines of the rings cross, or None. Points in metres on a plane.

    Lines that touch, with their ends or all along, do not cross.
    """
    alive: list[Line] = []
    for line in sorted(_lines(rings)):
        west, east = line
        alive = [other for other in alive if other[1][0] > west[0]]
        south, north = sorted((west[1], east[1]))
        for other in alive:
            (_, start), (_, end) = other
            apart = (start > north and end > north) or (start < south and end < south)
            if not apart and _crosses(line, other) and _crosses(other, line):
                return _meeting(line, other)
        alive.append(line)
    return None


def _lines(rings: Iterable[list[Point]]) -> Iterator[Line]:
    """Each from west to east."""
    for ring in rings:
        for start, end in pairwise((*ring, ring[0])):
            yield min(start, end), max(start, end)


def _crosses(line: Line, other: Line) -> bool:
    """Whether the ends of the other are on either side of the line, taken as endless."""
    touch = TOUCH_M * dist(*line)
    start, end = _side(line, other[0]), _side(line, other[1])
    return (start > touch and end < -touch) or (start < -touch and end > touch)


def _side(line: Line, point: Point) -> float:
    (x, y), (end_x, end_y) = line
    return (end_x - x) * (point[1] - y) - (end_y - y) * (point[0] - x)


def _meeting(line: Line, other: Line) -> Point:
    """Of lines that cross."""
    start, end = _side(line, other[0]), _side(line, other[1])
    share = start / (start - end)
    (x, y), (end_x, end_y) = other
    return x + share * (end_x - x), y + share * (end_y - y)
