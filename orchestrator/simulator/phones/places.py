"""The map's facts: the stores on it, and where phones are by name. No position is kept here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from audience.sql import run
from orchestrator.simulator.phones.cast import MOVED
from triggers.models import Event, Place
from triggers.models.place import HERE
from triggers.places import hours
from triggers.places.crossings import CROSSINGS, ENTERED, ENTERED_PERHAPS, ENTERED_SURELY
from triggers.places.hours import opening
from triggers.rules.values import printable

MOST_STORES = 1_000  # a workspace's own 100,000 are not drawn
MOST_CROSSINGS = 30
MOST_PRESENCES = 200
ENTRIES = (ENTERED_PERHAPS, ENTERED, ENTERED_SURELY)


class Store(msgspec.Struct, kw_only=True):
    """A place as the map draws it; `area` is GeoJSON."""

    external_id: str
    name: str
    latitude: float
    longitude: float
    radius_m: float
    area: dict[str, Any] | None
    is_open: bool


class Here(msgspec.Struct, kw_only=True):
    """A place that a phone is near or inside of. `level` is that of triggers.places: 0 is near."""

    place: str
    name: str
    level: int
    since: datetime


class Crossing(msgspec.Struct, kw_only=True):
    """What happened between a phone and a place.

    `event` is its name in the log, `ids` are those of the events it stands for.
    """

    ids: list[str]
    phone: str
    who: str
    event: str
    place: str
    name: str
    distance_m: float | None
    confidence: str
    visit_seconds: int | None
    occurred_at: datetime


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """`here` by phone; `unused` says of a phone why its last position was not used.

    `crossings` are newest first.
    """

    here: dict[str, list[Here]] = {}
    unused: dict[str, str] = {}
    crossings: list[Crossing] = []


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Who has a phone; `ids` are all persons of them."""

    phone: str
    who: str
    ids: tuple[int, ...]


def stores(*, workspace: str, now: datetime) -> list[Store]:
    """`workspace` is its key."""
    places = Place.objects.filter(HERE, workspace__key=workspace).select_related("workspace")
    return [store(one, now=now) for one in places.order_by("pk")[:MOST_STORES]]


def store(place: Place, *, now: datetime) -> Store:
    zone = ZoneInfo(place.time_zone or place.workspace.time_zone)
    state = opening(
        hours.read(place.hours) if place.hours else None,
        now,
        zone,
        opens_on=place.opens_on,
        closes_on=place.closes_on,
    )
    return Store(
        external_id=place.external_id,
        name=printable(place.name),
        latitude=place.latitude,
        longitude=place.longitude,
        radius_m=place.radius_m,
        area=place.area,
        is_open=state.is_open,
    )


def read(*, workspace: int, carriers: Sequence[Carrier]) -> Whereabouts:
    """In three queries, however many phones."""
    of = {id: carrier for carrier in carriers for id in carrier.ids}
    if not of:
        return Whereabouts()
    crossings = [as_crossing(same, of[same[0].person_id]) for same in merged(events_of(of))]
    return Whereabouts(here=here(workspace, carriers), unused=unused(carriers), crossings=crossings)


def here(workspace: int, carriers: Sequence[Carrier]) -> dict[str, list[Here]]:
    """The surest first; a place that two devices of a person tell of counts once."""
    rows = run(
        """
        SELECT p.person_id, s.external_id, s.name, max(p.level),
               min(coalesce(p.entered_at, p.near_since))
        FROM triggers_presence p JOIN triggers_place s ON s.id = p.place_id
        WHERE p.person_id = ANY(%(people)b::bigint[]) AND p.workspace_id = %(workspace)b
        GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5, 2 LIMIT %(most)b
        """,
        people=sorted({id for carrier in carriers for id in carrier.ids}),
        workspace=workspace,
        most=MOST_PRESENCES,
    )
    return {
        carrier.phone: [
            Here(place=row[1], name=printable(row[2]), level=row[3], since=row[4])
            for row in rows
            if row[0] in carrier.ids
        ]
        for carrier in carriers
    }


def unused(carriers: Sequence[Carrier]) -> dict[str, str]:
    rows = run(
        """
        SELECT DISTINCT ON (person_id) person_id, occurred_at, coalesce(context ->> 'position', '')
        FROM triggers_event WHERE person_id = ANY(%(people)b::bigint[]) AND name = %(moved)b
        ORDER BY person_id, occurred_at DESC, sequence DESC
        """,
        people=sorted({id for carrier in carriers for id in carrier.ids}),
        moved=MOVED,
    )
    newest = sorted(rows, key=lambda row: row[1], reverse=True)
    reasons = {
        carrier.phone: next((reason for id, _, reason in newest if id in carrier.ids), "")
        for carrier in carriers
    }
    return {phone: reason for phone, reason in reasons.items() if reason}


def events_of(people: Iterable[int]) -> list[Event]:
    """Newest first."""
    return list(
        Event.objects.filter(person_id__in=sorted(people), name__in=CROSSINGS).order_by(
            "-received_at", "-sequence", "-id"
        )[:MOST_CROSSINGS]
    )


def merged(events: Iterable[Event]) -> list[list[Event]]:
    """One position may tell of an entry in three events; the surest comes first."""
    told: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        kind = "entered" if event.name in ENTRIES else event.name
        place = event.properties.get("place")
        told.setdefault((event.person_id, place, event.occurred_at, kind), []).append(event)
    return list(told.values())


def as_crossing(same: Sequence[Event], carrier: Carrier) -> Crossing:
    event = same[0]
    facts = event.properties
    return Crossing(
        ids=[str(one.id) for one in same],
        phone=carrier.phone,
        who=carrier.who,
        event=event.name,
        place=facts.get("place", ""),
        name=printable(facts.get("place_name", "")),
        distance_m=facts.get("distance_m"),
        confidence=facts.get("confidence", ""),
        visit_seconds=facts.get("visit_seconds"),
        occurred_at=event.occurred_at,
    )
