"""explain: what every listening campaign says of an event, asked of the rules that step() asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audience.services.people import Resolved, as_row
from audience.sql import run
from campaigns.engine.candidate import facts, zone
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened
from campaigns.engine.logged import happened
from campaigns.engine.program import Program
from campaigns.engine.state import PersonState
from orchestrator.pipeline import loading, programs
from orchestrator.pipeline.loading import Needs
from triggers.models import Event
from triggers.rules import Verdict, negate


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An event of the log and its canonical person."""

    event: EventHappened
    person_id: int
    program_version: int


def asked_of(event: Event, person_id: int) -> Asked:
    """An event of the log, asked about for the person it belongs to now."""
    return Asked(
        event=happened(event, decided_at=event.decided_at),
        person_id=person_id,
        program_version=event.program_version,
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one live campaign says. `deciding` are the leaves of the rule's trace that made the
    verdict. `later` says that campaigns changed after the event, so it is today's answer."""

    campaign_id: int
    campaign_name: str
    rule: str
    verdict: Verdict
    trace: Mapping[str, Any]
    deciding: tuple[Mapping[str, Any], ...]
    later: bool


def explain(*, workspace_id: int, asked: Sequence[Asked]) -> dict[int, list[Answer]]:
    """The answers to each event, by event id; none where no live campaign listens.

    The people are as they are now, the time is that of the decision. Three queries at most,
    however many events.
    """
    program = programs.seen(workspace_id)
    heard = [one for one in asked if listeners(one, program)]
    asking = {c.version_id: c for one in heard for c in listeners(one, program)}
    needs = loading.needs_of((campaign, program) for campaign in asking.values())
    states = states_of(sorted({one.person_id for one in heard}), needs)
    found: dict[int, list[Answer]] = {one.event.event_id: [] for one in asked}
    for one in heard:
        if one.person_id in states:
            found[one.event.event_id] = answers(one, states[one.person_id], program)
    return found


def answers(asked: Asked, state: PersonState, program: Program) -> list[Answer]:
    """Pure: what each campaign that listens says of one event of this person."""
    known = facts(state, asked.event, zone(state, program.time_zone), program.segments)
    later = asked.program_version != program.version
    return [answer(campaign, known, later=later) for campaign in listeners(asked, program)]


def listeners(asked: Asked, program: Program) -> tuple[CompiledCampaign, ...]:
    """Also those that the event's properties rule out: that is what is to be explained."""
    return program.interested(asked.event.name, asked.event.campaign)


def answer(campaign: CompiledCampaign, known: dict[str, Any], *, later: bool) -> Answer:
    trace = campaign.rule.trace(known)
    return Answer(
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        rule=campaign.rule.sentence(),
        verdict=Verdict(trace["verdict"]),
        trace=trace,
        deciding=tuple(deciding(trace)),
        later=later,
    )


def deciding(trace: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The leaves that made a trace's verdict what it is: the ones to show to a person."""
    if "rules" not in trace:
        yield trace
        return
    verdict = Verdict(trace["verdict"])
    inner = negate(verdict) if trace["not"] else verdict
    for child in trace["rules"]:
        if child["verdict"] == inner.value:
            yield from deciding(child)


def states_of(people: Sequence[int], needs: Needs) -> dict[int, PersonState]:
    """The state of canonical people, read without a lock."""
    if not people:
        return {}
    rows = run(
        """
        SELECT id, workspace_id, traits, trait_sources, locale, time_zone, first_seen_at,
               sequence,
               ARRAY(SELECT m.id FROM audience_person m WHERE m.merged_into_id = p.id),
               known_digest, now()
        FROM audience_person p WHERE id = ANY(%(people)b::bigint[]) AND merged_into_id IS NULL
        """,
        people=people,
    )
    if not rows:
        return {}
    found = {row[0]: as_row(row) for row in rows}
    resolved = Resolved(people=[], rows=found, merged={}, also={})
    return loading.states(resolved, needs=needs, now=rows[0][10])
