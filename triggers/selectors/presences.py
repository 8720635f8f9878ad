"""Reading where phones were last, and which places they are near or inside of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

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
    """What the tables say of some people's phones. `aliases` are the people under whom a phone's
    rows still stand, who became the one that has it now."""

    phones: dict[Phone, Seen] = field(default_factory=dict)
    sources: dict[Phone, str] = field(default_factory=dict)
    aliases: dict[Phone, set[int]] = field(default_factory=dict)

    def seen(self, phone: Phone) -> Seen:
        return self.phones.get(phone) or Seen()


def seen_of(*, people: Mapping[int, int]) -> Written:
    """By canonical person; `people` maps every id to that person.

    Where two people became one, the phone that both had is where it was seen last.
    """
    tracks, presences = _tracks(sorted(people)), _presences(sorted(people))
    found = Written()
    for alias, device in {row[:2] for row in tracks} | {row[:2] for row in presences}:
        if people[alias] != alias:
            found.aliases.setdefault(Phone(people[alias], device), set()).add(alias)
    last = {Phone(people[person], device): track for person, device, track in tracks}
    near: dict[Phone, dict[int, Presence]] = {phone: {} for phone in last}
    for person, device, presence, source in presences:
        phone = Phone(people[person], device)
        found.sources[phone] = source
        near.setdefault(phone, {})[presence.place] = presence
    found.phones = {
        phone: Seen(track=last.get(phone), presences=tuple(places.values()))
        for phone, places in near.items()
    }
    return found


def _tracks(ids: list[int]) -> list[tuple[int, int, Track]]:
    """With person and device, the newest last."""
    rows = run(
        "SELECT person_id, device_id, fixed_at, cell_latitude, cell_longitude FROM triggers_track "
        "WHERE person_id = ANY(%(ids)b::bigint[]) ORDER BY fixed_at",
        ids=ids,
    )
    return [(row[0], row[1], Track(fixed_at=row[2], cell=(row[3], row[4]))) for row in rows]


def _presences(ids: list[int]) -> list[tuple[int, int, Presence, str]]:
    """With person, device and source, the newest last."""
    rows = run(
        """
        SELECT person_id, device_id, source, place_id, level, near_since, entered_at,
               outside_since, dwelled
        FROM triggers_presence WHERE person_id = ANY(%(ids)b::bigint[]) ORDER BY seen_at
        """,
        ids=ids,
    )
    return [(row[0], row[1], _presence(*row[3:]), row[2]) for row in rows]


def _presence(place: int, level: int, *times: Any) -> Presence:
    near_since, entered_at, outside_since, dwelled = times
    return Presence(
        place=place,
        level=Level(level),
        near_since=near_since,
        entered_at=entered_at,
        outside_since=outside_since,
        dwelled=dwelled,
    )


def people_due(*, now: datetime, limit: int) -> list[int]:
    """People of whose phones time alone says something new, the most overdue first."""
    rows = run(
        "SELECT person_id FROM triggers_presence WHERE due_at <= %(now)b "
        "ORDER BY due_at LIMIT %(limit)b",
        now=now,
        limit=limit,
    )
    return list(dict.fromkeys(row[0] for row in rows))
