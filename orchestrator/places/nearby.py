"""Which regions a phone hands to its operating system, which wakes the app at their borders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestrator.places.kept import index_of
from triggers.clock.zone import zone_of
from triggers.places.geometry import Position
from triggers.places.index import PlaceIndex
from triggers.selectors import places
from triggers.selectors.places import Dated

OPENS_WITHIN = timedelta(days=30)
REFRESH_FROM_M, REFRESH_TO_M = 200.0, 50_000.0
MARGIN = 0.2  # of the way: a phone is told late, and moves on meanwhile
MORE = 4  # times as many are looked at where too many turn out to be closed for good

Found = tuple[int, float]  # a place's id, and the metres to its edge


@dataclass(frozen=True, slots=True)
class Region:
    """A circle. id: the place's external_id."""

    id: str
    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Nearby:
    """Regions, nearest first; a phone that went refresh_m from where it asked asks again."""

    regions: tuple[Region, ...]
    refresh_m: float


def nearby(*, workspace_id: int, at: Position, most: int, now: datetime) -> Nearby:
    """At most so many regions, without places that are closed for good or open much later."""
    index = index_of(workspace_id, places.version_of(workspace_id=workspace_id))
    found, dated = _in_use(index, at, most + 1, now=now)
    regions = tuple(_region(index, id, dated[id].external_id) for id, _ in found[:most])
    return Nearby(regions, _refresh_m(found, most))


def _in_use(
    index: PlaceIndex, at: Position, count: int, *, now: datetime
) -> tuple[Sequence[Found], Mapping[int, Dated]]:
    """The nearest of those that are or will soon be in use."""
    asked = count
    while True:
        found = index.nearest(at, asked)
        dated = places.dated(ids=[id for id, _ in found])
        kept = [one for one in found if one[0] in dated and _is_in_use(dated[one[0]], now)]
        if len(kept) >= count or len(found) < asked:
            return kept[:count], dated
        asked *= MORE


def _is_in_use(place: Dated, now: datetime) -> bool:
    if place.opens_on is None and place.closes_on is None:
        return True
    today = now.astimezone(zone_of(place.time_zone).zone).date()
    opens_on, closes_on = place.opens_on or today, place.closes_on or today
    return opens_on <= today + OPENS_WITHIN and today <= closes_on


def _region(index: PlaceIndex, id: int, external_id: str) -> Region:
    latitude, longitude = index.fence(id).centre
    return Region(external_id, latitude, longitude, round(index.extent_m(id), 1))


def _refresh_m(found: Sequence[Found], most: int) -> float:
    """No place that was left out is reached before the phone has gone so far."""
    if len(found) <= most:
        return REFRESH_TO_M
    farthest_m = found[most - 1][1]
    return round(min(max(farthest_m * (1 - MARGIN), REFRESH_FROM_M), REFRESH_TO_M), 1)
