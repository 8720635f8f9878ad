"""One campaign's decision about one person: the rule, the wait, the checks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from campaigns.content import Rendered
from campaigns.engine.cancelling import value_of
from campaigns.engine.candidate import Candidate, facts, zone
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.crossing import unconcerned
from campaigns.engine.dated import still_dated
from campaigns.engine.effects import Decision, NewPush, OpenMoment, ResumeMoment
from campaigns.engine.gates import GATES, Skip, chain, event_age, not_cancelled
from campaigns.engine.happening import EventHappened
from campaigns.engine.ids import moment_id, push_id
from campaigns.engine.program import Program
from campaigns.engine.state import MomentOfPerson, PersonState
from campaigns.engine.states import MomentState, Reason
from campaigns.engine.trust import trusted
from triggers.clock import due
from triggers.rules import MISSING, Verdict

MAX_DETAIL = 200
MAX_KEY = 200
# What cannot change while a moment waits, asked before it does.
AT_ONCE = (("event_age", event_age), ("chain", chain), ("cancelled", not_cancelled))


def asked_by(state: PersonState, event: EventHappened, program: Program) -> dict[str, Any]:
    """What all campaigns ask of one event: it is gathered once, however many they are."""
    return facts(state, event, zone(state, program.time_zone), program.segments)


def considered(
    campaign: CompiledCampaign,
    state: PersonState,
    event: EventHappened,
    program: Program,
    known: Mapping[str, Any],
) -> OpenMoment | None:
    """A moment, if the rule matches; a fault in one campaign stays its own."""
    try:
        if not fires(campaign, state, event, known):
            return None
        candidate = candidate_of(campaign, state, event, program, since=event.occurred_at)
        return first_decision(candidate, campaign.rule.trace(known))
    except Exception as error:  # noqa: BLE001 - the moment records it and other campaigns go on
        candidate = candidate_of(campaign, state, event, program, since=event.occurred_at)
        return opened(candidate, fault(error))


def matches(
    campaign: CompiledCampaign, state: PersonState, event: EventHappened, program: Program
) -> bool:
    """Whether this happening would open a moment, for those who must know before they log it."""
    return fires(campaign, state, event, asked_by(state, event, program))


def fires(
    campaign: CompiledCampaign,
    state: PersonState,
    event: EventHappened,
    known: Mapping[str, Any],
) -> bool:
    if not trusted(campaign, event) or unconcerned(campaign.definition.trigger, event):
        return False
    if campaign.rule.verdict(known) is not Verdict.MATCH:
        return False
    return still_dated(campaign, state.traits, known["zone"], at=event.occurred_at)


def candidate_of(
    campaign: CompiledCampaign,
    state: PersonState,
    event: EventHappened,
    program: Program,
    *,
    since: datetime,
) -> Candidate:
    """`since` is when the moment could first be sent; its freshness counts from there."""
    return Candidate(
        campaign=campaign,
        state=state,
        event=event,
        key=key_of(campaign, event),
        expires_at=since + timedelta(seconds=campaign.definition.useful_for_s),
        zone=zone(state, program.time_zone),
        quiet=program.quiet,
        link_schemes=program.link_schemes,
    )


def key_of(campaign: CompiledCampaign, event: EventHappened) -> str:
    """What tells this moment from another of the same person; "" where nothing does."""
    field = campaign.hearing.key
    value = value_of(event, field) if field else MISSING
    return "" if value is MISSING else str(value)[:MAX_KEY]


def first_decision(candidate: Candidate, rule_trace: Any) -> OpenMoment:
    """At the event: too old, cancelled already, to wait, or all checks at once."""
    key = candidate.campaign.hearing.key
    trace: dict[str, Any] = {"rule": rule_trace, "checks": []}
    if key and not candidate.key:
        skip = Skip(reason=Reason.MISSING, detail=key)
        return opened(candidate, objected(skip, "key", trace))
    for name, gate in AT_ONCE:
        answer = gate(candidate)
        if isinstance(answer, Skip):
            return opened(candidate, objected(answer, name, trace))
    due_at = due_of(candidate)
    useful_for = timedelta(seconds=candidate.campaign.definition.useful_for_s)
    candidate = replace(candidate, expires_at=due_at + useful_for)
    if due_at <= candidate.event.decided_at:
        return opened(candidate, judged(candidate, trace))
    return opened(candidate, Decision(state=MomentState.WAITING, trace=trace, due_at=due_at))


def due_of(candidate: Candidate) -> datetime:
    """When the moment could first be sent."""
    wait, since = candidate.campaign.hearing.wait, candidate.event.occurred_at
    return due(wait, since=since, zone=candidate.zone) if wait else since


def resumed(
    campaign: CompiledCampaign,
    moment: MomentOfPerson,
    state: PersonState,
    program: Program,
    *,
    now: datetime,
) -> ResumeMoment:
    """After the wait: the rule and every check again."""
    if moment.event is None:
        raise ValueError("a moment is resumed with its event")
    event = replace(moment.event, decided_at=now)
    state = without(state, event)
    candidate = replace(
        candidate_of(campaign, state, event, program, since=now), expires_at=moment.expires_at
    )
    try:
        known = facts(state, event, candidate.zone, program.segments)
        trace: dict[str, Any] = {"rule": campaign.rule.trace(known), "checks": []}
        dated = still_dated(campaign, state.traits, candidate.zone, at=event.occurred_at)
        if campaign.rule.verdict(known) is Verdict.MATCH and dated:
            decision = judged(candidate, trace)
        else:
            decision = objected(Skip(reason=Reason.NO_LONGER_MATCHES), "rule", trace)
    except Exception as error:  # noqa: BLE001 - the moment records it and other campaigns go on
        decision = fault(error)
    return ResumeMoment(
        id=moment.id,
        campaign=campaign,
        person_id=state.person_id,
        key=moment.key,
        expires_at=moment.expires_at,
        decided_at=now,
        decision=with_pushes(decision, moment.id, candidate),
    )


def without(state: PersonState, event: EventHappened) -> PersonState:
    """The state whose past does not have the event itself, as it was when it happened."""
    past = state.history.get(event.name)
    if past is None:
        return state
    others = tuple(one for one in past.events if one.message_id != event.message_id)
    return replace(state, history={**state.history, event.name: replace(past, events=others)})


def judged(candidate: Candidate, trace: dict[str, Any]) -> Decision:
    """Every check in order; the first objection wins."""
    content: Rendered | None = None
    for name, gate in GATES:
        answer = gate(candidate)
        if isinstance(answer, Skip):
            return objected(answer, name, trace)
        trace["checks"].append({"check": name, "verdict": "pass", "detail": answer.note})
        content = answer.content or content
    return Decision(state=MomentState.PUSHING, trace=trace, content=content)


def objected(skip: Skip, check: str, trace: dict[str, Any]) -> Decision:
    trace["checks"].append(
        {"check": check, "verdict": "no", "reason": skip.reason, "detail": skip.detail}
    )
    return Decision(state=skip.state, trace=trace, reason=skip.reason, detail=skip.detail)


def fault(error: Exception) -> Decision:
    detail = f"{type(error).__name__}: {error}"[:MAX_DETAIL]
    return Decision(state=MomentState.ERROR, trace={}, reason=Reason.CAMPAIGN_ERROR, detail=detail)


def opened(candidate: Candidate, decision: Decision) -> OpenMoment:
    campaign, state, event = candidate.campaign, candidate.state, candidate.event
    moment = moment_id(
        campaign_id=campaign.id,
        person_id=state.person_id,
        key=candidate.key,
        occurrence=event.message_id,
    )
    return OpenMoment(
        id=moment,
        campaign=campaign,
        person_id=state.person_id,
        key=candidate.key,
        event=event,
        sequence=state.sequence,
        expires_at=candidate.expires_at,
        decision=with_pushes(decision, moment, candidate),
    )


def with_pushes(decision: Decision, moment: Any, candidate: Candidate) -> Decision:
    """A decision to send, with one push for each device that can be reached."""
    if decision.state is not MomentState.PUSHING:
        return decision
    pushes = tuple(
        NewPush(id=push_id(moment=moment, device_id=one.id), device_id=one.id)
        for one in candidate.reachable
    )
    return replace(decision, pushes=pushes)
