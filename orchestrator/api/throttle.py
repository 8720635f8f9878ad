"""A token bucket a key, in this process: a flood is told to wait before it costs anything."""

import math
import threading
import time

from django.conf import settings

from orchestrator.api.errors import ApiError

_buckets: dict[int, tuple[float, float]] = {}
_lock = threading.Lock()


def spend(key_id: int, messages: int) -> None:
    """Raises ApiError 429 with the time to wait when the key has sent too much."""
    rate, burst = settings.RATE_PER_KEY, settings.BURST_PER_KEY
    now = time.monotonic()
    with _lock:
        level, at = _buckets.get(key_id, (float(burst), now))
        level = min(burst, level + (now - at) * rate)
        if level >= messages:
            _buckets[key_id] = (level - messages, now)
            return
        _buckets[key_id] = (level, now)
    wait = max(1, math.ceil((messages - level) / rate))
    raise ApiError(
        429, "too_many_messages", f"This key may send {rate:,} messages a second",
        "Send again after the time in Retry-After", retry_after_s=wait,
    )  # fmt: skip


def refill() -> None:
    """Every key starts anew."""
    with _lock:
        _buckets.clear()
