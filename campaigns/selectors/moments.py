"""Reading moments that are not over, and when moments last passed their checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.engine.happening import EventHappened
from campaigns.engine.logged import LoggedEvent, happened
from campaigns.engine.state import MomentOfPerson, Slot
from campaigns.engine.states import MomentState, PushState


def open_of(*, people: Mapping[int, int], now: datetime) -> dict[int, dict[UUID, MomentOfPerson]]:
    """Moments that are not over, by canonical person; `people` maps every id to that person.

    A push is over when its moment was told so, whatever its row says already. The event is only
    read where it may be asked for again: while a moment waits, or may be cancelled.
    """
    rows = run(
        """
        SELECT m.person_id, m.id, m.campaign_id, m.version_id, m.state, m.key, m.expires_at,
               m.chain, e.id, e.message_id, e.type, e.name, e.properties, e.context, e.device_id,
               e.source, e.occurred_at, e.received_at, pushes.ids, pushes.states
        FROM campaigns_moment m
        LEFT JOIN LATERAL (
            SELECT array_agg(p.id ORDER BY p.id) AS ids, bool_or(p.can_be_cancelled) AS patient,
                   array_agg(CASE WHEN p.told THEN p.state ELSE 'pending' END ORDER BY p.id)
                       AS states
            FROM campaigns_push p WHERE p.moment_id = m.id) pushes ON m.state <> 'waiting'
        LEFT JOIN triggers_event e ON (m.state = 'waiting' OR pushes.patient)
             AND e.received_at = m.received_at AND e.id = m.event_id
        WHERE m.person_id = ANY(%(people)b::bigint[]) AND m.ended_at IS NULL
        ORDER BY m.sequence, m.id
        """,
        people=sorted(people),
    )
    result: dict[int, dict[UUID, MomentOfPerson]] = {}
    for row in rows:
        result.setdefault(people[row[0]], {})[row[1]] = MomentOfPerson(
            id=row[1],
            campaign_id=row[2],
            version_id=row[3],
            state=MomentState(row[4]),
            key=row[5],
            expires_at=row[6],
            chain=row[7],
            event=event_of(row[8:18], now=now),
            pushes=dict(zip(row[18] or (), map(PushState, row[19] or ()), strict=True)),
        )
    return result


def event_of(row: Sequence[Any], *, now: datetime) -> EventHappened | None:
    if row[0] is None:
        return None
    logged = LoggedEvent(
        id=row[0],
        message_id=row[1],
        type=row[2],
        name=row[3],
        properties=msgspec.json.decode(row[4]),
        context=msgspec.json.decode(row[5]),
        device_id=row[6],
        source=row[7],
        occurred_at=row[8],
        received_at=row[9],
    )
    return happened(logged, decided_at=now)


@dataclass
class Passed:
    """When moments of (campaign, key) passed their checks, and the tags of their places."""

    slots: dict[Slot, dict[UUID, datetime]] = field(default_factory=dict)
    tagged: dict[UUID, tuple[str, ...]] = field(default_factory=dict)


def passed_by(*, people: Mapping[int, int], campaigns: Sequence[int]) -> dict[int, Passed]:
    """By canonical person: the newest of each slot that was sent, and each that is on its way.

    A moment that passed and then was not sent has given its slot back.
    """
    if not campaigns:
        return {}
    rows = run(
        """
        (SELECT DISTINCT ON (person_id, campaign_id, key)
                person_id, campaign_id, key, id, passed_at, tags
         FROM campaigns_moment
         WHERE person_id = ANY(%(people)b::bigint[])
           AND campaign_id = ANY(%(campaigns)b::bigint[])
           AND passed_at IS NOT NULL AND state = 'sent'
         ORDER BY person_id, campaign_id, key, passed_at DESC)
        UNION ALL
        SELECT person_id, campaign_id, key, id, passed_at, tags FROM campaigns_moment
        WHERE person_id = ANY(%(people)b::bigint[]) AND campaign_id = ANY(%(campaigns)b::bigint[])
          AND passed_at IS NOT NULL AND state = 'pushing'
        """,
        people=sorted(people),
        campaigns=sorted(campaigns),
    )
    result: dict[int, Passed] = {}
    for person, campaign, key, id, at, tags in rows:
        passed = result.setdefault(people[person], Passed())
        passed.slots.setdefault((campaign, key), {})[id] = at
        if tags:
            passed.tagged[id] = tuple(tags)
    return result


def people_due(*, now: datetime, limit: int) -> list[int]:
    """People with a moment of a live campaign whose wait is over, the most overdue first."""
    rows = run(
        """
        SELECT m.person_id FROM campaigns_moment m
        JOIN campaigns_campaign c ON c.id = m.campaign_id AND c.state = 'live'
        WHERE m.state = 'waiting' AND m.due_at <= %(now)b
        ORDER BY m.due_at LIMIT %(limit)b
        """,
        now=now,
        limit=limit,
    )
    return list(dict.fromkeys(row[0] for row in rows))


def versions_of(moments: Sequence[UUID]) -> set[tuple[int, int, int]]:
    """The workspaces, campaigns and versions these moments were opened by."""
    rows = run(
        "SELECT DISTINCT workspace_id, campaign_id, version_id FROM campaigns_moment "
        "WHERE id = ANY(%(ids)b::uuid[])",
        ids=sorted(moments),
    )
    return {(row[0], row[1], row[2]) for row in rows}


def due_of(*, people: Sequence[int], now: datetime) -> list[tuple[UUID, int, datetime]]:
    """Due moments of people held locked: id, person id as written, and when they were due."""
    rows = run(
        """
        SELECT m.id, m.person_id, m.due_at FROM campaigns_moment m
        JOIN campaigns_campaign c ON c.id = m.campaign_id AND c.state = 'live'
        WHERE m.person_id = ANY(%(people)b::bigint[]) AND m.ended_at IS NULL
          AND m.state || '' = 'waiting'  -- or the index of all who wait looks cheaper
          AND m.due_at <= %(now)b
        ORDER BY m.due_at, m.id
        """,
        people=sorted(people),
        now=now,
    )
    return [(row[0], row[1], row[2]) for row in rows]
