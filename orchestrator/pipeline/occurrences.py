"""Which occurrences of schedules and dates have come since somebody last looked. Reads nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.program import Program
from orchestrator.pipeline.expansions import Occasion, Opening, opening
from triggers.clock import Recurrence, known_zones, occurrences_between, zone_of
from triggers.trigger import BusinessTrigger, DateTrigger, ScheduleTrigger

MOST = 50  # occurrences at once; a campaign comes round daily at most
# People whose date falls into one slot are looked for together, once, when it begins.
SLOT = timedelta(minutes=5)
DAY = timedelta(days=1)
AROUND_DAYS = 3  # an occurrence is looked for from the day before on, in local time
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=400)


def openings(
    campaign: CompiledCampaign, program: Program, *, since: datetime, until: datetime
) -> Iterator[Opening]:
    """What begins in [since, until)."""
    trigger = campaign.definition.trigger
    if isinstance(trigger, ScheduleTrigger):
        yield from _schedule(campaign, program, trigger.recurrence, since=since, until=until)
    elif isinstance(trigger, DateTrigger):
        yield from _slots(campaign, program, since=since, until=until)
    elif isinstance(trigger, BusinessTrigger) and trigger.audience:
        yield _past(campaign, program, trigger.audience.event, trigger.audience.property)


def _schedule(
    campaign: CompiledCampaign,
    program: Program,
    recurrence: Recurrence,
    *,
    since: datetime,
    until: datetime,
) -> Iterator[Opening]:
    home = zone_of(program.time_zone).name
    each = recurrence.zone_mode == "person" and recurrence.once_at is None
    found: dict[tuple[str, datetime], list[str]] = {}
    for names in same_clocks(since=since, until=until) if each else [[home]]:
        zone = zone_of(names[0]).zone
        for one in occurrences_between(recurrence, since=since, until=until, zone=zone, limit=MOST):
            found.setdefault((one.key, one.at), []).extend(names)
    for (key, at), zones in found.items():
        unknown = ("",) if home in zones else ()
        yield opening(
            campaign,
            program,
            occurrence=key,
            part=at.isoformat() if each else "",
            at=at,
            occasion=Occasion(
                name=campaign.event, zones=(*sorted(zones), *unknown) if each else None
            ),
        )


def same_clocks(*, since: datetime, until: datetime) -> list[list[str]]:
    """All zones, together with those that show the same time for days around [since, until).

    A zone that changes its clock then stays by itself.
    """
    days = range(-AROUND_DAYS, (until - since).days + AROUND_DAYS + 1)
    times = [since + day * DAY for day in days]
    found: dict[timedelta | str | None, list[str]] = {}
    for name in known_zones():
        zone = zone_of(name).zone
        offsets = {at.astimezone(zone).utcoffset() for at in times}
        found.setdefault(offsets.pop() if len(offsets) == 1 else name, []).append(name)
    return list(found.values())


def _slots(
    campaign: CompiledCampaign, program: Program, *, since: datetime, until: datetime
) -> Iterator[Opening]:
    start = EPOCH + (since - EPOCH) // SLOT * SLOT
    while start < until:
        yield opening(
            campaign,
            program,
            occurrence=start.isoformat(),
            at=start,
            occasion=Occasion(name=campaign.event, since=max(start, since), until=start + SLOT),
        )
        start += SLOT


def _past(campaign: CompiledCampaign, program: Program, event: str, property: str) -> Opening:
    """Who did it before anybody asked: found in the log, once."""
    began = campaign.live_since or EPOCH
    found = opening(
        campaign,
        program,
        occurrence=f"{event}.{property}",
        part="log",
        at=began,
        occasion=Occasion(past_of=(event, property)),
    )
    return replace(found, expires_at=began + KEPT)
