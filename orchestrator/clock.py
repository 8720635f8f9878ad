"""The one place where the time comes from: the database's clock.

Doors call `now()` once and pass it down. The database is asked every few seconds and the
monotonic clock carries the time between, so that a door costs no round trip.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from audience.sql import run

ASK_AGAIN_AFTER_S = 5.0

_lock = threading.Lock()
_anchor: tuple[datetime, float] | None = None
_override: Callable[[], datetime] | None = None


def now() -> datetime:
    """Aware UTC."""
    if _override is not None:
        return _override()
    anchor = _anchor
    if anchor is None or time.monotonic() - anchor[1] > ASK_AGAIN_AFTER_S:
        anchor = _ask()
    return anchor[0] + timedelta(seconds=time.monotonic() - anchor[1])


def _ask() -> tuple[datetime, float]:
    global _anchor  # noqa: PLW0603 - one clock a process
    before = time.monotonic()
    instant: datetime = run("SELECT clock_timestamp()")[0][0]
    after = time.monotonic()
    with _lock:
        _anchor = (instant, (before + after) / 2)
        return _anchor


@contextmanager
def set_to(source: Callable[[], datetime]) -> Iterator[None]:
    """Let tests and replays tell the time."""
    global _override  # noqa: PLW0603 - one clock a process
    _override = source
    try:
        yield
    finally:
        _override = None
