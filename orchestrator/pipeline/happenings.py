"""A person's happenings as they were written, in the order of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.engine.happening import EventHappened, Happening, MomentDue, PushSettled
from campaigns.engine.hearing import SETTLED_NAMES
from campaigns.engine.knowledge import Knowledge
from campaigns.engine.logged import LoggedEvent, happened
from campaigns.engine.states import Reason
from campaigns.models.circumstance import CircumstanceKind

STATES = {name: state for state, name in SETTLED_NAMES.items()}


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """What happened under one number, or what was known from it on."""

    person_id: int
    sequence: int
    program_version: int
    what: Happening | Knowledge


def happenings_of(people: Sequence[int]) -> dict[int, list[Numbered]]:
    """By person as written, which for the time before a merge is not the canonical one."""
    found: dict[int, list[Numbered]] = {person: [] for person in people}
    for one in [*_events(people), *_circumstances(people)]:
        found[one.person_id].append(one)
    return {
        person: sorted(all_of_them, key=lambda one: one.sequence)
        for person, all_of_them in found.items()
    }


def _events(people: Sequence[int]) -> list[Numbered]:
    rows = run(
        """
        SELECT person_id, sequence, program_version, decided_at,
               id, message_id, type, name, properties, context, device_id, source, occurred_at,
               received_at
        FROM triggers_event WHERE person_id = ANY(%(people)b::bigint[])
        """,
        people=people,
    )
    return [
        Numbered(person_id=row[0], sequence=row[1], program_version=row[2], what=_happening(row))
        for row in rows
    ]


def _happening(row: tuple[Any, ...]) -> EventHappened | PushSettled:
    decode = msgspec.json.decode
    logged = LoggedEvent._make((*row[4:8], decode(row[8]), decode(row[9]), *row[10:]))
    event = happened(logged, decided_at=row[3])
    if logged.type != "settled":
        return event
    return PushSettled(
        moment=UUID(event.properties["moment_id"]),
        push=UUID(event.properties["push_id"]),
        state=STATES[event.name],
        reason=Reason(event.properties["reason"]),
        event=event,
        decided_at=event.decided_at,
    )


def _circumstances(people: Sequence[int]) -> list[Numbered]:
    rows = run(
        """
        SELECT person_id, sequence, program_version, decided_at, kind, document
        FROM campaigns_circumstance WHERE person_id = ANY(%(people)b::bigint[])
        """,
        people=people,
    )
    return [
        Numbered(person_id=row[0], sequence=row[1], program_version=row[2], what=_known(row))
        for row in rows
    ]


def _known(row: tuple[Any, ...]) -> MomentDue | Knowledge:
    if row[4] == CircumstanceKind.KNOWN:
        return msgspec.json.decode(row[5], type=Knowledge)
    return MomentDue(moment=UUID(msgspec.json.decode(row[5])["moment"]), decided_at=row[3])
