"""evaluate: take a free lane, work through its rows in batches, and never let poison block it."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from audience.services.people import PeopleChanged
from orchestrator import bells
from orchestrator.models import Quarantine
from orchestrator.pipeline import arrivals, lanes, programs, transactions
from orchestrator.pipeline.lanes import Row
from orchestrator.pipeline.message import without_address
from orchestrator.pipeline.pacing import Pace

log = structlog.get_logger()

TRIES = 5
FAILURES_TO_QUARANTINE = 3
WORK_FOR_S = 5.0
UNIQUE_ADDRESS = "device_address_has_one_owner"

Clock = Callable[[], datetime]


def evaluate(*, clock: Clock) -> None:
    """What people do: until no free lane has fresh rows, or for a few seconds."""
    began = time.monotonic()
    while any([tried(lane, clock=clock) for lane in lanes.busy().fresh]):
        if time.monotonic() - began > WORK_FOR_S:
            bells.ring(bells.EVALUATE)
            return


def evaluate_bulk(*, clock: Clock) -> None:
    """Imports, old messages, what became of a broadcast: lanes with nothing else.

    A batch at a time, since what people do may need this process.
    """
    began, pace = time.monotonic(), Pace(clock)
    while any(tried(lane, clock=clock) for lane in lanes.busy().bulk_only):
        pace.rest()
        if time.monotonic() - began > WORK_FOR_S or lanes.starve(now=clock()):
            bells.ring(bells.EVALUATE_BULK)
            return


def tried(lane: int, *, clock: Clock) -> bool:
    """One batch of a lane; the database's trouble with it must not hold up the others."""
    try:
        return evaluate_lane(lane, clock=clock)
    except (OperationalError, InterfaceError, PeopleChanged) as error:
        log.warning("evaluate.lane_waits", lane=lane, error=named(error))
        connection.close_if_unusable_or_obsolete()
        return False


def evaluate_lane(lane: int, *, clock: Clock) -> bool:
    """One batch of a lane; False if somebody else holds it."""
    with lanes.held(lane) as left_behind:
        if left_behind is None:
            return False
        for row in left_behind:
            evaluate_alone(lane, row, clock=clock)
        rows = lanes.claim(lane, now=clock())
        if rows:
            evaluate_rows(lane, rows, clock=clock)
    return True


def evaluate_rows(lane: int, rows: Sequence[int], *, clock: Clock) -> None:
    """A batch; if it fails for a reason of its own, each of its rows alone."""
    try:
        commit(lane, rows, clock=clock)
    except (OperationalError, InterfaceError, PeopleChanged):
        raise  # the database's trouble is never a row's
    except Exception as error:  # noqa: BLE001 - the rim: each row alone, then quarantine
        log.warning("evaluate.batch_failed", lane=lane, rows=len(rows), error=named(error))
        for row in rows:
            evaluate_alone(lane, row, clock=clock)


def evaluate_alone(lane: int, row: int, *, clock: Clock) -> None:
    failures = lanes.attempt_alone(lane, row)
    if failures == 0:
        return  # the holder before us finished it after all
    if failures > FAILURES_TO_QUARANTINE:
        quarantine(lane, row, "The worker died each time it was evaluated.", clock=clock)
        return
    try:
        commit(lane, [row], clock=clock)
    except (OperationalError, InterfaceError, PeopleChanged):
        lanes.forgive(row)
        raise
    except Exception as error:  # noqa: BLE001 - the rim
        log.error("evaluate.row_failed", lane=lane, row=row, error=named(error))
        if failures >= FAILURES_TO_QUARANTINE:
            quarantine(lane, row, named(error), clock=clock)


def named(error: BaseException) -> str:
    """What went wrong without what it went wrong with: a message may be in the error's text."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


def commit(lane: int, rows: Sequence[int], *, clock: Clock) -> None:
    """Evaluate rows in one transaction; start again when people changed under our hands."""
    for attempt in range(1, TRIES + 1):
        try:
            with transactions.short():
                now = clock()
                taken = lanes.take(rows)
                current = programs.of((row.workspace_id for row in taken), now=now)
                arrivals.work(taken, programs=current, now=now)
                lanes.finish(lane, rows, now=now)
            return
        except (PeopleChanged, DatabaseError) as error:
            if attempt == TRIES or not may_pass(error):
                raise


def may_pass(error: Exception) -> bool:
    """Whether another try is worth it: a race, not a fault."""
    if isinstance(error, PeopleChanged):
        return True
    state = getattr(error.__cause__, "sqlstate", "") or ""
    return state in {"40001", "40P01"} or UNIQUE_ADDRESS in str(error)


def quarantine(lane: int, row: int, error: str, *, clock: Clock) -> None:
    """Set a row aside, visible in the admin, so that its neighbours go on."""
    with transaction.atomic():
        now = clock()
        for taken in lanes.take([row]):
            set_aside(taken, lane, error, now=now)
        lanes.finish(lane, [row], now=now)


def set_aside(row: Row, lane: int, error: str, *, now: datetime) -> None:
    Quarantine.objects.create(
        workspace_id=row.workspace_id,
        lane=lane,
        body=without_address(row.body),
        error=error,
        received_at=row.received_at,
        quarantined_at=now,
    )
    log.error("message.quarantined", workspace_id=row.workspace_id, inbox_id=row.id)
