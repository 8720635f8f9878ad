"""One chunk of an expansion, in one transaction: its people are locked and asked.

Those whom the rule matches get an event and what follows from it. Whom somebody else holds is
come back for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from audience.services import people
from audience.services.people import PersonRow, Resolved
from campaigns.engine.candidate import zone
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.dated import reached, written_date
from campaigns.engine.deciding import matches
from campaigns.engine.logged import happened
from campaigns.engine.program import Program
from orchestrator.pipeline import expansions, loading, past, programs
from orchestrator.pipeline.batch import Batch, begin
from orchestrator.pipeline.crowd import Crowd, next_people
from orchestrator.pipeline.expansions import Progress, Taken
from triggers.services import log
from triggers.services.log import EventRow
from triggers.trigger import BusinessTrigger, DateTrigger, ScheduleTrigger

FansOut = BusinessTrigger | DateTrigger | ScheduleTrigger


class Tick(NamedTuple):
    """A person for whom it is time.

    `digests` name the event that says so, for each person that this one was made of; its own is
    the first.
    """

    person: int
    at: datetime
    properties: dict[str, Any]
    message_id: str
    digests: tuple[bytes, ...]


def next_chunk(*, now: datetime) -> bool:
    """False when there is nothing to do, or nothing that can be done now."""
    taken = expansions.take(now=now)
    if taken is None:
        return False
    if taken.occasion.past_of:
        return past.next_days(taken, now=now)
    program = programs.of([taken.workspace_id], now=now)[taken.workspace_id]
    campaign = next((one for one in program.fanning_out if one.id == taken.campaign_id), None)
    if reason := objection(taken, campaign, now=now):
        expansions.stop(taken, reason, now=now)
        return True
    return campaign is not None and go_through(taken, campaign, program, now=now)


def objection(taken: Taken, campaign: CompiledCampaign | None, *, now: datetime) -> str:
    """Why it must not go on; "" if it may."""
    if campaign is None or campaign.event != taken.occasion.name:
        return "replaced"
    return "expired" if now >= taken.expires_at else ""


def limit(campaign: CompiledCampaign) -> int:
    trigger = campaign.definition.trigger
    return trigger.max_people if isinstance(trigger, FansOut) else 0


def go_through(
    taken: Taken, campaign: CompiledCampaign, program: Program, *, now: datetime
) -> bool:
    crowd = next_people(taken, campaign.definition.trigger, now=now)
    wanted = sorted({*crowd.people, *taken.skipped} if crowd.last else crowd.people)
    batch = locked(wanted, campaign, program, now=now)
    met = unmet(list(ticks(taken, campaign, batch)))
    fired = met[: max(0, limit(campaign) - taken.moments)]
    for tick in fired:
        fire(tick, campaign, batch)
    log.remember(digests=[digest for tick in fired for digest in tick.digests], now=now)
    batch.write()
    if len(met) > len(fired):
        expansions.stop_at_limit(taken, moments=len(fired), now=now)
        return True
    missed = held_by_others(wanted, batch.rows)
    progress = progress_of(taken, crowd, missed, people=len(batch.rows), moments=len(fired))
    expansions.advance(taken, progress, now=now)
    return bool(batch.rows) or progress.done


def locked(
    wanted: Sequence[int], campaign: CompiledCampaign, program: Program, *, now: datetime
) -> Batch:
    """Those of these people whom nobody holds."""
    rows = people.lock_free(wanted)
    resolved = Resolved(people=[], rows=rows, merged={}, also={})
    needs = loading.needs_of([(campaign, program)])
    states = loading.states(resolved, needs=needs, now=now)
    return begin({program.workspace_id: program}, resolved, states, now=now)


def progress_of(
    taken: Taken, crowd: Crowd, missed: list[int], *, people: int, moments: int
) -> Progress:
    skipped = missed if crowd.last else [*taken.skipped, *missed]
    return Progress(
        cursor=crowd.cursor,
        skipped=skipped,
        people=people,
        moments=moments,
        done=crowd.last and not skipped,
    )


def unmet(ticks: Sequence[Tick]) -> list[Tick]:
    """Those that nobody got yet, in any part; their people are locked, so nobody will."""
    met = log.known(digests=[digest for tick in ticks for digest in tick.digests])
    return [tick for tick in ticks if met.isdisjoint(tick.digests)]


def held_by_others(wanted: Sequence[int], rows: dict[int, PersonRow]) -> list[int]:
    """People who still stand for themselves; who was merged away is met as the other one."""
    left = [person for person in wanted if person not in rows]
    canonical = people.canonical_ids(left)
    return [person for person in left if canonical.get(person) == person]


def ticks(taken: Taken, campaign: CompiledCampaign, batch: Batch) -> Iterator[Tick]:
    """The people whose time it is and whom the rule matches."""
    for person in sorted(batch.states):
        tick = tick_of(taken, campaign, batch, person)
        if tick is None:
            continue
        event = happened(event_row(tick, campaign, batch, sequence=0), decided_at=batch.now)
        if matches(campaign, batch.states[person], event, batch.program_of(person)):
            yield tick


def tick_of(taken: Taken, campaign: CompiledCampaign, batch: Batch, person: int) -> Tick | None:
    """None where a person's own date is not in this slot."""
    trigger, occasion = campaign.definition.trigger, taken.occasion
    at, occurrence, properties = taken.due_at, taken.occurrence, occasion.properties
    if isinstance(trigger, DateTrigger) and occasion.since and occasion.until:
        state, home = batch.states[person], batch.program_of(person).time_zone
        found = reached(trigger, state.traits, zone(state, home), since=occasion.since)
        if found is None or found >= occasion.until:
            return None
        at, occurrence = found, found.isoformat()
        properties = {"date": written_date(trigger, state.traits)}
    return Tick(
        person=person,
        at=at,
        properties=properties,
        message_id=f"{campaign.key}:{occurrence}",
        digests=tuple(
            log.digest(
                workspace_id=taken.workspace_id,
                origin="tick",
                message_id=f"{campaign.id}:{occurrence}:{one}",
            )
            for one in (person, *batch.merged[person])
        ),
    )


def event_row(tick: Tick, campaign: CompiledCampaign, batch: Batch, *, sequence: int) -> EventRow:
    return EventRow(
        id=log.event_id(tick.digests[0]),
        workspace_id=batch.rows[tick.person].workspace_id,
        person_id=tick.person,
        device_id=None,
        key_id=None,
        message_id=tick.message_id,
        type="tick",
        name=campaign.event,
        properties=tick.properties,
        context={"campaign": campaign.key},
        source="server",
        occurred_at=tick.at,
        received_at=batch.now,
        sequence=sequence,
        program_version=batch.program_of(tick.person).version,
    )


def fire(tick: Tick, campaign: CompiledCampaign, batch: Batch) -> None:
    batch.note(tick.person)
    event = event_row(tick, campaign, batch, sequence=batch.number(tick.person))
    batch.happened(event, happened(event, decided_at=batch.now))
