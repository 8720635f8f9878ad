"""Where a message says its phone is; and taking positions out of what is kept."""

from math import isfinite
from typing import Any

from orchestrator.api.fields import Fault
from orchestrator.api.installation import part
from orchestrator.pipeline.message import Where

UPDATED = "Location Updated"
# What of a "Location Updated" tells the position, and so is no property of the event.
TOLD = frozenset(
    {"latitude", "longitude", "accuracy", "speed", "altitude", "heading", "course", "mock"}
)
PAIRS = (("latitude", "longitude"), ("lat", "lng"), ("lat", "lon"), ("lat", "long"))
GEOJSON = {"type", "coordinates"}


def where(posted: dict[str, Any], context: dict[str, Any]) -> Where | None:
    """Raises Fault for a "Location Updated" that does not say where.

    An event that is about something else is not lost for a position that cannot be read.
    """
    is_update = posted.get("event") == UPDATED
    told = part(context, "location")
    if is_update and "latitude" not in told:
        told = part(posted, "properties")
    try:
        return read(told) if "latitude" in told or is_update else None
    except Fault:
        if is_update:
            raise
        return None


def read(told: dict[str, Any]) -> Where:
    return Where(
        latitude=degrees(told, "latitude", 90),
        longitude=degrees(told, "longitude", 180),
        accuracy_m=metres(told, "accuracy"),
        is_mock=told.get("mock") is True,
    )


def degrees(told: dict[str, Any], name: str, most: int) -> float:
    value = number(told, name)
    if value is None or abs(value) > most:
        raise Fault(
            "invalid_location", f"`{name}` must be a number from -{most} to {most}",
            f"Send {name} in degrees, as the phone gives it",
        )  # fmt: skip
    return value


def metres(told: dict[str, Any], name: str) -> float | None:
    value = number(told, name)
    if value is not None and value < 0:
        raise Fault(
            "invalid_location", f"`{name}` must not be negative",
            "Leave out a position that the phone calls invalid",
        )  # fmt: skip
    return value


def number(told: dict[str, Any], name: str) -> float | None:
    value = told.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Fault("invalid_location", f"`{name}` must be a number", f"Send {name} as a number")
    return float(value)


def locatable(context: dict[str, Any]) -> bool | None:
    """Segment's consent object, as its consent libraries send it."""
    said = part(part(context, "consent"), "categoryPreferences").get("location")
    return said if isinstance(said, bool) else None


def properties_kept(posted: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    if posted.get("event") == UPDATED:
        properties = {name: value for name, value in properties.items() if name not in TOLD}
    return without_positions(properties)


def without_positions(value: Any) -> Any:
    """The same without pairs of latitude and longitude, and without GeoJSON, however deep."""
    if isinstance(value, list):
        return [without_positions(one) for one in value]
    if not isinstance(value, dict):
        return value
    dropped = positions_in({name.lower(): name for name in value})
    return {name: without_positions(one) for name, one in value.items() if name not in dropped}


def positions_in(names: dict[str, str]) -> set[str]:
    found = {names[name] for pair in PAIRS if set(pair) <= names.keys() for name in pair}
    if names.keys() >= GEOJSON:
        found.add(names["coordinates"])
    return found
