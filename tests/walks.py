"""Phones that walk and drive past stores, in metres, and what their presence makes of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import cos, degrees, radians, sin, sqrt

from triggers.places.geometry import (
    ECCENTRICITY_2,
    EQUATOR_RADIUS_M,
    Fence,
    Position,
    distance_m,
    edge_distance_m,
)
from triggers.places.presence import Bearing, Crossing, Fix, Seen, follow, later

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAM = Position(52.373, 4.893)
SECOND = timedelta(seconds=1)
REACH_M = 1_000.0
LONG_AFTER = timedelta(hours=2)


def moved(origin: Position, *, north_m: float = 0.0, east_m: float = 0.0) -> Position:
    """Exact to a few millimetres within a kilometre; not near a pole."""
    bulge = 1 - ECCENTRICITY_2 * sin(radians(origin.latitude)) ** 2
    northward_m = EQUATOR_RADIUS_M * (1 - ECCENTRICITY_2) / bulge**1.5
    eastward_m = EQUATOR_RADIUS_M / sqrt(bulge) * cos(radians(origin.latitude))
    longitude = origin.longitude + degrees(east_m / eastward_m)
    return Position(origin.latitude + degrees(north_m / northward_m), (longitude + 180) % 360 - 180)


def store(origin: Position = DAM, *, radius_m: float = 150.0, **moves: float) -> Fence:
    return Fence(centre=moved(origin, **moves), radius_m=radius_m)


def fix(at: Position, seconds: float = 0, *, accuracy_m: float = 10.0, mock: bool = False) -> Fix:
    when = NOON + seconds * SECOND
    return Fix(at=at, accuracy_m=accuracy_m, is_mock=mock, occurred_at=when)


def bearings(
    stores: Mapping[int, Fence], at: Position, *, seen: Seen, approach_m: float = 500.0
) -> dict[int, Bearing]:
    """Of each store that is near or already seen, as the index gives them."""
    there = {presence.place for presence in seen.presences}
    found = {
        place: Bearing(
            edge_m=edge_distance_m(fence, at),
            centre_m=distance_m(fence.centre, at),
            radius_m=fence.radius_m,
            approach_m=approach_m,
        )
        for place, fence in stores.items()
    }
    return {
        place: bearing
        for place, bearing in found.items()
        if place in there or bearing.edge_m <= REACH_M
    }


def walked(stores: Mapping[int, Fence], fixes: Iterable[Fix]) -> list[Crossing]:
    """Every crossing of a stream, and what two quiet hours after it add."""
    seen, now = Seen(), NOON
    crossings: list[Crossing] = []
    for one in fixes:
        followed = follow(seen, one, bearings(stores, one.at, seen=seen))
        seen, now = followed.seen, one.occurred_at
        crossings.extend(followed.crossings)
    return [*crossings, *later(seen, now + LONG_AFTER).crossings]


def names(crossings: Iterable[Crossing]) -> list[str]:
    return [crossing.name.removeprefix("Place ") for crossing in crossings]
