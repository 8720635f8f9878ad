"""pacing: while people's events come, whoever works at what is bulk rests between its pieces.

The processor and PostgreSQL give way to nobody, so what can wait must leave them free.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from orchestrator.pipeline import lanes

LATELY = timedelta(seconds=2)
LONGEST_REST_S = 2.0

Clock = Callable[[], datetime]


class Pace:
    """One worker's own; it begins with the first piece."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rested_at = time.monotonic()

    def rest(self) -> None:
        """After a piece: BULK_REST times as long as it took, where people's events come."""
        worked = time.monotonic() - self._rested_at
        if lanes.fresh_since(self._clock() - LATELY):
            time.sleep(min(worked * settings.BULK_REST, LONGEST_REST_S))
        self._rested_at = time.monotonic()
