"""At most so many business events an hour for a workspace, counted exactly.

The row of a workspace stays locked to the end of the transaction, so its events are taken one
after the other, and what is rolled back does not count.
"""

import math
from datetime import datetime, timedelta

from django.conf import settings

from audience.sql import run
from orchestrator.api.errors import ApiError

HOUR = timedelta(hours=1)


def spend(*, workspace_id: int, now: datetime) -> None:
    """Inside a transaction. Raises ApiError 429 with the time until the next one may come."""
    limit = settings.BUSINESS_EVENTS_PER_HOUR
    counted = sorted(one for one in held(workspace_id) if one > now - HOUR)
    if len(counted) >= limit:
        leaves = min(counted[-limit:], default=now)
        raise ApiError(
            429, "too_many_business_events",
            f"A workspace reports at most {limit:,} business events an hour",
            "Send again after the time in Retry-After; report what changed, not each sale",
            retry_after_s=max(1, math.ceil((leaves + HOUR - now).total_seconds())),
        )  # fmt: skip
    run(
        "UPDATE orchestrator_businesseventtimes SET times = %(times)b::timestamptz[] "
        "WHERE workspace_id = %(workspace)b",
        times=[*counted, now],
        workspace=workspace_id,
    )


def held(workspace_id: int) -> list[datetime]:
    """The workspace's times; its row is locked, and made where it was missing."""
    times: list[datetime] = run(
        """
        INSERT INTO orchestrator_businesseventtimes AS known (workspace_id, times)
        VALUES (%(workspace)b, '{}')
        ON CONFLICT (workspace_id) DO UPDATE SET times = known.times
        RETURNING times
        """,
        workspace=workspace_id,
    )[0][0]
    return times
