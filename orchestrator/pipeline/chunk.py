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
from campaigns.engine.dated import reached
from campaigns.engine.deciding import matches
from campaigns.engine.logged import happened
from campaigns.engine.program import Program
from orchestrator import bells
from orchestrator.pipeline import expansions, loading, past, programs
from orchestrator.pipeline.batch import Batch, begin
from orchestrator.pipeline.crowd import next_people
from orchestrator.pipeline.expansions import Progress, Taken
from triggers.services import log
from triggers.services.log import EventRow
from triggers.trigger import BusinessTrigger, DateTrigger, ScheduleTrigger

FansOut = BusinessTrigger | DateTrigger | ScheduleTrigger


class Tick(NamedTuple):
    """A person for whom it is time, and the digest of the event that says so."""

    person: int
    at: datetime
    properties: dict[str, Any]
    message_id: str
    digest: bytes


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
    if now >= taken.expires_at:
        return "expired"
    return "audience_limit" if taken.moments >= limit(campaign) else ""


def limit(campaign: CompiledCampaign) -> int:
    trigger = campaign.definition.trigger
    return trigger.max_people if isinstance(trigger, FansOut) else 0


def go_through(
    taken: Taken, campaign: CompiledCampaign, program: Program, *, now: datetime
) -> bool:
    crowd = next_people(taken, campaign.definition.trigger, now=now)
    wanted = sorted({*crowd.people, *taken.skipped} if crowd.last else crowd.people)
    rows = people.lock_free(wanted)
    locked = Resolved(people=[], rows=rows, merged={}, also={})
    needs = loading.needs_of([(campaign, program)])
    states = loading.states(locked, needs=needs, now=now)
    batch = begin({program.workspace_id: program}, locked, states, now=now)
    asked = list(ticks(taken, campaign, batch))
    matched = asked[: limit(campaign) - taken.moments]
    new = log.remember(digests=[one.digest for one in matched], now=now) if matched else set()
    for tick in matched:
        if tick.digest in new:
            fire(tick, campaign, batch)
    batch.write()
    if batch.has_pushes:
        bells.ring_after_commit(bells.DISPATCH)
    missed = held_by_others(wanted, rows)
    skipped = missed if crowd.last else [*taken.skipped, *missed]
    full = len(asked) > len(matched)
    progress = Progress(
        cursor=crowd.cursor,
        skipped=skipped,
        people=len(rows),
        moments=len(new),
        done=crowd.last and not skipped and not full,
    )
    expansions.advance(taken, progress, now=now)
    return bool(rows) or progress.done


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
    message_id = f"{campaign.key}:{occurrence}"
    return Tick(
        person=person,
        at=at,
        properties=properties,
        message_id=message_id,
        digest=log.digest(
            workspace_id=taken.workspace_id,
            origin="tick",
            message_id=f"{campaign.id}:{occurrence}:{person}",
        ),
    )


def event_row(tick: Tick, campaign: CompiledCampaign, batch: Batch, *, sequence: int) -> EventRow:
    return EventRow(
        id=log.event_id(tick.digest),
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
