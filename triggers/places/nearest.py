"""The nearest fences: always look next where the least distance is possible."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count as numbers
from math import hypot

from triggers.places.cubes import Columns, Cube
from triggers.places.geometry import (
    BORDER_M,
    Fence,
    Position,
    Vector,
    arc_m,
    edge_distance_m,
    ground_m,
    vector_of,
)

CUBE, SLOT, MEASURED = range(3)  # where distances tie, what may hold nearer ones comes first


def nearest(
    earth: Cube, at: Position, count: int, *, columns: Columns, fence_of: Callable[[int], Fence]
) -> list[tuple[int, float]]:
    """So many slots and the metres to their edges, nearest first."""
    found: list[tuple[int, float]] = []
    vector, number = vector_of(at), numbers()
    waiting: list[tuple[float, int, int, Cube | None]] = [(0.0, CUBE, next(number), earth)]
    while waiting and len(found) < count:
        least_m, kind, slot, cube = heappop(waiting)
        if cube is not None:
            for part in cube.cubes:
                heappush(waiting, (_least_m(part, vector), CUBE, next(number), part))
            for held in cube.slots:
                heappush(waiting, (_rough_m(held, vector, columns), SLOT, held, None))
        elif kind == SLOT:
            heappush(waiting, (edge_distance_m(fence_of(slot), at), MEASURED, slot, None))
        else:
            found.append((slot, least_m))
    return found


def _least_m(cube: Cube, at: Vector) -> float:
    """No edge of a fence in the cube is nearer."""
    half = cube.half
    chord = hypot(
        max(0.0, abs(at[0] - cube.x) - half),
        max(0.0, abs(at[1] - cube.y) - half),
        max(0.0, abs(at[2] - cube.z) - half),
    )
    from_antipode = hypot(
        abs(at[0] + cube.x) + half, abs(at[1] + cube.y) + half, abs(at[2] + cube.z) + half
    )
    return arc_m(chord, from_antipode) - cube.extent - BORDER_M


def _rough_m(slot: int, at: Vector, columns: Columns) -> float:
    """The fence's edge is no nearer."""
    centre = columns.x[slot], columns.y[slot], columns.z[slot]
    return ground_m(centre, at) - columns.extent[slot] - BORDER_M
