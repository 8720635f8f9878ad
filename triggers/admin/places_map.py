"""What the map of places asks for: numbers in an address, places as JSON."""

from math import isfinite
from typing import Any

from django.http import HttpRequest, QueryDict

from triggers.places.geometry import Position
from triggers.selectors.place_map import Box, Shown, within

WHOLE_TURN = 360.0
EARTH = Box(-90.0, -180.0, 90.0, 180.0)


def around(request: HttpRequest, *, workspace_id: int) -> dict[str, Any] | None:
    """The places in the view that the address names, the earth by default; None for no view."""
    seen = _view(request.GET)
    if seen is None:
        return None
    box, at = seen
    return {"places": [as_json(one) for one in within(workspace_id=workspace_id, box=box, at=at)]}


def as_json(place: Shown) -> dict[str, Any]:
    return place._asdict()


def _view(query: QueryDict) -> tuple[Box, Position] | None:
    try:
        numbers = [
            float(str(query.get(name, degrees))) for name, degrees in EARTH._asdict().items()
        ]
    except ValueError:
        return None
    if not all(map(isfinite, numbers)):
        return None
    south, west, north, east = numbers
    at = Position((south + north) / 2, _wrapped((west + east) / 2))
    if not abs(at.latitude) <= 90 or east < west:
        return None
    if east - west >= WHOLE_TURN:
        return Box(south, -180.0, north, 180.0), at
    return Box(south, _wrapped(west), north, _wrapped(east)), at


def _wrapped(longitude: float) -> float:
    return (longitude + 180) % WHOLE_TURN - 180
