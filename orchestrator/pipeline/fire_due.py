"""fire_due: moments whose wait is over, for people that nobody else holds at the moment."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError

from audience.services import people
from campaigns.engine.effects import EndMoment
from campaigns.engine.program import Program
from campaigns.engine.states import MomentState, Reason
from campaigns.selectors import moments
from campaigns.services.moments import end
from orchestrator.pipeline import loading, programs, transactions
from orchestrator.pipeline.batch import Batch, begin
from orchestrator.pipeline.expecting import WAIT_FOR_CANCEL, expecting
from orchestrator.pipeline.loading import Needs

PEOPLE = 200
WORK_FOR_S = 5.0

log = structlog.get_logger()

Clock = Callable[[], datetime]
Due = tuple[UUID, int, datetime]


def fire_due(*, clock: Clock) -> None:
    """Fire until nothing more can be fired now, or for a few seconds."""
    began = time.monotonic()
    while fire_some(clock=clock) and time.monotonic() - began < WORK_FOR_S:
        pass


def fire_some(*, clock: Clock) -> int:
    """How many moments came to a decision."""
    now = clock()
    asked = moments.people_due(now=now, limit=PEOPLE)
    try:
        return fire_people(asked, now=now) if asked else 0
    except (OperationalError, InterfaceError):
        raise  # the next tick tries again
    except Exception as error:  # noqa: BLE001 - the rim: one person's fault stays their own
        log.warning("fire_due.batch_failed", people=len(asked), error=type(error).__name__)
        return sum(fire_alone(person, now=now) for person in asked)


def fire_people(asked: Sequence[int], *, now: datetime) -> int:
    with transactions.short():
        locked, due = locked_and_due(asked, now=now)
        return fire(due, locked, now=now) if due else 0


def locked_and_due(asked: Sequence[int], *, now: datetime) -> tuple[people.Resolved, list[Due]]:
    """Lock whom nobody holds, then read again what of theirs is due."""
    canonical = people.canonical_ids(asked)
    rows = people.lock_free(sorted(set(canonical.values())))
    locked = people.Resolved(people=[], rows=rows, merged={}, also={})
    return locked, moments.due_of(people=sorted(people.aliases(locked)), now=now)


def fire_alone(person: int, *, now: datetime) -> int:
    """One person's moments; what cannot be decided ends as an error and blocks nobody."""
    try:
        return fire_people([person], now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - the rim
        log.error("fire_due.person_failed", person_id=person, error=type(error).__name__)
        with transactions.short():
            _, due = locked_and_due([person], now=now)
            end([broken(one[0], error, now=now) for one in due])
            return len(due)


def broken(moment: UUID, error: Exception, *, now: datetime) -> EndMoment:
    return EndMoment(
        id=moment,
        state=MomentState.ERROR,
        reason=Reason.CAMPAIGN_ERROR,
        detail=type(error).__name__,
        ended_at=now,
    )


def fire(due: Sequence[Due], locked: people.Resolved, *, now: datetime) -> int:
    """In the caller's transaction, for people it holds locked."""
    rows, aliases = locked.rows, people.aliases(locked)
    current = programs.of((row.workspace_id for row in rows.values()), now=now)
    states = loading.states(locked, needs=needs(due, current), now=now)
    batch = begin(current, locked, states, now=now)
    waiting = expecting_a_cancel(due, batch, aliases, now=now)
    ready = [one for one in due if one[0] not in waiting]
    for moment, person, _ in ready:
        batch.due(aliases[person], moment)
    batch.write()
    return len(ready)


def needs(due: Sequence[Due], current: dict[int, Program]) -> Needs:
    """What the versions that these moments follow want to know."""
    opened_by = moments.versions_of([one[0] for one in due])
    followed = {
        program.followed(campaign, version): program
        for workspace, campaign, version in opened_by
        if (program := current.get(workspace))
    }
    versions = programs.versions_of(set(followed))
    return loading.needs_of((one, followed[id]) for id, one in versions.items())


def expecting_a_cancel(
    due: Sequence[Due], batch: Batch, aliases: dict[int, int], *, now: datetime
) -> set[UUID]:
    """Moments that a message still in the inbox may cancel."""
    patient = [
        (moment, aliases[person])
        for moment, person, due_at in due
        if now - due_at < WAIT_FOR_CANCEL and can_be_cancelled(batch, aliases[person], moment)
    ]
    asked = {person: batch.rows[person].workspace_id for _, person in patient}
    found = expecting(people=asked, now=now)
    return {moment for moment, person in patient if person in found}


def can_be_cancelled(batch: Batch, person: int, moment: UUID) -> bool:
    one = batch.states[person].moments.get(moment)
    version = one and batch.program_of(person).version_of(one.campaign_id, one.version_id)
    return bool(version and version.cancels)
