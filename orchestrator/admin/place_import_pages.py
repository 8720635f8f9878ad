"""What the pages of an import of places show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField, Form

from audience.admin.plain import plain
from orchestrator.models import ImportState, PlaceImport
from orchestrator.uploads.places.columns import LABELS
from orchestrator.uploads.places.found import Found, Kind, Shown
from orchestrator.uploads.places.importing import found_of, header_of
from triggers.places.hours import read as read_hours
from triggers.places.hours import words

KINDS = {
    "bad_area": "a shape that cannot be",
    "bad_date": "not a date",
    "bad_feature": "a feature that cannot be read",
    "bad_hours": "not opening hours",
    "bad_key": "a name that cannot be used",
    "bad_shape": "neither point nor area",
    "bad_text": "text that cannot be kept",
    "missing": "missing",
    "not_a_number": "not a number",
    "out_of_order": "closes before it opens",
    "out_of_range": "out of range",
    "swapped": "latitude and longitude swapped",
    "too_deep": "nested too deeply",
    "too_large": "too much in all attributes",
    "too_long": "too long",
    "too_many": "too many tags",
    "too_many_cells": "more values than columns",
    "twice": "in the file more than once",
    "unknown_zone": "not a time zone",
    "wrong_type": "the wrong kind of value",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A row of the table in which columns get their meaning."""

    name: str
    example: str
    field: BoundField


def columns_of(row: PlaceImport, found: Found, form: Form) -> list[Column]:
    header = header_of(row)
    examples = found.examples or [""] * len(header)
    return [
        Column(name=name, example=example, field=form[f"column_{at}"])
        for at, (name, example) in enumerate(zip(header, examples, strict=True))
    ]


def preview(row: PlaceImport) -> dict[str, Any]:
    found = found_of(row)
    heads, lines = table_of(found.places)
    return {
        "found": found,
        "lacking": [LABELS[one] for one in found.lacking],
        "kinds": [(in_words(one), one.rows) for one in found.kinds],
        "more_faults": sum(one.rows for one in found.kinds) - len(found.faults),
        "heads": heads,
        "lines": lines,
        "points": points_of(found.places),
        **map_settings(),
    }


def map_settings() -> dict[str, Any]:
    """Without its built script there is no map, and nothing else is missing."""
    return {
        "has_map": finders.find("maps/dist/map.js") is not None,
        "tiles": settings.MAP_TILE_URL,
        "credit": settings.MAP_ATTRIBUTION,
    }


def in_words(kind: Kind) -> str:
    what = KINDS.get(kind.code, kind.code)
    return f"“{kind.column}”: {what}" if kind.column else what.capitalize()


def table_of(places: Sequence[Shown]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings that any of the places fills, and each place's row and cells below them."""
    all_cells = [cells_of(one) for one in places]
    heads = list(dict.fromkeys(head for cells in all_cells for head in cells))
    lines = [
        (one.row, [cells.get(head, "") for head in heads])
        for one, cells in zip(places, all_cells, strict=True)
    ]
    return heads, lines


def cells_of(shown: Shown) -> dict[str, str]:
    """What is not empty, under its heading."""
    place = shown.place
    size = f"a shape, {place.radius_m:,.0f} m around" if place.area else f"{place.radius_m:,.0f} m"
    cells = {
        "External id": place.external_id,
        "Name": place.name,
        "Latitude": f"{place.latitude:.5f}",
        "Longitude": f"{place.longitude:.5f}",
        "Radius": size,
        "Tags": ", ".join(place.tags),
        "Address": place.address,
        "Phone": place.phone,
        "Time zone": place.time_zone,
        "Open": hours_in_words(place.hours),
        "Opens on": str(place.opens_on or ""),
        "Closes on": str(place.closes_on or ""),
        **{name: plain(value) for name, value in place.attributes.items()},
    }
    return {head: text for head, text in cells.items() if text}


def hours_in_words(hours: dict[str, Any] | None) -> str:
    if hours is None:
        return ""
    return "; ".join(f"{days} {when}" for days, when in words(read_hours(hours)))


def points_of(places: Sequence[Shown]) -> list[dict[str, Any]]:
    """For the map."""
    return [
        {
            "id": one.row,
            "name": one.place.name,
            "latitude": one.place.latitude,
            "longitude": one.place.longitude,
            "radius_m": one.place.radius_m,
            "area": one.place.area,
        }
        for one in places
    ]


def progress(row: PlaceImport) -> dict[str, Any]:
    """For the bar, and for the script that asks again. `busy`: a task is at it, or will be."""
    return {
        "state": row.state,
        "busy": row.state in (ImportState.READING, ImportState.WRITING),
        "done": row.done,
        "of": row.total,
    }
