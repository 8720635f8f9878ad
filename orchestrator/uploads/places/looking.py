"""What only a look at all rows of a file can tell, before any of them is read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import floor
from typing import Any

from audience.sql import run
from orchestrator.uploads import cells as plain
from orchestrator.uploads.places import cells
from orchestrator.uploads.places.columns import ATTRIBUTE, Choices
from orchestrator.uploads.places.sheet import Row, Sheet

Square = tuple[int, int]
"""A degree of latitude by a degree of longitude, by its lower corner."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`numeric` are columns in which every value is a number, `twice` the rows of external ids
    that stand in more than one, and `ids` all of them. `examples` has a value of each column."""

    numeric: frozenset[int]
    twice: dict[str, list[int]]
    ids: list[str]
    examples: list[str]
    swapped: bool


class _Look:
    """What was seen so far."""

    def __init__(self, sheet: Sheet, choices: Choices, near: frozenset[Square]) -> None:
        self._meanings, self._near = choices.meanings, near
        self.numeric = {at for at, one in enumerate(choices.meanings) if one == ATTRIBUTE}
        self.examples = [""] * len(sheet.header)
        self.rows_of: dict[str, list[int]] = defaultdict(list)
        self._columns = {one: at for at, one in enumerate(choices.meanings)}
        self._positions = self._near_as_given = self._near_swapped = 0

    def at(self, row: Row) -> None:
        self._look_at_cells(row)
        if "external_id" in self._columns:
            given = row.cells[self._columns["external_id"]]
            if given != "":
                self.rows_of[str(cells.text(given))].append(row.number)
        if self._near and (found := self._position(row)):
            self._positions += 1
            self._near_as_given += found in self._near
            self._near_swapped += (found[1], found[0]) in self._near

    def _look_at_cells(self, row: Row) -> None:
        for at in tuple(self.numeric):
            cell = row.cells[at]
            if cell and isinstance(cell, str) and not plain.is_number(cell):
                self.numeric.discard(at)
        if "" in self.examples:
            for at, cell in enumerate(row.cells):
                self.examples[at] = self.examples[at] or str(cell)[: cells.SHOWN]

    def _position(self, row: Row) -> Square | None:
        if row.geometry is not None:
            longitude, latitude = first_point(row.geometry)
        else:
            latitude, longitude = self._number(row, "latitude"), self._number(row, "longitude")
        if latitude is None or longitude is None:
            return None
        return floor(latitude), floor(longitude)

    def _number(self, row: Row, meaning: str) -> float | None:
        at = self._columns.get(meaning)
        try:
            found = None if at is None else cells.number(row.cells[at])
        except cells.BadCell:
            return None
        return a_degree(found)

    @property
    def swapped(self) -> bool:
        """Swapped, every row is near a place of the workspace; as it is, none."""
        return self._positions > 0 and (self._near_as_given, self._near_swapped) == (
            0,
            self._positions,
        )


def look(sheet: Sheet, choices: Choices, *, workspace_id: int) -> Facts:
    seen = _Look(sheet, choices, squares_near_places(workspace_id))
    for row in sheet.rows():
        if row.fault is None:
            seen.at(row)
    return Facts(
        numeric=frozenset(seen.numeric),
        twice={one: rows for one, rows in seen.rows_of.items() if len(rows) > 1},
        ids=list(seen.rows_of),
        examples=seen.examples,
        swapped=seen.swapped,
    )


def squares_near_places(workspace_id: int) -> frozenset[Square]:
    """The squares that hold a place of the workspace, and those around them."""
    found = run(
        "SELECT DISTINCT floor(latitude)::int, floor(longitude)::int FROM triggers_place "
        "WHERE workspace_id = %(workspace)b AND removed_at IS NULL",
        workspace=workspace_id,
    )
    around = list(product((-1, 0, 1), repeat=2))
    return frozenset((south + up, west + right) for south, west in found for up, right in around)


def first_point(geometry: Any) -> tuple[float | None, float | None]:
    """Longitude and latitude of the first point of whatever geometry, (None, None) without."""
    found = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(found, list) and found and isinstance(found[0], list):
        found = found[0]
    if not isinstance(found, list) or len(found) < 2:
        return None, None
    return a_degree(found[0]), a_degree(found[1])


def a_degree(value: Any) -> float | None:
    usable = isinstance(value, int | float) and abs(value) <= 180
    return float(value) if usable else None


def in_chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
