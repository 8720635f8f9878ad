"""upkeep: what beat does each minute so that nothing grows or stays behind."""

from datetime import datetime, timedelta

from django.db import connection

from audience.sql import run

KEEP_REJECTIONS_FOR = timedelta(days=7)
KEEP_EVENTS_FOR = timedelta(days=400)
KEEP_SEEN_FOR = KEEP_EVENTS_FOR + timedelta(days=7)
MONTHS_AHEAD = 3
CHUNK = 5_000


def upkeep(*, now: datetime) -> None:
    make_partitions(now=now)
    delete_old(now=now)


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
    """A chunk each minute, so that no delete holds locks for long."""
    for table, column, keep in (
        ("orchestrator_rejection", "id", KEEP_REJECTIONS_FOR),
        ("triggers_seenmessage", "digest", KEEP_SEEN_FOR),
    ):
        run(
            f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM {table} "
            "WHERE received_at < %(before)b ORDER BY received_at LIMIT %(chunk)b)",
            before=now - keep,
            chunk=CHUNK,
        )
