"""Where a phone was, and no finer than a cell of 0.01 degrees: about a kilometre."""

from math import atan2, cos, degrees, floor, radians, sin
from typing import Final

from triggers.places.geometry import Position, distance_m

CELLS_A_DEGREE: Final = 100
NORTHERNMOST: Final = 90 * CELLS_A_DEGREE - 1
AROUND: Final = 360 * CELLS_A_DEGREE

Cell = tuple[int, int]
"""Latitude and longitude of its south-western corner, in hundredths of a degree."""


def cell_of(at: Position) -> Cell:
    """The pole belongs to the cells beside it; 180 degrees east is 180 degrees west."""
    latitude = min(floor(at.latitude * CELLS_A_DEGREE), NORTHERNMOST)
    longitude = floor(at.longitude * CELLS_A_DEGREE)
    return latitude, (longitude + AROUND // 2) % AROUND - AROUND // 2


def cell_distance_m(cell: Cell, at: Position) -> float:
    """From a position to the nearest point of the cell, in metres; 0 within it."""
    return min(distance_m(at, point) for point in _nearest_points(cell, at))


def _nearest_points(cell: Cell, at: Position) -> list[Position]:
    """Points of the cell of which one is the nearest."""
    south, west = cell[0] / CELLS_A_DEGREE, cell[1] / CELLS_A_DEGREE
    north, east = (cell[0] + 1) / CELLS_A_DEGREE, (cell[1] + 1) / CELLS_A_DEGREE
    if (at.longitude - west) % 360 <= east - west:
        return [Position(min(max(at.latitude, south), north), at.longitude)]
    side = min(west, east, key=lambda edge: _turn(edge, at.longitude))
    level = _nearest_latitude(at, _turn(side, at.longitude))
    return [Position(y, side) for y in (south, min(max(level, south), north), north)]


def _turn(a: float, b: float) -> float:
    """Between two meridians, 0 to 180 degrees."""
    return abs((a - b + 180) % 360 - 180)


def _nearest_latitude(at: Position, turn: float) -> float:
    """Where a meridian `turn` degrees away comes nearest; past 90 degrees, beyond a pole."""
    latitude = radians(at.latitude)
    return degrees(atan2(sin(latitude), cos(latitude) * cos(radians(turn))))
