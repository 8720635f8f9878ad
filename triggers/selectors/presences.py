"""Reading where phones were last, and which places they are near or inside of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from audience.sql import run
from triggers.places.fixes import Track
from triggers.places.presence import Seen
from triggers.places.visits import Level, Presence


class Phone(NamedTuple):
    """A person's device; 0 where positions name no device."""

    person: int
    device: int


@dataclass
class Written:
    """What the tables say of some people's phones. `aliases` are people whose rows moved on."""

    phones: dict[Phone, Seen] = field(default_factory=dict)
    sources: dict[Phone, str] = field(default_factory=dict)
    aliases: set[int] = field(default_factory=set)


def seen_of(*, people: Mapping[int, int]) -> Written:
    """By canonical person; `people` maps every id to that person.

    Where two people became one, the phone that both had is where it was seen last.
    """
    ids = sorted(people)
    tracks = run(
        "SELECT person_id, device_id, fixed_at, cell_latitude, cell_longitude FROM triggers_track "
        "WHERE person_id = ANY(%(ids)b::bigint[]) ORDER BY fixed_at",
        ids=ids,
    )
    presences = run(
        """
        SELECT person_id, device_id, place_id, level, near_since, entered_at, outside_since,
               dwelled, source
        FROM triggers_presence WHERE person_id = ANY(%(ids)b::bigint[]) ORDER BY seen_at
        """,
        ids=ids,
    )
    last = {
        Phone(people[person], device): Track(fixed_at=at, cell=(latitude, longitude))
        for person, device, at, latitude, longitude in tracks
    }
    found = Written(aliases={row[0] for row in (*tracks, *presences) if people[row[0]] != row[0]})
    near: dict[Phone, dict[int, Presence]] = {phone: {} for phone in last}
    for person, device, place, level, since, entered, outside, dwelled, source in presences:
        phone = Phone(people[person], device)
        found.sources[phone] = source
        near.setdefault(phone, {})[place] = Presence(
            place=place,
            level=Level(level),
            near_since=since,
            entered_at=entered,
            outside_since=outside,
            dwelled=dwelled,
        )
    found.phones = {
        phone: Seen(track=last.get(phone), presences=tuple(places.values()))
        for phone, places in near.items()
    }
    return found


def people_due(*, now: datetime, limit: int) -> list[int]:
    """People of whose phones time alone says something new, the most overdue first."""
    rows = run(
        "SELECT person_id FROM triggers_presence WHERE due_at <= %(now)b "
        "ORDER BY due_at LIMIT %(limit)b",
        now=now,
        limit=limit,
    )
    return list(dict.fromkeys(row[0] for row in rows))


def ids_of(*, workspace_id: int, external_ids: Collection[str]) -> dict[str, int]:
    rows = run(
        "SELECT external_id, id FROM triggers_place WHERE workspace_id = %(workspace)b "
        "AND external_id = ANY(%(ids)b::text[]) AND removed_at IS NULL",
        workspace=workspace_id,
        ids=sorted(external_ids),
    )
    return dict(rows)
