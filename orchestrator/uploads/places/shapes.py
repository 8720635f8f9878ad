"""From a GeoJSON geometry to where a place is."""

from typing import Any

AREAS = ("Polygon", "MultiPolygon")


class BadShape(ValueError):
    """Why a geometry is no place, in words for people."""


def fence_of(geometry: Any) -> dict[str, Any]:
    """The point or the area, as triggers.places.given reads them. Raises BadShape."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind in AREAS:
        return {"area": geometry}
    if kind != "Point":
        shown = f"a {kind}" if isinstance(kind, str) else "something else"
        raise BadShape(f"A place is a Point, a Polygon or a MultiPolygon; this is {shown[:40]}.")
    at = geometry.get("coordinates")
    if not isinstance(at, list) or len(at) < 2:
        raise BadShape("The Point has no coordinates. They are [longitude, latitude].")
    return {"longitude": at[0], "latitude": at[1]}


def swapped(given: dict[str, Any]) -> dict[str, Any]:
    """Latitude and longitude the other way round, in points and areas."""
    found = {
        to: given[of]
        for of, to in (("latitude", "longitude"), ("longitude", "latitude"))
        if of in given
    }
    area = given.get("area")
    if area:
        found["area"] = area | {"coordinates": _turned(area.get("coordinates"))}
    return found


def _turned(coordinates: Any) -> Any:
    if not isinstance(coordinates, list) or not coordinates:
        return coordinates
    if isinstance(coordinates[0], list):
        return [_turned(one) for one in coordinates]
    return [*coordinates[1::-1], *coordinates[2:]]
