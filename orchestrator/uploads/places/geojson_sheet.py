"""A GeoJSON FeatureCollection: its properties are the columns, [longitude, latitude]."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from orchestrator.uploads import table
from orchestrator.uploads.decoding import FileProblem
from orchestrator.uploads.places.sheet import Row, RowFault, Sheet, counted

FEATURE_ID = "feature id"
NOT_A_COLLECTION = (
    "This JSON file is no GeoJSON FeatureCollection. Export it from your map as GeoJSON."
)
WORLD = ("CRS84", "4326")  # the names under which longitude and latitude in degrees go


class _Feature(msgspec.Struct):
    geometry: Any = None
    properties: dict[str, Any] | None = None
    id: str | int | None = None


class _Collection(msgspec.Struct):
    """Features stay bytes until their turn: as objects 100,000 of them fill the memory."""

    type: str = ""
    features: list[msgspec.Raw] | None = None
    crs: Any = None


_COLLECTION = msgspec.json.Decoder(_Collection)
_FEATURE = msgspec.json.Decoder(_Feature)


def read(text: str) -> Sheet:
    """Raises FileProblem."""
    try:
        found = _COLLECTION.decode(text)
    except msgspec.ValidationError as error:
        raise FileProblem(NOT_A_COLLECTION) from error
    except msgspec.DecodeError as error:
        raise FileProblem(f"The file is no valid JSON: {error}. Export it again.") from error
    if found.type != "FeatureCollection" or found.features is None:
        raise FileProblem(NOT_A_COLLECTION)
    _refuse_other_grids(found.crs)
    total = counted(len(found.features))
    header = _header(found.features)
    rows = partial(_rows, found.features, header)
    return Sheet(header=header, total=total, rows=rows, has_shapes=True)


def _refuse_other_grids(crs: Any) -> None:
    if crs is not None and not any(name in str(crs) for name in WORLD):
        raise FileProblem(
            "The file does not use longitude and latitude in degrees (WGS84, EPSG:4326). "
            "Choose that when you export it."
        )


def _header(features: list[msgspec.Raw]) -> tuple[str, ...]:
    """Raises FileProblem for more columns than a file may have."""
    names: dict[str, None] = {}
    for raw in features:
        feature = _feature(raw)
        if isinstance(feature, _Feature):
            if feature.id is not None:
                names[FEATURE_ID] = None
            names.update(dict.fromkeys(feature.properties or ()))
    return table.names_of([name for name in names if name])[0]


def _feature(raw: msgspec.Raw) -> _Feature | str:
    """The feature, or why it is none."""
    try:
        return _FEATURE.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        return str(error) or "it is nested too deeply"


def _rows(features: list[msgspec.Raw], header: tuple[str, ...]) -> Iterator[Row]:
    for number, raw in enumerate(features, start=1):
        feature = _feature(raw)
        if isinstance(feature, str):
            sentence = f"The feature cannot be read: {feature}."
            yield Row(number, [], fault=RowFault(number, "", "bad_feature", sentence))
            continue
        given = {FEATURE_ID: feature.id, **(feature.properties or {})}
        cells = [_cell(given.get(name)) for name in header]
        yield Row(number, cells, geometry=feature.geometry)


def _cell(value: Any) -> Any:
    """Text without the spaces around it; nothing is the empty text, as in a table."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else value
