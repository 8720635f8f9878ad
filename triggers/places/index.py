"""All places of a workspace, found by where they are. Kept in arrays: 100,000 take few MB."""

from array import array

from triggers.places import cubes
from triggers.places.geometry import Fence, Position, extent_m, vector_of
from triggers.places.nearest import nearest

NEAR_M = 500.0  # at least so far around a fence is near


class PlaceIndex:
    """By the ids of places, which are numbers of the caller's. Poles and the date line work."""

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._ids = array("q")
        self._latitudes, self._longitudes = array("d"), array("d")
        self._approaches = array("d")
        self._columns = cubes.Columns()
        self._areas: dict[int, Fence] = {}
        self._earth = cubes.whole_earth()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, id: int) -> bool:
        return id in self._slots

    def put(self, id: int, fence: Fence, approach_m: float) -> None:
        """Insert a place, or replace it."""
        self.remove(id)
        slot = self._free.pop() if self._free else self._new_slot()
        columns, extent = self._columns, extent_m(fence)
        self._slots[id] = slot
        self._ids[slot] = id
        self._latitudes[slot], self._longitudes[slot] = fence.centre
        self._approaches[slot] = approach_m
        columns.x[slot], columns.y[slot], columns.z[slot] = vector_of(fence.centre)
        columns.extent[slot] = extent
        columns.reach[slot] = extent + max(approach_m, NEAR_M)
        if fence.area:
            self._areas[slot] = fence
        cubes.insert(self._earth, slot, columns)

    def remove(self, id: int) -> None:
        """What is not there is no error."""
        slot = self._slots.pop(id, None)
        if slot is None:
            return
        cubes.remove(self._earth, slot, self._columns)
        self._areas.pop(slot, None)
        self._free.append(slot)

    def copy(self) -> "PlaceIndex":
        """Changes of one leave the other as it is."""
        made = PlaceIndex()
        made._slots, made._free = self._slots.copy(), self._free.copy()
        made._ids, made._approaches = self._ids[:], self._approaches[:]
        made._latitudes, made._longitudes = self._latitudes[:], self._longitudes[:]
        made._columns, made._areas = self._columns.copy(), self._areas.copy()
        made._earth = self._earth.copy()
        return made

    def near(self, at: Position) -> list[int]:
        """Every place whose edge may be within its approach, or 500 m, of a position."""
        ids = self._ids
        return [ids[slot] for slot in cubes.reaching(self._earth, vector_of(at), self._columns)]

    def nearest(self, at: Position, count: int) -> list[tuple[int, float]]:
        """The ids of so many places and the metres to their edges, nearest first."""
        found = nearest(self._earth, at, count, columns=self._columns, fence_of=self._fence)
        return [(self._ids[slot], edge_m) for slot, edge_m in found]

    def fence(self, id: int) -> Fence:
        """KeyError if there is no such place."""
        return self._fence(self._slots[id])

    def extent_m(self, id: int) -> float:
        """Of a circle around the fence's centre that holds all of it. KeyError if there is none."""
        return self._columns.extent[self._slots[id]]

    def approach_m(self, id: int) -> float:
        """KeyError if there is no such place."""
        return self._approaches[self._slots[id]]

    def _fence(self, slot: int) -> Fence:
        if slot in self._areas:
            return self._areas[slot]
        return Fence(
            centre=Position(self._latitudes[slot], self._longitudes[slot]),
            radius_m=self._columns.extent[slot],
        )

    def _new_slot(self) -> int:
        columns = self._columns
        slot = len(self._ids)
        self._ids.append(0)
        for column in (self._latitudes, self._longitudes, self._approaches):
            column.append(0.0)
        for column in (columns.x, columns.y, columns.z, columns.extent, columns.reach):
            column.append(0.0)
        return slot
