"""Bells: "there is work", rung after a commit, at most once while one is pending.

A lost bell loses nothing, since beat looks each second. Nobody waits for a bell: one ringer
thread a process talks to cache and broker, because a dead one blocks for half a second and more.
"""

import os
import threading
import time

import structlog
from django.core.cache import cache
from django.db import transaction

log = structlog.get_logger()

EVALUATE = "orchestrator.evaluate"
EVALUATE_BULK = "orchestrator.evaluate_bulk"
DISPATCH = "orchestrator.dispatch"
DISPATCH_BULK = "orchestrator.dispatch_bulk"
PLAN = "orchestrator.plan"
IMPORT_PLACES = "orchestrator.import_places"
HELD_FOR_S = 2
EXPIRES_S = 5
PAUSE_S = 1.0


class Ringer:
    """The one thread of this process that rings."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._wanted: set[str] = set()
        self._ready = threading.Condition()
        threading.Thread(target=self._run, name="ringer", daemon=True).start()

    @property
    def forked_away(self) -> bool:
        return self._pid != os.getpid()

    def want(self, bell: str) -> None:
        with self._ready:
            self._wanted.add(bell)
            self._ready.notify()

    def _run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._wanted)
                bell = self._wanted.pop()
            ring_now(bell)


_ringer: Ringer | None = None
_lock = threading.Lock()


def ring(bell: str) -> None:
    """Ask for a bell now; returns at once and never fails."""
    global _ringer  # noqa: PLW0603 - one ringer a process, made after a fork
    with _lock:
        if _ringer is None or _ringer.forked_away:
            _ringer = Ringer()
    _ringer.want(bell)


def ring_after_commit(bell: str) -> None:
    transaction.on_commit(lambda: ring(bell), robust=True)


def silence(bell: str) -> None:
    """The task that the bell called has begun: the next ring is a new one."""
    try:
        cache.delete(bell)
    except Exception as error:  # noqa: BLE001 - whatever a cache client raises, beat goes on
        log.warning("bell.cache_down", bell=bell, error=type(error).__name__)


def ring_now(bell: str) -> None:
    from orchestrator.celery import app

    try:
        if cache.add(bell, 1, HELD_FOR_S):
            app.send_task(bell, expires=EXPIRES_S, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever a client raises, beat finds the work
        log.warning("bell.not_rung", bell=bell, error=type(error).__name__)
        silence(bell)
        time.sleep(PAUSE_S)
