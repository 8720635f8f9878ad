"""dispatch: claim due pushes, COMMIT, call FCM, settle what has returned.

One at a time a process. It keeps up to FCM_IN_FLIGHT requests going, settles every 50 ms, and
ends after ten seconds with a new ring, so that a worker that should stop soon can.
"""

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TypeVar
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from campaigns.engine.states import PushState
from campaigns.push.gateway import Gateway, Outgoing, Result, Verdict
from campaigns.services import claims, pushes
from campaigns.services.claims import Claimed
from campaigns.services.pushes import Settlement
from orchestrator import bells
from orchestrator.pipeline import lanes, settle, transactions
from orchestrator.pipeline.expecting import WAIT_FOR_CANCEL, expecting
from orchestrator.pipeline.pacing import Pace

log = structlog.get_logger()

WORK_FOR_S = 10.0
PAUSE_S = 1.0
SETTLE_EVERY_S = 0.05
BULK_SHARE = 0.75  # of the requests that one process may have in flight
MAX_CLAIM = 500
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 3600.0

Clock = Callable[[], datetime]
Outcome = TypeVar("Outcome")
Returned = tuple[Outgoing, Result]

_busy = {bulk: threading.Lock() for bulk in (False, True)}


def dispatch(
    *, gateway: Gateway, clock: Clock, stopping: threading.Event, bulk: bool = False
) -> None:
    """Send what is due, of broadcasts (`bulk`) or of what people do: those wait for no broadcast.

    Returns at once if this process is at it already.
    """
    if not _busy[bulk].acquire(blocking=False):
        return
    try:
        reclaim(now=clock())
        Stream(gateway, clock, bulk=bulk).run(stopping)
    finally:
        _busy[bulk].release()


def reclaim(*, now: datetime) -> None:
    """Take back the pushes that a dead worker left in flight."""
    with transactions.short():
        settle.tell(pushes.reclaim(now=now, limit=MAX_CLAIM), now=now)


class Stream:
    """One run of dispatch: claims under one lease, settles under the same.

    What FCM answered is kept until it is written: forgetting it would send it again.
    """

    def __init__(self, gateway: Gateway, clock: Clock, *, bulk: bool = False) -> None:
        self._gateway = gateway
        self._clock = clock
        self._bulk = bulk
        self._most = math.ceil(settings.FCM_IN_FLIGHT * (BULK_SHARE if bulk else 1))
        self._lease: UUID = uuid4()
        self._arriving: SimpleQueue[Returned] = SimpleQueue()
        self._answered: list[Returned] = []
        self._in_flight = 0

    def run(self, stopping: threading.Event) -> None:
        began, pace = time.monotonic(), Pace(self._clock)
        while not stopping.is_set():
            claimed = self.claim()
            leave = time.monotonic() - began > WORK_FOR_S or self._gives_way()
            self.settle()
            if not claimed and not self._in_flight:
                return
            if leave:
                bells.ring(bells.DISPATCH_BULK if self._bulk else bells.DISPATCH)
                break
            if self._bulk:
                patient(pace.rest)
        self._finish()

    def _gives_way(self) -> bool:
        """A broadcast must not take a process that people's own events need."""
        return self._bulk and bool(patient(lambda: lanes.starve(now=self._clock())))

    def claim(self) -> int:
        """Claim what fits and hand it over; how many pushes that were."""
        room = min(MAX_CLAIM, self._most - self._in_flight)
        if room <= 0:
            return 0
        claimed = patient(lambda: self._claim(room))
        if claimed is None:
            return 0
        for push in claimed.outgoing:
            self._in_flight += 1
            self._gateway.send(push, self._done)
        return len(claimed.outgoing) + len(claimed.ended)

    def _claim(self, room: int) -> Claimed:
        now = self._clock()
        with transactions.short():
            claimed = claims.claim(
                lease=self._lease,
                lease_for=timedelta(seconds=settings.PUSH_LEASE_S),
                limit=room,
                bulk=self._bulk,
                patience=WAIT_FOR_CANCEL,
                now=now,
            )
            settle.tell(claimed.ended, now=now)
            return self._without_expected(claimed, now=now)

    def _without_expected(self, claimed: Claimed, *, now: datetime) -> Claimed:
        """What a message in the inbox may cancel waits; the bell of its lane rings us again."""
        found = expecting(people=dict(claimed.patient.values()), now=now)
        waiting = {push for push, (person, _) in claimed.patient.items() if person in found}
        if not waiting:
            return claimed
        claims.put_back(lease=self._lease, pushes=sorted(waiting))
        return replace(
            claimed, outgoing=[one for one in claimed.outgoing if one.push_id not in waiting]
        )

    def _done(self, push: Outgoing, result: Result) -> None:
        self._arriving.put((push, result))

    def settle(self) -> None:
        """Wait briefly for answers, then write all that came."""
        self._collect()
        written = bool(self._answered) and patient(self._settle)
        if written:
            self._in_flight -= len(self._answered)
            self._answered = []

    def _settle(self) -> bool:
        now = self._clock()
        with transactions.short():
            settlements = [settlement(*answer, now=now) for answer in self._answered]
            over = pushes.settle(lease=self._lease, settlements=settlements, now=now)
            settle.tell(over, now=now)
        for project, code in sorted({blame(*one) for one in self._answered if one[1].alert}):
            log.error("push.alert", workspace=project, error_code=code)
        return True

    def _collect(self) -> None:
        until = time.monotonic() + SETTLE_EVERY_S
        while len(self._answered) < self._in_flight and (left := until - time.monotonic()) > 0:
            try:
                self._answered.append(self._arriving.get(timeout=left))
            except Empty:
                break

    def _finish(self) -> None:
        """Settle what is in flight; past the lease it is no longer ours to settle."""
        until = time.monotonic() + settings.PUSH_LEASE_S
        while self._in_flight and time.monotonic() < until:
            self.settle()


