"""Indexes of places, kept by the process, which catch up by the workspace's places_version.

Whoever asks for a version waits for it. An index is never changed once it was handed out: what
is new goes into a copy.
"""

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import Any

from triggers.places.geometry import Fence, Polygon, Position
from triggers.places.index import PlaceIndex
from triggers.selectors.places import Changed, changed_since

MOST_PLACES = 300_000  # of all workspaces together; the one asked last is kept in any case


@dataclass(frozen=True, slots=True)
class Kept:
    """An index with every change up to a version."""

    version: int = 0
    index: PlaceIndex = field(default_factory=PlaceIndex)


_kept: OrderedDict[int, Kept] = OrderedDict()
_builders: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
_lock = threading.Lock()


def index_of(workspace_id: int, version: int) -> PlaceIndex:
    """With every change up to this version at least; no query where it is known already."""
    known = _known(workspace_id)
    if known.version >= version:
        return known.index
    with _lock:
        builder = _builders[workspace_id]
    with builder:
        known = _known(workspace_id)
        if known.version < version:
            known = Kept(version, _caught_up(known, workspace_id))
            _keep(workspace_id, known)
    return known.index


def forget() -> None:
    """Build every index anew."""
    with _lock:
        _kept.clear()


def _known(workspace_id: int) -> Kept:
    with _lock:
        if workspace_id not in _kept:
            return Kept()
        _kept.move_to_end(workspace_id)
        return _kept[workspace_id]


def _keep(workspace_id: int, made: Kept) -> None:
    with _lock:
        _kept[workspace_id] = made
        _kept.move_to_end(workspace_id)
        while len(_kept) > 1 and sum(len(one.index) for one in _kept.values()) > MOST_PLACES:
            _kept.popitem(last=False)


def _caught_up(known: Kept, workspace_id: int) -> PlaceIndex:
    index = known.index.copy() if known.version else PlaceIndex()
    for place in changed_since(workspace_id=workspace_id, version=known.version):
        if place.removed:
            index.remove(place.id)
        else:
            index.put(place.id, _fence(place), place.approach_m)
    return index


def _fence(place: Changed) -> Fence:
    return Fence(
        centre=Position(place.latitude, place.longitude),
        radius_m=place.radius_m,
        area=() if place.area is None else _polygons(place.area),
    )


def _polygons(area: dict[str, Any]) -> tuple[Polygon, ...]:
    """As areas.read_area, which checked this area before it was saved."""
    alone = area["type"] == "Polygon"
    return tuple(
        tuple(
            tuple(Position(latitude, longitude) for longitude, latitude in ring[:-1])
            for ring in polygon
        )
        for polygon in ([area["coordinates"]] if alone else area["coordinates"])
    )
