"""A place as somebody gives it, by PUT, file, form or YAML: one reader, all faults at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from triggers.places import limits
from triggers.places.faults import Fault, PlaceError
from triggers.places.geometry import Position
from triggers.places.reader import Reader

__all__ = [
    "Fault",
    "PlaceError",
    "PlaceInput",
    "number_of",
    "read_external_id",
    "read_place",
    "read_position",
    "twin_of",
]

NUMBER: Final = re.compile(r"[+-]?(\d{1,20}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInput:
    """A place that is fit to be saved.

    latitude, longitude in degrees (WGS84), radius_m and approach_m in metres. With an `area`, a
    GeoJSON geometry as areas.write_area makes it, the point is its middle and radius_m that of a
    circle as large. `hours` is a document of triggers.places.hours. A time_zone of "" is the
    workspace's.
    """

    external_id: str
    name: str
    latitude: float
    longitude: float
    radius_m: float = limits.DEFAULT_RADIUS_M
    area: dict[str, Any] | None = None
    approach_m: float = limits.DEFAULT_APPROACH_M
    tags: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    phone: str = ""
    time_zone: str = ""
    hours: dict[str, Any] | None = None
    opens_on: date | None = None
    closes_on: date | None = None


FIELDS: Final = tuple(PlaceInput.__dataclass_fields__)


def read_place(raw: Mapping[str, Any]) -> PlaceInput:
    """raw: PlaceInput's fields as JSON values; null counts as absent. Dates may be dates.

    Raises PlaceError with everything that is wrong.
    """
    reader = Reader(raw)
    reader.refuse_unknown(FIELDS)
    given = {
        "external_id": reader.text("external_id", limits.MAX_ID, needed=True),
        "name": reader.text("name", limits.MAX_NAME, needed=True),
        **reader.fence(),
        "approach_m": reader.number(
            "approach_m", 0, limits.MAX_RADIUS_M, limits.DEFAULT_APPROACH_M
        ),
        "tags": reader.tags(),
        "attributes": reader.attributes(),
        "address": reader.text("address", limits.MAX_ADDRESS),
        "phone": reader.text("phone", limits.MAX_PHONE),
        "time_zone": reader.time_zone(),
        "hours": reader.hours(),
        **reader.dates(),
    }
    reader.done()
    return PlaceInput(**given)


def read_external_id(raw: Mapping[str, Any]) -> str:
    """Which place is meant. Raises PlaceError."""
    reader = Reader(raw)
    external_id = reader.text("external_id", limits.MAX_ID, needed=True)
    reader.done()
    return external_id


def read_position(raw: Mapping[str, Any]) -> Position:
    """Where `latitude` and `longitude` are. Raises PlaceError, which repeats neither of them."""
    reader = Reader(raw)
    position = reader.position()
    reader.done()
    return position


def number_of(cell: str) -> float | str:
    """The number in a cell of a table or a query; the cell itself where it holds none."""
    return float(cell) if NUMBER.fullmatch(cell.strip()) else cell


def twin_of(first: int) -> Fault:
    """For an external_id that was given before: the first one counts. `first` is its index."""
    return Fault(
        "external_id", "duplicate", f"The same external_id was given before, at index {first}.",
        "Give each place once.",
    )  # fmt: skip