def patient(work: Callable[[], Outcome]) -> Outcome | None:
    """None when the database is in trouble, after a pause: it may be back the next time."""
    try:
        return work()
    except (OperationalError, InterfaceError) as error:
        log.warning("dispatch.database_down", error=type(error).__name__)
        connection.close_if_unusable_or_obsolete()
        time.sleep(PAUSE_S)
        return None


def blame(push: Outgoing, result: Result) -> tuple[str, str]:
    """An error that somebody must look at: once a batch, however many pushes it hit."""
    return push.workspace_key, result.error_code


def settlement(push: Outgoing, result: Result, *, now: datetime) -> Settlement:
    """What a result means for the row; an ambiguous one goes once more under the same tag."""
    if result.verdict is Verdict.ACCEPTED:
        state, reason, due_at = PushState.ACCEPTED, "accepted", now
    elif result.verdict is Verdict.FAILED:
        state, reason, due_at = PushState.FAILED, str(result.reason or ""), now
    elif result.verdict is Verdict.AMBIGUOUS and push.resent:
        state, reason, due_at = PushState.UNCONFIRMED, "unconfirmed", now
    else:
        state, reason, due_at = PushState.PENDING, "", now + pause(push, result)
    return Settlement(
        push=push.push_id,
        state=state,
        reason=reason,
        error_code=result.error_code,
        fcm_name=result.fcm_name,
        due_at=due_at,
        resent=result.verdict is Verdict.AMBIGUOUS,
        retire=result.retire,
    )


def pause(push: Outgoing, result: Result) -> timedelta:
    """Retry-After or Google's minimum, doubled each time, each push with its own jitter."""
    asked = result.retry_after_s if result.retry_after_s is not None else FIRST_PAUSE_S
    least = min(max(asked, FIRST_PAUSE_S), LONGEST_PAUSE_S)
    growth = least * (2 ** min(push.attempts - 1, 8) - 1)
    return timedelta(seconds=min(least + growth * random.random(), LONGEST_PAUSE_S))
