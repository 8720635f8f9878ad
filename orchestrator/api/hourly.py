"""At most so many business events an hour for a workspace, counted exactly.

The times of the last hour are one row a workspace beside its idempotency keys, under a key that
no header can carry. The row stays locked to the end of the transaction, so events of a workspace
are taken one after the other, and what is rolled back does not count.
"""

import math
from datetime import datetime

import msgspec
from django.conf import settings

from audience.sql import run
from orchestrator.api.errors import ApiError

ROW = " business events"  # keys from outside hold no space
HOUR_S = 3600


def spend(*, workspace_id: int, now: datetime) -> None:
    """Inside a transaction. Raises ApiError 429 with the time until the next one may come."""
    limit = settings.BUSINESS_EVENTS_PER_HOUR
    id, times = held(workspace_id, now)
    second = now.timestamp()
    counted = sorted(one for one in times if one > second - HOUR_S)
    if len(counted) >= limit:
        leaves = min(counted[-limit:], default=second)
        raise ApiError(
            429, "too_many_business_events",
            f"A workspace reports at most {limit:,} business events an hour",
            "Send again after the time in Retry-After; report what changed, not each sale",
            retry_after_s=max(1, math.ceil(leaves + HOUR_S - second)),
        )  # fmt: skip
    run(
        "UPDATE orchestrator_idempotencykey SET answer = %(times)b::text::jsonb WHERE id = %(id)b",
        times=msgspec.json.encode([*counted, second]).decode(),
        id=id,
    )


def held(workspace_id: int, now: datetime) -> tuple[int, list[float]]:
    """The workspace's row, locked and made where it was missing."""
    id, times = run(
        """
        INSERT INTO orchestrator_idempotencykey (workspace_id, key, fingerprint, status, answer,
                                                 created_at)
        VALUES (%(workspace)b, %(row)b, '', 0, '[]', %(now)b)
        ON CONFLICT (workspace_id, key) DO UPDATE SET created_at = EXCLUDED.created_at
        RETURNING id, answer
        """,
        workspace=workspace_id,
        row=ROW,
        now=now,
    )[0]
    return id, msgspec.json.decode(times, type=list[float])
