"""plan: what no person did comes to its people, in chunks that a kill or a pause can end."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection

from audience.sql import run
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.program import Program
from orchestrator import bells
from orchestrator.pipeline import chunk, expansions, lanes, programs, transactions
from orchestrator.pipeline.expansions import Opening
from orchestrator.pipeline.occurrences import openings
from orchestrator.pipeline.pacing import Pace
from triggers.clock import RecurrenceError
from triggers.trigger import ScheduleTrigger

log = structlog.get_logger()

WORK_FOR_S = 5.0
INSTANT = timedelta(microseconds=1)

Clock = Callable[[], datetime]
Looked = tuple[int, int, datetime | None]
# When a version, live since a time, was looked at last. A process that forgets looks again.
_looked: dict[Looked, datetime] = {}


def plan(*, clock: Clock) -> None:
    """Begin what is due, then go through people until there is nothing to do, or for seconds."""
    began = time.monotonic()
    now = clock()
    begin_due(now=now)
    pace = Pace(clock)
    while worked(clock=clock):
        pace.rest()
        if time.monotonic() - began > WORK_FOR_S or lanes.starve(now=clock()):
            bells.ring(bells.PLAN)
            return


def forget() -> None:
    """Look at every campaign again."""
    _looked.clear()


def begin_due(*, now: datetime) -> None:
    """Expansions for the occurrences that have come, of every workspace."""
    with transactions.short():
        ids = [row[0] for row in run("SELECT id FROM audience_workspace ORDER BY id")]
        current = programs.of(ids, now=now)
        live = [(one, program) for program in current.values() for one in program.fanning_out]
        found = [
            opening
            for campaign, program in live
            if (since := unlooked(campaign, now=now))
            for opening in come(campaign, program, since=since, now=now)
        ]
        if found:
            expansions.begin(openings=found, now=now)
        if live:
            expansions.go_on(limits={one.id: chunk.limit(one) for one, _ in live}, now=now)
    for campaign, _ in live:
        if is_time(campaign, now=now):
            _looked[key(campaign)] = now


def come(
    campaign: CompiledCampaign, program: Program, *, since: datetime, now: datetime
) -> list[Opening]:
    """What has come since then; nothing for a schedule that this release cannot read."""
    try:
        return list(openings(campaign, program, since=since, until=now + INSTANT))
    except RecurrenceError as error:
        log.error("plan.schedule_unreadable", campaign_id=campaign.id, error=str(error))
        return []


def unlooked(campaign: CompiledCampaign, *, now: datetime) -> datetime | None:
    """Since when nobody has looked at it; None while nothing can have come."""
    if not is_time(campaign, now=now):
        return None
    useful = now - timedelta(seconds=campaign.definition.useful_for_s)
    looked = _looked.get(key(campaign))
    return max(looked + INSTANT if looked else campaign.live_since or now, useful)


def is_time(campaign: CompiledCampaign, *, now: datetime) -> bool:
    """Only a single time may have seconds; all others come round on the minute."""
    looked = _looked.get(key(campaign))
    trigger = campaign.definition.trigger
    once = isinstance(trigger, ScheduleTrigger) and trigger.recurrence.once_at is not None
    return looked is None or once or minute(looked) != minute(now)


def minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def key(campaign: CompiledCampaign) -> Looked:
    return campaign.id, campaign.version_id, campaign.live_since


def worked(*, clock: Clock) -> bool:
    """One chunk; whether there may be more to do."""
    try:
        with transactions.short():
            return chunk.next_chunk(now=clock())
    except (OperationalError, InterfaceError) as error:
        log.warning("plan.database_in_trouble", error=type(error).__name__)
        connection.close_if_unusable_or_obsolete()
        return False
    except Exception as error:  # noqa: BLE001 - the rim: one expansion's fault stays its own
        log.error("plan.chunk_failed", error=type(error).__name__)
        with transactions.short():
            expansions.put_last(now=clock())
        return False
