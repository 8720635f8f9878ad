"""Lanes: sixteen queues in the inbox. Who holds one works alone in it, in id order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from audience.sql import run

LOCK_CLASS = 0x4D6F6D  # one number for all lanes, so that other users of advisory locks differ
BATCH = 500
BULK_FLOOR = 50  # of each batch, so that an import goes on under a flood
MARK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """An inbox row that was claimed."""

    id: int
    workspace_id: int
    body: bytes
    received_at: datetime
    failures: int


def busy() -> list[int]:
    """Lanes with something to do, the one waiting longest first."""
    rows = run(
        """
        SELECT l.lane FROM orchestrator_lane l,
        LATERAL (SELECT min(received_at) AS oldest FROM (
            (SELECT received_at FROM orchestrator_inbox i
             WHERE i.lane = l.lane AND i.fresh AND i.id >= l.fresh_low_id ORDER BY id LIMIT 1)
            UNION ALL
            (SELECT received_at FROM orchestrator_inbox i
             WHERE i.lane = l.lane AND NOT i.fresh AND i.id >= l.bulk_low_id ORDER BY id LIMIT 1)
        ) AS heads) AS head
        WHERE head.oldest IS NOT NULL ORDER BY head.oldest
        """
    )
    return [row[0] for row in rows]


def with_fresh_rows(*, before: datetime) -> set[int]:
    """Lanes that hold fresh rows received before this moment."""
    rows = run(
        """
        SELECT l.lane FROM orchestrator_lane l WHERE (
            SELECT received_at FROM orchestrator_inbox i
            WHERE i.lane = l.lane AND i.fresh AND i.id >= l.fresh_low_id
            ORDER BY id LIMIT 1) < %(before)b
        """,
        before=before,
    )
    return {row[0] for row in rows}


@contextmanager
def held(lane: int) -> Iterator[list[int] | None]:
    """Hold a lane across transactions; None if somebody else does.

    What comes is the rows that the last holder was working on when it died. A dead connection
    lets the lane go.
    """
    free, left_behind = run(
        """
        SELECT pg_try_advisory_lock(%(class)b::int, %(lane)b::int),
               ARRAY(SELECT i.id FROM orchestrator_lane l
                     JOIN orchestrator_inbox i ON i.id = ANY(l.attempt)
                     WHERE l.lane = %(lane)b ORDER BY i.id)
        """,
        **{"class": LOCK_CLASS},
        lane=lane,
    )[0]
    try:
        yield left_behind if free else None
    finally:
        if free:
            run("SELECT pg_advisory_unlock(%(c)b::int, %(l)b::int)", c=LOCK_CLASS, l=lane)


def claim(lane: int) -> list[int]:
    """Write down the next batch as this holder's attempt, in a transaction of its own."""
    rows = run(
        """
        UPDATE orchestrator_lane l SET attempt = ARRAY(
            SELECT id FROM (
                (SELECT id, 0 AS class FROM orchestrator_inbox i
                 WHERE i.lane = l.lane AND i.fresh AND i.id >= l.fresh_low_id
                 ORDER BY id LIMIT %(batch)b)
                UNION ALL
                (SELECT id, CASE WHEN row_number() OVER (ORDER BY id) <= %(floor)b THEN -1
                                 ELSE 1 END
                 FROM orchestrator_inbox i
                 WHERE i.lane = l.lane AND NOT i.fresh AND i.id >= l.bulk_low_id
                 ORDER BY id LIMIT %(batch)b)
                ORDER BY class, id LIMIT %(batch)b
            ) AS next)
        WHERE l.lane = %(lane)b RETURNING l.attempt
        """,
        lane=lane,
        batch=BATCH,
        floor=BULK_FLOOR,
    )
    return sorted(rows[0][0]) if rows else []


def attempt_alone(lane: int, row: int) -> int:
    """Write down an attempt at one row; how many it has had, this one included."""
    rows = run(
        """
        WITH counted AS (
            UPDATE orchestrator_inbox SET failures = failures + 1 WHERE id = %(row)b
            RETURNING failures
        ), noted AS (
            UPDATE orchestrator_lane SET attempt = ARRAY[%(row)b::bigint] WHERE lane = %(lane)b
        )
        SELECT failures FROM counted
        """,
        lane=lane,
        row=row,
    )
    return rows[0][0] if rows else 0


def forgive(row: int) -> None:
    """Take an attempt back: the database was in trouble, not the row."""
    run(
        "UPDATE orchestrator_inbox SET failures = GREATEST(failures - 1, 0) WHERE id = %(row)b",
        row=row,
    )


def find_stragglers() -> None:
    """Lower the low ids to rows that were committed over a minute after their id was drawn."""
    run(
        """
        UPDATE orchestrator_lane l
        SET fresh_low_id = LEAST(l.fresh_low_id, COALESCE(
                (SELECT min(id) FROM orchestrator_inbox i WHERE i.lane = l.lane AND i.fresh),
                l.fresh_low_id)),
            bulk_low_id = LEAST(l.bulk_low_id, COALESCE(
                (SELECT min(id) FROM orchestrator_inbox i WHERE i.lane = l.lane AND NOT i.fresh),
                l.bulk_low_id))
        """
    )


def take(rows: Sequence[int]) -> list[Row]:
    """Take claimed rows out of the inbox; they come back if the transaction fails."""
    taken = run(
        """
        DELETE FROM orchestrator_inbox WHERE id = ANY(%(ids)b::bigint[])
        RETURNING id, workspace_id, body, received_at, failures
        """,
        ids=rows,
    )
    return sorted((Row(*row) for row in taken), key=lambda row: row.id)


def finish(lane: int, rows: Sequence[int], *, now: datetime) -> None:
    """The attempt succeeded; once a minute the low-water ids follow."""
    run(
        """
        UPDATE orchestrator_lane l SET attempt = '{}',
            fresh_low_id = CASE WHEN due THEN LEAST(l.fresh_mark_id, COALESCE(
                (SELECT id FROM orchestrator_inbox i WHERE i.lane = l.lane AND i.fresh
                 AND i.id >= l.fresh_low_id ORDER BY id LIMIT 1), l.fresh_mark_id))
                ELSE l.fresh_low_id END,
            bulk_low_id = CASE WHEN due THEN LEAST(l.bulk_mark_id, COALESCE(
                (SELECT id FROM orchestrator_inbox i WHERE i.lane = l.lane AND NOT i.fresh
                 AND i.id >= l.bulk_low_id ORDER BY id LIMIT 1), l.bulk_mark_id))
                ELSE l.bulk_low_id END,
            fresh_mark_id = CASE WHEN due THEN %(last)b ELSE l.fresh_mark_id END,
            bulk_mark_id = CASE WHEN due THEN %(last)b ELSE l.bulk_mark_id END,
            marked_at = CASE WHEN due THEN %(now)b ELSE l.marked_at END
        FROM (SELECT lane, marked_at IS NULL OR marked_at < %(before)b AS due
              FROM orchestrator_lane WHERE lane = %(lane)b) AS d
        WHERE l.lane = d.lane
        """,
        lane=lane,
        last=max(rows),
        now=now,
        before=now - MARK_AFTER,
    )
