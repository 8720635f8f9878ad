"""The next people of an expansion, in the order of their ids: reads as few as it can."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audience.services.people import canonical_ids
from audience.sql import run
from orchestrator.pipeline.expansions import Taken
from triggers.clock import known_zones
from triggers.services import joined
from triggers.trigger import Audience, BusinessTrigger, DateTrigger, Trigger

CHUNK = 200
# A date may be written in any zone, so days around it are looked at too.
AROUND = range(-2, 3)


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Canonical people, and the cursor after them; `last` when nobody comes after."""

    people: list[int]
    cursor: int
    last: bool


def next_people(taken: Taken, trigger: Trigger, *, now: datetime) -> Crowd:
    if isinstance(trigger, BusinessTrigger) and trigger.audience:
        return _joined(taken, trigger.audience, now=now)
    if isinstance(trigger, DateTrigger):
        return _dated(taken, trigger)
    return _everyone(taken)


def _everyone(taken: Taken) -> Crowd:
    zones = taken.occasion.zones
    rows = run(
        """
        SELECT id FROM audience_person
        WHERE workspace_id = %(workspace)b AND id > %(cursor)b AND merged_into_id IS NULL
          AND (%(all)b OR time_zone = ANY(%(zones)b::text[])
               OR (%(unknown)b AND time_zone <> ALL(%(known)b::text[])))
        ORDER BY id LIMIT %(limit)b
        """,
        workspace=taken.workspace_id,
        cursor=taken.cursor,
        all=zones is None,
        zones=list(zones or ()),
        unknown=zones is not None and "" in zones,
        known=list(known_zones()) if zones else [],
        limit=CHUNK,
    )
    return _crowd([row[0] for row in rows], taken.cursor)


def _dated(taken: Taken, trigger: DateTrigger) -> Crowd:
    """Those whose trait is written as a day that may lead to this slot."""
    rows = run(
        """
        SELECT id FROM audience_person
        WHERE workspace_id = %(workspace)b AND id > %(cursor)b AND merged_into_id IS NULL
          AND substr(traits #>> %(path)b::text[], %(from)b::int, %(chars)b::int)
              = ANY(%(days)b::text[])
        ORDER BY id LIMIT %(limit)b
        """,
        **{"from": 6 if trigger.yearly else 1},
        chars=5 if trigger.yearly else 10,
        workspace=taken.workspace_id,
        cursor=taken.cursor,
        path=trigger.trait.split("."),
        days=days_around(trigger, taken.due_at),
        limit=CHUNK,
    )
    return _crowd([row[0] for row in rows], taken.cursor)


def days_around(trigger: DateTrigger, at: datetime) -> list[str]:
    """The days, as a date is written, from which the trigger may lead to this time."""
    middle = at - timedelta(days=trigger.days, hours=trigger.hours)
    days = [(middle + timedelta(days=day)).date() for day in AROUND]
    if not trigger.yearly:
        return [day.isoformat() for day in days]
    found = {day.isoformat()[5:] for day in days}
    return sorted(found | {"02-29"} if "02-28" in found else found)


def _joined(taken: Taken, who: Audience, *, now: datetime) -> Crowd:
    """Those who did the event with the value that the business event has."""
    digest = joined.digest(
        workspace_id=taken.workspace_id,
        event=who.event,
        property=who.property,
        value=joined.value_at(taken.occasion.properties, who.equals),
    )
    rows = run(
        """
        SELECT person_id FROM triggers_joined
        WHERE digest = %(digest)b AND person_id > %(cursor)b AND occurred_at >= %(since)b
        ORDER BY person_id LIMIT %(limit)b
        """,
        digest=digest or b"",
        cursor=taken.cursor,
        since=now - timedelta(seconds=who.within_s),
        limit=CHUNK,
    )
    crowd = _crowd([row[0] for row in rows], taken.cursor)
    canonical = set(canonical_ids(crowd.people).values())
    return Crowd(people=sorted(canonical), cursor=crowd.cursor, last=crowd.last)


def _crowd(ids: list[int], cursor: int) -> Crowd:
    return Crowd(people=ids, cursor=ids[-1] if ids else cursor, last=len(ids) < CHUNK)
