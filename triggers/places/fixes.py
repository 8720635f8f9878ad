"""Positions as phones tell them, and which of them are ignored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from triggers.places.cells import Cell, cell_distance_m
from triggers.places.geometry import Position

MISSING_ACCURACY_M: Final = 50.0
MAX_ACCURACY_M: Final = 500.0
MAX_SPEED_MPS: Final = 300 / 3.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One position of a phone. accuracy_m: MISSING_ACCURACY_M where the phone gave none."""

    at: Position
    accuracy_m: float
    is_mock: bool = False
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A phone's own word that it entered or left a place. fix: what it knew then, if it said."""

    place: int
    entered: bool
    occurred_at: datetime
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The last fix that was followed: its time, and only roughly where."""

    fixed_at: datetime
    cell: Cell


class Bearing(NamedTuple):
    """A place as seen from a fix, in metres. edge_m is negative inside the fence."""

    edge_m: float
    centre_m: float
    radius_m: float
    approach_m: float


class Ignored(StrEnum):
    INACCURATE = "inaccurate"
    MOCK = "mock"
    OUT_OF_ORDER = "out_of_order"
    TOO_FAST = "too_fast"


def ignored(track: Track | None, fix: Fix) -> Ignored | None:
    """Why this fix moves nobody, or None."""
    if fix.is_mock:
        return Ignored.MOCK
    if fix.accuracy_m > MAX_ACCURACY_M:
        return Ignored.INACCURATE
    if track is None:
        return None
    if fix.occurred_at <= track.fixed_at:
        return Ignored.OUT_OF_ORDER
    return Ignored.TOO_FAST if _is_too_fast(track, fix) else None


def _is_too_fast(track: Track, fix: Fix) -> bool:
    """Only where no two points of the cell and of the fix's own circle are near enough."""
    seconds = (fix.occurred_at - track.fixed_at).total_seconds()
    least_m = cell_distance_m(track.cell, fix.at) - fix.accuracy_m
    return least_m > seconds * MAX_SPEED_MPS
