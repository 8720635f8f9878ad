"""Lanes: sixteen queues in the inbox. Who holds one works alone in it, in id order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from audience.sql import run

LOCK_CLASS = 0x4D6F6D  # one number for all lanes, so that other users of advisory locks differ
BATCH = 500
BULK_FLOOR = 0.1  # as many as this share of fresh ones, so that an import goes on under a flood
BULK_BATCH = 100  # where nothing else waits: what comes meanwhile stands behind it
MARK_AFTER = timedelta(minutes=1)
STARVE_AFTER = timedelta(milliseconds=200)

# What waits in lane l, in id order. Only the index of lanes has this order: by the primary key
# PostgreSQL would go through the rows of all lanes until it meets one of this.
FRESH = """
    (i.lane, i.fresh, i.id) >= (l.lane, true, l.fresh_low_id)
    AND (i.lane, i.fresh) <= (l.lane, true) ORDER BY i.lane, i.fresh, i.id
"""
BULK = """
    (i.lane, i.fresh, i.id) >= (l.lane, false, l.bulk_low_id)
    AND (i.lane, i.fresh) <= (l.lane, false) ORDER BY i.lane, i.fresh, i.id
"""


@dataclass(frozen=True)
class Row:
    """An inbox row that was claimed."""

    id: int
    workspace_id: int
    body: bytes
    received_at: datetime
    failures: int


@dataclass(frozen=True)
class Busy:
    """Lanes with something to do, each the one waiting longest first."""

    fresh: list[int]
    bulk_only: list[int]


def busy() -> Busy:
    rows = run(
        f"""
        SELECT l.lane, fresh.received_at IS NOT NULL FROM orchestrator_lane l
        LEFT JOIN LATERAL (
            SELECT received_at FROM orchestrator_inbox i WHERE {FRESH} LIMIT 1) fresh ON true
        LEFT JOIN LATERAL (
            SELECT received_at FROM orchestrator_inbox i WHERE {BULK} LIMIT 1) bulk ON true
        WHERE fresh.received_at IS NOT NULL OR bulk.received_at IS NOT NULL
        ORDER BY COALESCE(fresh.received_at, bulk.received_at)
        """
    )
    return Busy(
        fresh=[lane for lane, is_fresh in rows if is_fresh],
        bulk_only=[lane for lane, is_fresh in rows if not is_fresh],
    )


def with_fresh_rows(*, before: datetime) -> set[int]:
    """Lanes that hold fresh rows received before this moment."""
    rows = run(
        f"""
        SELECT l.lane FROM orchestrator_lane l WHERE (
            SELECT received_at FROM orchestrator_inbox i WHERE {FRESH} LIMIT 1) < %(before)b
        """,
        before=before,
    )
    return {row[0] for row in rows}


def starve(*, now: datetime) -> bool:
    """Whether fresh rows wait so long that nobody may be free for them: let go of this process."""
    return bool(with_fresh_rows(before=now - STARVE_AFTER))


def fresh_since(at: datetime) -> bool:
    """Whether fresh rows were claimed since then."""
    return bool(run("SELECT 1 FROM orchestrator_lane WHERE fresh_at >= %(at)b LIMIT 1", at=at))


@contextmanager
def held(lane: int) -> Iterator[list[int] | None]:
    """Hold a lane across transactions; None if somebody else does.

    What comes is the rows that the last holder was working on when it died. A dead connection
    lets the lane go.
    """
    free, left_behind = run(
        """
        SELECT pg_try_advisory_lock(%(class)b::int, %(lane)b::int),
               ARRAY(SELECT a.id FROM orchestrator_lane l, unnest(l.attempt) AS a (id),
                     LATERAL (SELECT FROM orchestrator_inbox i WHERE i.id = a.id LIMIT 1) still
                     WHERE l.lane = %(lane)b ORDER BY a.id)
        """,
        **{"class": LOCK_CLASS},
        lane=lane,
    )[0]
    try:
        yield left_behind if free else None
    finally:
        if free:
            run("SELECT pg_advisory_unlock(%(c)b::int, %(l)b::int)", c=LOCK_CLASS, l=lane)


def claim(lane: int, *, now: datetime) -> list[int]:
    """Write down the next batch as this holder's attempt, in a transaction of its own.

    Of what is bulk only a few rows go along with fresh ones, which would wait for all of them.
    """
    rows = run(
        f"""
        UPDATE orchestrator_lane l SET attempt = ARRAY(
            SELECT id FROM (
                (SELECT id, 0 AS class FROM orchestrator_inbox i WHERE {FRESH} LIMIT %(batch)b)
                UNION ALL
                (SELECT id, -1 FROM orchestrator_inbox i WHERE {BULK} LIMIT (
                    SELECT COALESCE(NULLIF(ceil(count(*) * %(floor)b::float8), 0), %(bulk)b::int)
                    FROM (SELECT FROM orchestrator_inbox i WHERE {FRESH} LIMIT %(batch)b) fresh))
                ORDER BY class, id LIMIT %(batch)b
            ) AS next),
            fresh_at = CASE WHEN EXISTS (SELECT FROM orchestrator_inbox i WHERE {FRESH} LIMIT 1)
                       THEN %(now)b ELSE fresh_at END
        WHERE l.lane = %(lane)b RETURNING l.attempt
        """,
        lane=lane,
        batch=BATCH,
        floor=BULK_FLOOR,
        bulk=BULK_BATCH,
        now=now,
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
        f"""
        UPDATE orchestrator_lane l SET attempt = ARRAY[]::bigint[],
            fresh_low_id = CASE WHEN due THEN LEAST(l.fresh_mark_id, COALESCE(
                (SELECT id FROM orchestrator_inbox i WHERE {FRESH} LIMIT 1), l.fresh_mark_id))
                ELSE l.fresh_low_id END,
            bulk_low_id = CASE WHEN due THEN LEAST(l.bulk_mark_id, COALESCE(
                (SELECT id FROM orchestrator_inbox i WHERE {BULK} LIMIT 1), l.bulk_mark_id))
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
