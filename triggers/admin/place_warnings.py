"""What is no error about a fence, and still worth a second look."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from triggers.places.areas import AreaError, read_area
from triggers.places.geometry import Fence, Position, corners, distance_m, edge_distance_m, extent_m
from triggers.selectors.place_map import Shown, neighbours

PRECISE_M = 150
MOST_NAMED = 5
SMALL = "A radius under 150 m is finer than a phone’s position: some visits will be missed."


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Names of other places: around this fence, inside it, or crossing its edge."""

    around: list[str]
    inside: list[str]
    crossing: list[str]


def fence_of(latitude: float, longitude: float, radius_m: float, area: Any) -> Fence:
    """Raises AreaError."""
    polygons = read_area(area) if area else ()
    return Fence(centre=Position(latitude, longitude), radius_m=radius_m, area=polygons)


def warnings_of(fence: Fence, *, workspace_id: int, own_id: int | None) -> list[str]:
    small = [SMALL] if fence.radius_m < PRECISE_M else []
    others = neighbours(workspace_id=workspace_id, at=fence.centre, extent_m=extent_m(fence))
    found = _sorted(fence, [one for one in others if one.id != own_id])
    lines = [
        ("It lies inside {}. A phone in it is in both.", found.around),
        ("{} inside it. A phone in there is in both.", found.inside),
        ("It overlaps {}. A phone between them is in both.", found.crossing),
    ]
    said = [_sentence(text, names) for text, names in lines if names]
    return small + said


def _sentence(text: str, names: list[str]) -> str:
    verb = " lies" if len(names) == 1 else " lie"
    return text.format(_listed(names) + (verb if text.startswith("{}") else ""))


def _sorted(fence: Fence, others: list[Shown]) -> Neighbours:
    found = Neighbours([], [], [])
    for one in others:
        try:
            other = fence_of(one.latitude, one.longitude, one.radius_m, one.area)
        except AreaError:
            continue  # it was checked when it was saved; today's checks are no reason to fail
        if _is_inside(fence, other):
            found.around.append(one.name)
        elif _is_inside(other, fence):
            found.inside.append(one.name)
        elif _touch(fence, other):
            found.crossing.append(one.name)
    return found


def _is_inside(inner: Fence, outer: Fence) -> bool:
    if not inner.area:
        return edge_distance_m(outer, inner.centre) <= -inner.radius_m
    return all(edge_distance_m(outer, corner) <= 0 for corner in corners(inner.area))


def _touch(one: Fence, other: Fence) -> bool:
    if not one.area and not other.area:
        return distance_m(one.centre, other.centre) < one.radius_m + other.radius_m
    if not one.area:
        return edge_distance_m(other, one.centre) < one.radius_m
    if not other.area:
        return edge_distance_m(one, other.centre) < other.radius_m
    return any(_corners_inside(one, other)) or any(_corners_inside(other, one))


def _corners_inside(inner: Fence, outer: Fence) -> Iterator[bool]:
    return (edge_distance_m(outer, corner) < 0 for corner in corners(inner.area))


def _listed(names: list[str]) -> str:
    shown = [f"“{name}”" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
