"""Cubes in cubes around the earth: what is near is found without looking at all there is.

Cubes hold slots: numbers under which a place's arrays keep its geometry. A cube that holds more
than it should falls into eight, so it is small where places are dense.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_SLOTS = 12
SMALLEST_M = 32.0  # half a side; what is closer together stays in one cube
EARTH_M = 6_500_000.0


@dataclass(slots=True)
class Columns:
    """Geometry of places by slot, in metres; x, y and z are those of geometry.vector_of.

    `extent` is the radius of a circle around all of the place; `reach` is that and the ring
    around it that counts as near.
    """

    x: array = field(default_factory=lambda: array("d"))
    y: array = field(default_factory=lambda: array("d"))
    z: array = field(default_factory=lambda: array("d"))
    extent: array = field(default_factory=lambda: array("d"))
    reach: array = field(default_factory=lambda: array("d"))

    def copy(self) -> "Columns":
        return Columns(self.x[:], self.y[:], self.z[:], self.extent[:], self.reach[:])


class Cube:
    """Either slots or smaller cubes. No extent or reach in it is more than its own."""

    __slots__ = ("cubes", "extent", "half", "reach", "slots", "x", "y", "z")

    def __init__(self, x: float, y: float, z: float, half: float) -> None:
        self.x, self.y, self.z, self.half = x, y, z, half
        self.extent = self.reach = 0.0
        self.slots: list[int] = []
        self.cubes: list[Cube] = []

    def copy(self) -> "Cube":
        made = Cube(self.x, self.y, self.z, self.half)
        made.extent, made.reach = self.extent, self.reach
        made.slots, made.cubes = self.slots.copy(), [part.copy() for part in self.cubes]
        return made


def whole_earth() -> Cube:
    return Cube(0.0, 0.0, 0.0, EARTH_M)


def insert(cube: Cube, slot: int, columns: Columns) -> None:
    while True:
        cube.extent = max(cube.extent, columns.extent[slot])
        cube.reach = max(cube.reach, columns.reach[slot])
        if not cube.cubes:
            break
        cube = _part(cube, slot, columns)
    cube.slots.append(slot)
    if len(cube.slots) > MOST_SLOTS and cube.half > SMALLEST_M:
        slots, cube.slots = cube.slots, []
        cube.cubes = [_new_part(cube, slots[0], columns)]
        for each in slots:
            insert(cube, each, columns)


def remove(cube: Cube, slot: int, columns: Columns) -> None:
    """Empty cubes go too."""
    path = [cube]
    while path[-1].cubes:
        path.append(_part(path[-1], slot, columns))
    path[-1].slots.remove(slot)
    for parent in reversed(path):
        parent.cubes = [part for part in parent.cubes if part.slots or part.cubes]
        _measure(parent, columns)


def _measure(cube: Cube, columns: Columns) -> None:
    cube.extent = _most([part.extent for part in cube.cubes], columns.extent, cube.slots)
    cube.reach = _most([part.reach for part in cube.cubes], columns.reach, cube.slots)


def _most(parts: list[float], column: array, slots: Iterable[int]) -> float:
    return max([*parts, *(column[slot] for slot in slots)], default=0.0)


def _part(cube: Cube, slot: int, columns: Columns) -> Cube:
    """The eighth of the cube where the slot belongs. It is made if there is none."""
    x, y, z = columns.x[slot] >= cube.x, columns.y[slot] >= cube.y, columns.z[slot] >= cube.z
    for part in cube.cubes:
        if (part.x > cube.x) is x and (part.y > cube.y) is y and (part.z > cube.z) is z:
            return part
    part = _new_part(cube, slot, columns)
    cube.cubes.append(part)
    return part


def _new_part(cube: Cube, slot: int, columns: Columns) -> Cube:
    half = cube.half / 2.0
    return Cube(
        cube.x + (half if columns.x[slot] >= cube.x else -half),
        cube.y + (half if columns.y[slot] >= cube.y else -half),
        cube.z + (half if columns.z[slot] >= cube.z else -half),
        half,
    )


def reaching(cube: Cube, at: tuple[float, float, float], columns: Columns) -> list[int]:
    """Slots whose reach a straight line from `at` is no longer than."""
    x, y, z = at
    xs, ys, zs, reaches = columns.x, columns.y, columns.z, columns.reach
    found: list[int] = []
    waiting = [cube]
    for each in waiting:  # it grows on the way
        for part in each.cubes:
            limit = part.half + part.reach
            if (
                -limit <= x - part.x <= limit
                and -limit <= y - part.y <= limit
                and -limit <= z - part.z <= limit
            ):
                waiting.append(part)
        for slot in each.slots:
            away_x, away_y, away_z = xs[slot] - x, ys[slot] - y, zs[slot] - z
            reach = reaches[slot]
            if away_x * away_x + away_y * away_y + away_z * away_z <= reach * reach:
                found.append(slot)
    return found
