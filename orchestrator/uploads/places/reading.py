"""From the rows of a file to places, or to all that is wrong with a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrator.uploads import cells as plain
from orchestrator.uploads.places import cells
from orchestrator.uploads.places.columns import ATTRIBUTE, DAYS, NOTHING, SWAPPED, Choices
from orchestrator.uploads.places.looking import Facts
from orchestrator.uploads.places.shapes import BadShape, fence_of, swapped
from orchestrator.uploads.places.sheet import Row, RowFault
from triggers.places.given import Fault, PlaceError, PlaceInput, read_place

SHAPE = "geometry"  # the column that a fault of a shape names
MOST_TWINS = 5


class UnfitRowError(ValueError):
    """Why a row is no place."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(" ".join(one.sentence for one in faults))
        self.faults = faults


class Reader:
    """What all rows of a file share."""

    def __init__(self, header: Sequence[str], choices: Choices, facts: Facts) -> None:
        meant = zip(choices.meanings, header, strict=True)
        self._columns = [
            (at, meaning, name, at in facts.numeric)
            for at, (meaning, name) in enumerate(meant)
            if meaning != NOTHING
        ]
        self._names = {meaning: name for _, meaning, name, _ in self._columns}
        self._twice, self._swapped = facts.twice, choices.order == SWAPPED

    def place(self, row: Row) -> PlaceInput:
        """Raises UnfitRowError."""
        if row.fault:
            raise UnfitRowError([row.fault])
        given, faults = self._given(row)
        self._add_shape(given, row, faults)
        self._find_twins(given, row, faults)
        try:
            found = read_place(given)
        except PlaceError as error:
            known = {one.column for one in faults}
            told = [self._told(one, row.number) for one in error.faults]
            faults += [one for one in told if one.column not in known]
        if faults:
            raise UnfitRowError(faults)
        return found

    def _given(self, row: Row) -> tuple[dict[str, Any], list[RowFault]]:
        given: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        weekly: dict[str, Any] = {}
        faults: list[RowFault] = []
        for at, meaning, name, is_numeric in self._columns:
            cell = row.cells[at]
            if cell == "":
                continue
            if meaning == ATTRIBUTE:
                attributes[name] = attribute(cell, is_numeric=is_numeric)
                continue
            try:
                (weekly if meaning in DAYS else given)[meaning] = cells.value(meaning, cell)
            except cells.BadCell as bad:
                faults.append(RowFault(row.number, name, bad.code, str(bad)))
        if attributes:
            given["attributes"] = attributes
        if weekly:
            given["hours"] = {"weekly": weekly}
        return given, faults

    def _add_shape(self, given: dict[str, Any], row: Row, faults: list[RowFault]) -> None:
        if row.geometry is not None:
            try:
                fence = fence_of(row.geometry)
            except BadShape as bad:
                faults.append(RowFault(row.number, SHAPE, "bad_shape", str(bad)))
                fence = {"latitude": 0.0, "longitude": 0.0}
            given.pop("latitude", None)
            given.pop("longitude", None)
            given.update(fence)
        if self._swapped:
            given.update(swapped(given))

    def _find_twins(self, given: Mapping[str, Any], row: Row, faults: list[RowFault]) -> None:
        rows = self._twice.get(str(given.get("external_id")), [])
        others = [f"{one:,}" for one in rows if one != row.number]
        if others:
            where = f"row{'s' if len(others) > 1 else ''} {', '.join(others[:MOST_TWINS])}"
            sentence = f"“{given['external_id']}” is in {where} too. Keep one of them."
            faults.append(RowFault(row.number, self._names["external_id"], "twice", sentence))

    def _told(self, fault: Fault, number: int) -> RowFault:
        """A fault of a place as one of a row: fields are columns here."""
        field, *path = fault.field.split(".")
        day = next((one for one in path if one in DAYS), "")
        name = self._names.get(day) or self._names.get(field) or (path[0] if path else "")
        if field == "area" or (field in {"latitude", "longitude"} and not name):
            name = SHAPE
        words = fault.sentence if fault.fix in fault.sentence else f"{fault.sentence} {fault.fix}"
        return RowFault(number, name, fault.code, words)


def attribute(cell: Any, *, is_numeric: bool) -> Any:
    if not isinstance(cell, str):
        return cell
    return plain.number(cell) if is_numeric else cells.text(cell)
