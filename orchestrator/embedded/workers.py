"""Celery inside the server's process: one worker with threads, and beat."""

import threading
import warnings
from typing import Any

from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning

from orchestrator.celery import app

THREADS = 6  # a broadcast takes two of them for seconds
STOP_WITHIN_S = 5.0


class Workers:
    """Started once, stopped once."""

    def __init__(self) -> None:
        # As root Celery warns of pickles; ours are JSON, and never leave the process.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        self._worker = app.Worker(
            hostname="embedded@localhost",
            pool_cls="threads",
            concurrency=THREADS,
            queues=["events", "pushes", "broadcasts", "upkeep"],
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            loglevel="WARNING",
            quiet=True,
        )
        self._beat: Any = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)

    def start(self) -> None:
        threading.Thread(target=self._worker.start, name="worker", daemon=True).start()
        self._beat.daemon = True
        self._beat.start()

    def stop_beat(self) -> None:
        self._beat.service.stop()
        self._beat.join(STOP_WITHIN_S)

    def stop(self) -> None:
        """Waits for the tasks that run."""
        self._worker.stop()
