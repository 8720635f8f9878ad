"""One phone at one place: near it, inside it, gone again. Each crossing comes once a visit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from triggers.places.crossings import (
    APPROACHED,
    DWELLED,
    ENTERED,
    ENTERED_PERHAPS,
    ENTERED_SURELY,
    EXITED,
)
from triggers.places.fixes import Bearing, Fix

DWELL: Final = timedelta(minutes=5)
LEAVING: Final = timedelta(seconds=60)
MIN_MARGIN_M: Final = 30.0
# One accuracy holds two thirds of a phone's fixes only: at a border a third would be outside.
ACCURACIES: Final = 2
MARGIN_OF_RADIUS: Final = 0.15


class Level(IntEnum):
    """How sure it is that the phone is inside; NEAR is outside, but in the ring around."""

    NEAR = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def confidence(self) -> str:
        return self.name.lower()


_ENTERING: Final = (
    (Level.LOW, ENTERED_PERHAPS),
    (Level.MEDIUM, ENTERED),
    (Level.HIGH, ENTERED_SURELY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One phone at one place.

    level: the surest of this visit. near_since: the start of it, or the exit of the last one; it
    equals outside_since where that first fix outside was beyond the ring, too.
    entered_at: since when at least MEDIUM. outside_since: the first fix outside, unconfirmed.
    """

    place: int
    level: Level
    near_since: datetime
    entered_at: datetime | None = None
    outside_since: datetime | None = None
    dwelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One event of a visit.

    at: when it was so, not when it was found out. confidence: low, medium or high. distance_m:
    from the fix to the centre; None where time or a phone's bare word decided, and for exits,
    whose fix is not kept. visit_s: whole seconds from entering to leaving, of an exit only.
    """

    place: int
    name: str
    at: datetime
    distance_m: float | None = None
    confidence: str
    visit_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A phone at a place, by a fix or by its own word."""

    place: int
    at: datetime
    level: Level
    distance_m: float | None = None


Step = tuple[Presence | None, tuple[Crossing, ...]]
"""What is known afterwards, None where nothing need be, and what happened."""


def step(presence: Presence | None, *, place: int, fix: Fix, bearing: Bearing) -> Step:
    """A fix, taken for one place. One no newer than what is known of it changes nothing."""
    if presence is None:
        return _around(None, place, fix, bearing)
    if fix.occurred_at <= _known_since(presence):
        return presence, ()
    if presence.level == Level.NEAR:
        return _around(presence, place, fix, bearing)
    if bearing.edge_m <= _margin_m(fix, bearing):
        return inside(presence, _sighted(place, fix, bearing))
    if presence.outside_since is None:
        return _leaving(presence, fix, bearing), ()
    after, exits = _confirmed(presence, presence.outside_since)
    after, approaches = _around(after, place, fix, bearing)
    return after, exits + approaches


def inside(presence: Presence, sighting: Sighting) -> tuple[Presence, tuple[Crossing, ...]]:
    """Each level that this visit had not yet reached is an event of its own."""
    reached = [name for level, name in _ENTERING if presence.level < level <= sighting.level]
    after = Presence(
        place=presence.place,
        level=max(presence.level, sighting.level),
        near_since=presence.near_since,
        entered_at=sighting.at if ENTERED in reached else presence.entered_at,
        dwelled=presence.dwelled,
    )
    return after, tuple(_crossing(name, sighting) for name in reached)


def left(presence: Presence, at: datetime) -> tuple[Presence, tuple[Crossing, ...]]:
    """Near it still; the end of a visit that never was likely is no event."""
    near = Presence(place=presence.place, level=Level.NEAR, near_since=at)
    if presence.entered_at is None:
        return near, ()
    crossing = Crossing(
        place=presence.place,
        name=EXITED,
        at=at,
        confidence=presence.level.confidence,
        visit_s=int((at - presence.entered_at).total_seconds()),
    )
    return near, (crossing,)


def due_at(presence: Presence) -> datetime | None:
    """When time alone changes this presence: it exits, or has dwelled."""
    if presence.outside_since is not None:
        return presence.outside_since + LEAVING
    if presence.entered_at is None or presence.dwelled:
        return None
    return presence.entered_at + DWELL


def overdue(presence: Presence) -> Step:
    """What happens at due_at()."""
    if presence.outside_since is not None:
        return _confirmed(presence, presence.outside_since)
    if presence.entered_at is None or presence.dwelled:
        return presence, ()
    crossing = Crossing(
        place=presence.place,
        name=DWELLED,
        at=presence.entered_at + DWELL,
        confidence=presence.level.confidence,
    )
    return replace(presence, dwelled=True), (crossing,)


def _known_since(presence: Presence) -> datetime:
    """What is older than this can change the presence no more."""
    return max(presence.near_since, presence.entered_at or presence.near_since)


def level_of(fix: Fix, bearing: Bearing) -> Level:
    """By the circle of the fix's accuracy: wholly, mostly or perhaps inside the fence."""
    if bearing.edge_m + fix.accuracy_m <= 0:
        return Level.HIGH
    if bearing.edge_m <= 0:
        return Level.MEDIUM
    return Level.LOW if bearing.edge_m <= fix.accuracy_m else Level.NEAR


def _around(presence: Presence | None, place: int, fix: Fix, bearing: Bearing) -> Step:
    """A phone that was not inside before."""
    sighting = _sighted(place, fix, bearing)
    near = presence or Presence(place=place, level=Level.NEAR, near_since=fix.occurred_at)
    if sighting.level > Level.NEAR:
        return inside(near, sighting)
    if _is_gone(fix, bearing):
        return None, ()
    if presence is not None or bearing.edge_m > bearing.approach_m:
        return presence, ()
    is_sure = bearing.edge_m + fix.accuracy_m <= bearing.approach_m
    ring = replace(sighting, level=Level.HIGH if is_sure else Level.MEDIUM)
    return near, (_crossing(APPROACHED, ring),)


def _leaving(presence: Presence, fix: Fix, bearing: Bearing) -> Presence:
    near_since = fix.occurred_at if _is_gone(fix, bearing) else presence.near_since
    return replace(presence, outside_since=fix.occurred_at, near_since=near_since)


def _confirmed(presence: Presence, outside_since: datetime) -> Step:
    near, crossings = left(presence, outside_since)
    is_gone = presence.near_since == outside_since
    return None if is_gone else near, crossings


def _is_gone(fix: Fix, bearing: Bearing) -> bool:
    """So far that coming back is a new approach."""
    return bearing.edge_m > bearing.approach_m + _margin_m(fix, bearing)


def _margin_m(fix: Fix, bearing: Bearing) -> float:
    """How far a phone must be past a border, lest noise carry it to and fro."""
    return max(ACCURACIES * fix.accuracy_m, MARGIN_OF_RADIUS * bearing.radius_m, MIN_MARGIN_M)


def _sighted(place: int, fix: Fix, bearing: Bearing) -> Sighting:
    return Sighting(
        place=place,
        at=fix.occurred_at,
        level=level_of(fix, bearing),
        distance_m=bearing.centre_m,
    )


def _crossing(name: str, sighting: Sighting) -> Crossing:
    return Crossing(
        place=sighting.place,
        name=name,
        at=sighting.at,
        distance_m=sighting.distance_m,
        confidence=sighting.level.confidence,
    )
