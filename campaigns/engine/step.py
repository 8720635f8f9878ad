"""The function that decides. Live workers, explanations and replays all call this one."""

from typing import Any

from campaigns.content import Rendered
from campaigns.engine.candidate import Candidate, facts
from campaigns.engine.effects import Effect, EndMoment, NewPush, OpenMoment, SettlePush
from campaigns.engine.gates import GATES, Skip
from campaigns.engine.happening import Happening, PushSettled
from campaigns.engine.ids import moment_id, push_id
from campaigns.engine.program import Program
from campaigns.engine.state import PersonState
from campaigns.engine.states import MomentState, PushState, Reason
from triggers.rules import Verdict

MAX_DETAIL = 200


def step(state: PersonState, happening: Happening, program: Program) -> list[Effect]:
    """What follows from one happening for one person. Pure: same arguments, same effects."""
    if isinstance(happening, PushSettled):
        return push_settled(state, happening)
    effects: list[Effect] = []
    for campaign in program.listening(happening.name):
        candidate = Candidate(
            campaign=campaign, state=state, event=happening, link_schemes=program.link_schemes
        )
        effects.extend(considered(candidate))
    return effects


def considered(candidate: Candidate) -> list[Effect]:
    """One campaign's decision; a fault in it stays its own."""
    campaign = candidate.campaign
    try:
        known = facts(candidate.state, candidate.event)
        if campaign.rule.verdict(known) is not Verdict.MATCH:
            return []
        return [judged(candidate, rule_trace=campaign.rule.trace(known))]
    except Exception as error:  # noqa: BLE001 - the moment records it and other campaigns go on
        detail = f"{type(error).__name__}: {error}"[:MAX_DETAIL]
        skip = Skip(reason=Reason.CAMPAIGN_ERROR, detail=detail, state=MomentState.ERROR)
        return [opened(candidate, skip, trace={})]


def judged(candidate: Candidate, *, rule_trace: Any) -> OpenMoment:
    checks: list[dict[str, str]] = []
    trace = {"rule": rule_trace, "checks": checks}
    content: Rendered | None = None
    for name, gate in GATES:
        answer = gate(candidate)
        if isinstance(answer, Skip):
            checks.append(
                {"check": name, "verdict": "no", "reason": answer.reason, "detail": answer.detail}
            )
            return opened(candidate, answer, trace=trace)
        checks.append({"check": name, "verdict": "pass", "detail": answer.note})
        content = answer.content or content
    return opened(candidate, content, trace=trace)


def opened(
    candidate: Candidate, outcome: Skip | Rendered | None, *, trace: dict[str, Any]
) -> OpenMoment:
    campaign, state, event = candidate.campaign, candidate.state, candidate.event
    moment = moment_id(
        campaign_id=campaign.id,
        person_id=state.person_id,
        key="",
        occurrence=event.message_id,
    )
    skip = outcome if isinstance(outcome, Skip) else None
    devices = () if skip else candidate.reachable
    return OpenMoment(
        id=moment,
        campaign=campaign,
        person_id=state.person_id,
        event=event,
        sequence=state.sequence,
        state=skip.state if skip else MomentState.PUSHING,
        reason=skip.reason if skip else "",
        detail=skip.detail if skip else "",
        expires_at=candidate.expires_at,
        trace=trace,
        content=None if isinstance(outcome, Skip) else outcome,
        pushes=tuple(
            NewPush(id=push_id(moment=moment, device_id=one.id), device_id=one.id)
            for one in devices
        ),
    )


def push_settled(state: PersonState, happening: PushSettled) -> list[Effect]:
    """A moment is sent with its first accepted push, and over when its last push is."""
    moment = state.moments.get(happening.moment)
    if moment is None or moment.state.is_end:
        return []
    settled = SettlePush(moment=moment.id, push=happening.push, state=happening.state)
    pushes = {**moment.pushes, happening.push: happening.state}.values()
    if happening.state is not PushState.ACCEPTED and any(not push.is_end for push in pushes):
        return [settled]
    best = next(push for push in ENDS if push in pushes)
    return [settled, ending(happening, ENDS[best])]


# What became of a moment is what became of its luckiest push.
ENDS = {
    PushState.ACCEPTED: MomentState.SENT,
    PushState.UNCONFIRMED: MomentState.SENT,
    PushState.FAILED: MomentState.FAILED,
    PushState.CANCELLED: MomentState.CANCELLED,
    PushState.DROPPED: MomentState.EXPIRED,
}


def ending(happening: PushSettled, state: MomentState) -> EndMoment:
    return EndMoment(
        id=happening.moment,
        state=state,
        reason=happening.reason,
        ended_at=happening.decided_at,
    )
