"""Reading moments that are not over, and when moments last passed their checks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.engine.happening import EventHappened
from campaigns.engine.state import MomentOfPerson
from campaigns.engine.states import MomentState, PushState


def open_of(*, people: Mapping[int, int], now: datetime) -> dict[int, dict[UUID, MomentOfPerson]]:
    """Moments that are not over, by canonical person; `people` maps every id to that person."""
    rows = run(
        """
        SELECT m.person_id, m.id, m.campaign_id, m.version_id, m.state, m.key, m.expires_at,
               e.id, e.message_id, e.name, e.properties, e.context, e.device_id, e.occurred_at,
               e.received_at,
               (SELECT array_agg(p.id ORDER BY p.id) FROM campaigns_push p
                WHERE p.moment_id = m.id),
               (SELECT array_agg(p.state ORDER BY p.id) FROM campaigns_push p
                WHERE p.moment_id = m.id)
        FROM campaigns_moment m
        LEFT JOIN triggers_event e ON e.received_at = m.received_at AND e.id = m.event_id
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
            event=event_of(row[7:15], now=now),
            pushes=dict(zip(row[15] or (), map(PushState, row[16] or ()), strict=True)),
        )
    return result


def event_of(row: Sequence[Any], *, now: datetime) -> EventHappened | None:
    if row[0] is None:
        return None
    return EventHappened(
        event_id=row[0],
        message_id=row[1],
        name=row[2],
        properties=msgspec.json.decode(row[3]),
        context=msgspec.json.decode(row[4]),
        device_id=row[5],
        occurred_at=row[6],
        received_at=row[7],
        decided_at=now,
    )


def passed_by(
    *, people: Mapping[int, int], campaigns: Sequence[int]
) -> dict[int, dict[tuple[int, str], datetime]]:
    """When a moment of (campaign, key) last passed, by canonical person.

    A moment that passed and then was not sent has given its slot back.
    """
    if not campaigns:
        return {}
    rows = run(
        """
        SELECT person_id, campaign_id, key, max(passed_at) FROM campaigns_moment
        WHERE person_id = ANY(%(people)b::bigint[]) AND campaign_id = ANY(%(campaigns)b::bigint[])
          AND passed_at IS NOT NULL AND state IN ('pushing', 'sent')
        GROUP BY person_id, campaign_id, key
        """,
        people=sorted(people),
        campaigns=sorted(campaigns),
    )
    result: dict[int, dict[tuple[int, str], datetime]] = {}
    for person, campaign, key, at in rows:
        slots = result.setdefault(people[person], {})
        slots[(campaign, key)] = max(at, slots.get((campaign, key), at))
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


def versions_of(moments: Sequence[UUID]) -> set[int]:
    """The versions these moments were opened by."""
    rows = run(
        "SELECT DISTINCT version_id FROM campaigns_moment WHERE id = ANY(%(ids)b::uuid[])",
        ids=sorted(moments),
    )
    return {row[0] for row in rows}


def due_of(*, people: Sequence[int], now: datetime) -> list[tuple[UUID, int, datetime]]:
    """Due moments of people held locked: id, person id as written, and when they were due."""
    rows = run(
        """
        SELECT m.id, m.person_id, m.due_at FROM campaigns_moment m
        JOIN campaigns_campaign c ON c.id = m.campaign_id AND c.state = 'live'
        WHERE m.person_id = ANY(%(people)b::bigint[]) AND m.state = 'waiting'
          AND m.due_at <= %(now)b
        ORDER BY m.due_at, m.id
        """,
        people=sorted(people),
        now=now,
    )
    return [(row[0], row[1], row[2]) for row in rows]
