"""Which places a phone is near and inside of, and what happens at their borders.

Nothing depends on when a fix is looked at, only on when it was made: a batch that comes late
gives the crossings that the live stream gave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from triggers.places.cells import cell_of
from triggers.places.crossings import EXITED
from triggers.places.fixes import (
    MAX_ACCURACY_M,
    MISSING_ACCURACY_M,
    Bearing,
    Fix,
    Ignored,
    Report,
    Track,
    ignored,
)
from triggers.places.visits import (
    Crossing,
    Level,
    Presence,
    Sighting,
    Step,
    due_at,
    inside,
    left,
    level_of,
    overdue,
    step,
)

__all__ = [
    "MAX_ACCURACY_M",
    "MISSING_ACCURACY_M",
    "Bearing",
    "Crossing",
    "Fix",
    "Followed",
    "Ignored",
    "Level",
    "Presence",
    "Report",
    "Seen",
    "Track",
    "due_at",
    "follow",
    "later",
    "report",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that is known of one person's one device."""

    track: Track | None = None
    presences: tuple[Presence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What is known now, and what happened, in order. ignored: why nothing did, or ""."""

    seen: Seen
    crossings: tuple[Crossing, ...] = ()
    ignored: str = ""


def follow(seen: Seen, fix: Fix, known: Mapping[int, Bearing]) -> Followed:
    """known: every place near the fix, and every place of `seen` that has not been removed."""
    if reason := ignored(seen.track, fix):
        return Followed(seen=seen, ignored=reason)
    passed = later(seen, fix.occurred_at)
    before = {presence.place: presence for presence in passed.seen.presences}
    nearest_first = sorted(known, key=lambda place: (known[place].centre_m, place))
    steps = [
        step(before.get(place), place=place, fix=fix, bearing=known[place])
        for place in nearest_first
    ]
    made = [crossing for _, crossings in steps for crossing in crossings]
    made.sort(key=lambda crossing: crossing.name != EXITED)
    track = Track(fixed_at=fix.occurred_at, cell=cell_of(fix.at))
    after = _seen(track, (presence for presence, _ in steps))
    return _and_overdue(after, (*passed.crossings, *made), fix.occurred_at)


def report(seen: Seen, report: Report, bearing: Bearing | None) -> Followed:
    """bearing: of the place from the report's fix, if it has one.

    That fix is heard about this place alone and moves no track: follow() it, too.
    """
    if _is_old(seen, report):
        return Followed(seen=seen, ignored=Ignored.OUT_OF_ORDER)
    passed = later(seen, report.occurred_at)
    before = {presence.place: presence for presence in passed.seen.presences}
    presence = before.pop(report.place, None)
    if report.entered:
        after, made = _reported_inside(presence, _sighted(seen.track, report, bearing))
    else:
        after, made = _reported_outside(presence, report.occurred_at)
    heard = _seen(seen.track, (*before.values(), after))
    return _and_overdue(heard, (*passed.crossings, *made), report.occurred_at)


def later(seen: Seen, now: datetime) -> Followed:
    """What time alone has changed up to and including `now`."""
    due = sorted(
        (at, presence.place)
        for presence in seen.presences
        if (at := due_at(presence)) is not None and at <= now
    )
    if not due:
        return Followed(seen=seen)
    steps: dict[int, Step] = {presence.place: (presence, ()) for presence in seen.presences}
    for _, place in due:
        presence, _ = steps[place]
        if presence is not None:
            steps[place] = overdue(presence)
    made = tuple(crossing for _, place in due for crossing in steps[place][1])
    return Followed(seen=_seen(seen.track, (one for one, _ in steps.values())), crossings=made)


def _seen(track: Track | None, presences: Iterable[Presence | None]) -> Seen:
    kept = [presence for presence in presences if presence is not None]
    return Seen(track=track, presences=tuple(sorted(kept, key=lambda one: one.place)))


def _and_overdue(seen: Seen, crossings: tuple[Crossing, ...], now: datetime) -> Followed:
    """A dwell that waited for a sign that the phone is still inside has it now."""
    after = later(seen, now)
    return replace(after, crossings=(*crossings, *after.crossings))


def _is_old(seen: Seen, report: Report) -> bool:
    presence = next((one for one in seen.presences if one.place == report.place), None)
    if presence is None:
        return False
    return report.occurred_at < (presence.entered_at or presence.near_since)


def _sighted(track: Track | None, report: Report, bearing: Bearing | None) -> Sighting:
    level, distance_m = Level.MEDIUM, None
    reason = ignored(track, report.fix) if report.fix else None
    # Its fix may have been followed already: that it is not new makes it no worse.
    if report.fix and bearing and reason in (None, Ignored.OUT_OF_ORDER):
        level = max(level, level_of(report.fix, bearing))
        distance_m = bearing.centre_m
    return Sighting(place=report.place, at=report.occurred_at, level=level, distance_m=distance_m)


def _reported_inside(presence: Presence | None, sighting: Sighting) -> Step:
    near = presence or Presence(place=sighting.place, level=Level.NEAR, near_since=sighting.at)
    after, made = inside(near, sighting)
    if near.outside_since is not None and near.outside_since > sighting.at:
        after = replace(after, outside_since=near.outside_since)  # by a fix since then
    return after, made


def _reported_outside(presence: Presence | None, at: datetime) -> Step:
    if presence is None or presence.level == Level.NEAR:
        return presence, ()
    return left(presence, at)
