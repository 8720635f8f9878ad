"""upkeep: what beat does each minute so that nothing grows or stays behind."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from audience.sql import run
from campaigns.services import pushes
from orchestrator.pipeline import lanes, settle
from orchestrator.pipeline.counting import count_events
from triggers.services import presences

KEEP_REJECTIONS_FOR = timedelta(days=7)
KEEP_EVENTS_FOR = timedelta(days=400)
KEEP_SEEN_FOR = KEEP_EVENTS_FOR + timedelta(days=7)
KEEP_QUARANTINE_FOR = timedelta(days=30)
KEEP_ANSWERS_FOR = timedelta(hours=24)
KEEP_UPLOADS_FOR = timedelta(days=1)  # those that nobody counted
UNCOUNTED = "CASE WHEN counted_at IS NULL THEN created_at END"
UNWRITTEN = "CASE WHEN state IN ('reading', 'read') THEN created_at END"
# Longer than any push is useful for, so that no occurrence can begin a second time.
KEEP_EXPANSIONS_FOR = timedelta(days=30)
MONTHS_AHEAD = 3
CHUNK = 5_000
WORK_FOR_S = 5.0
OLD = (
    ("orchestrator_rejection", "id", "received_at", KEEP_REJECTIONS_FOR),
    ("orchestrator_quarantine", "id", "quarantined_at", KEEP_QUARANTINE_FOR),
    ("orchestrator_idempotencykey", "id", "created_at", KEEP_ANSWERS_FOR),
    ("orchestrator_expansion", "id", "ended_at", KEEP_EXPANSIONS_FOR),
    ("orchestrator_upload", "id", UNCOUNTED, KEEP_UPLOADS_FOR),
    ("orchestrator_placeimport", "id", UNWRITTEN, KEEP_UPLOADS_FOR),
    ("triggers_seenmessage", "digest", "received_at", KEEP_SEEN_FOR),
    ("triggers_joined", "ctid", "occurred_at", KEEP_EVENTS_FOR),
)


def upkeep(*, now: datetime) -> None:
    lanes.find_stragglers()
    drop_expired(now=now)
    make_partitions(now=now)
    delete_old(now=now)
    repeated(lambda: presences.forget_old(now=now, limit=CHUNK))
    count_events(now=now)


def drop_expired(*, now: datetime) -> None:
    """Pushes that nobody claims any more, such as those of a paused campaign."""
    repeated(lambda: _drop_chunk(now=now))


def _drop_chunk(*, now: datetime) -> int:
    with transaction.atomic():
        ended = pushes.drop_expired(now=now, limit=CHUNK)
        settle.tell(ended, now=now)
    return len(ended)


def repeated(chunk: Callable[[], int]) -> None:
    """Chunk after chunk until one is not full, for a few seconds at most."""
    began = time.monotonic()
    while chunk() == CHUNK and time.monotonic() - began < WORK_FOR_S:
        pass


def make_partitions(*, now: datetime) -> None:
    """The event log's months ahead; the default partition catches what upkeep missed."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS_AHEAD):
        following = (month + timedelta(days=32)).replace(day=1)
        make_partition(month, following)
        month = following


def make_partition(first: datetime, following: datetime) -> None:
    name = f"triggers_event_{first:%Y_%m}"
    if run("SELECT to_regclass(%(name)s) IS NOT NULL", name=name)[0][0]:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF triggers_event '
            f"FOR VALUES FROM ('{first.isoformat()}') TO ('{following.isoformat()}')"
        )


def delete_old(*, now: datetime) -> None:
    for table, column, time_column, keep in OLD:
        repeated(partial(_delete_chunk, table, column, time_column, before=now - keep))


def _delete_chunk(table: str, column: str, time_column: str, *, before: datetime) -> int:
    """In chunks, so that no delete holds locks for long."""
    rows = run(
        f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM {table} "
        f"WHERE {time_column} < %(before)b ORDER BY {time_column} LIMIT %(chunk)b) RETURNING 1",
        before=before,
        chunk=CHUNK,
    )
    return len(rows)
