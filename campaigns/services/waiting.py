"""What waits, made due before its time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from audience.sql import run


@transaction.atomic
def skip_waits(*, people: Sequence[int], now: datetime) -> int:
    """Make the waiting moments of these people due `now`; returns how many there were.

    `people` are all ids of each person, since a moment keeps the id it was opened with. Every
    check is still to come: the next tick fires these moments like any other. People are locked
    before their moments, as everywhere.
    """
    ids = sorted(set(people))
    run(
        "SELECT id FROM audience_person WHERE id = ANY(%(people)b::bigint[]) "
        "ORDER BY id FOR NO KEY UPDATE",
        people=ids,
    )
    rows = run(
        """
        UPDATE campaigns_moment SET due_at = %(now)b
        WHERE person_id = ANY(%(people)b::bigint[]) AND ended_at IS NULL
          AND state || '' = 'waiting' AND due_at > %(now)b
        RETURNING id
        """,
        people=ids,
        now=now,
    )
    return len(rows)
