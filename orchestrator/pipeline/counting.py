"""counting: each minute, the events of the log by name and day, for the catalogue."""

import time
from datetime import datetime, timedelta

from audience.sql import run
from triggers.services import catalogue

# A door reads the time before it commits; so old is what has surely arrived.
SETTLED_AFTER = timedelta(minutes=1)
WORK_FOR_S = 5.0


def count_events(*, now: datetime) -> None:
    """Count what was received before the oldest message that still waits."""
    until = min(now, oldest_in_inbox() or now) - SETTLED_AFTER
    began = time.monotonic()
    while catalogue.count(until=until) and time.monotonic() - began < WORK_FOR_S:
        pass


def oldest_in_inbox() -> datetime | None:
    """When the message that waits longest was received: the head of each lane."""
    rows = run(
        """
        SELECT min(head.received_at) FROM orchestrator_lane l, LATERAL (
            (SELECT received_at FROM orchestrator_inbox i
             WHERE i.lane = l.lane AND i.fresh AND i.id >= l.fresh_low_id ORDER BY id LIMIT 1)
            UNION ALL
            (SELECT received_at FROM orchestrator_inbox i
             WHERE i.lane = l.lane AND NOT i.fresh AND i.id >= l.bulk_low_id ORDER BY id LIMIT 1)
        ) AS head
        """
    )
    oldest: datetime | None = rows[0][0]
    return oldest
