"""The function that decides. Live workers, explanations and replays all call this one."""

from dataclasses import replace

from campaigns.engine import cancelling, deciding
from campaigns.engine.apply import apply
from campaigns.engine.candidate import zone
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.effects import (
    CancelPushes,
    Effect,
    EndMoment,
    SettlePush,
)
from campaigns.engine.happening import EventHappened, Happening, MomentDue, PushSettled
from campaigns.engine.program import Program
from campaigns.engine.state import MomentOfPerson, PersonState
from campaigns.engine.states import MomentState, PushState, Reason


def step(state: PersonState, happening: Happening, program: Program) -> list[Effect]:
    """What follows from one happening for one person. Pure: same arguments, same effects."""
    if isinstance(happening, PushSettled):
        return push_settled(state, happening, program)
    if isinstance(happening, MomentDue):
        return moment_due(state, happening, program)
    return event_happened(state, happening, program)


def event_happened(state: PersonState, event: EventHappened, program: Program) -> list[Effect]:
    """First what the event ends, then what it starts."""
    effects = [
        effect
        for moment in state.moments.values()
        if (effect := ended_by(moment, event, state, program))
    ]
    for effect in effects:
        state = apply(state, effect)
    listening = program.listening(event.name, event.properties, event.campaign)
    known = deciding.asked_by(state, event, program) if listening else {}
    for campaign in listening:
        opened = deciding.considered(campaign, state, event, program, known)
        if opened:
            effects.append(opened)
            state = apply(state, opened)
    return effects


def ended_by(
    moment: MomentOfPerson, event: EventHappened, state: PersonState, program: Program
) -> Effect | None:
    campaign = version_of(moment, program)
    if campaign is None or moment.event is None or event.name not in campaign.cancelled_by:
        return None
    where = zone(state, program.time_zone)
    for cancel in campaign.cancels:
        if cancelling.cancels(cancel, event, moment.event, state, where):
            restarts = event.name == campaign.event
            reason = Reason.RESTARTED if restarts else Reason.CANCELLED_BY_EVENT
            if moment.state is MomentState.PUSHING:
                return CancelPushes(moment=moment.id, reason=reason)
            return EndMoment(
                id=moment.id,
                state=MomentState.CANCELLED,
                reason=reason,
                detail=event.name,
                ended_at=event.decided_at,
            )
    return None


def version_of(moment: MomentOfPerson, program: Program) -> CompiledCampaign | None:
    """The version the moment was opened by, or a later one for those that wait."""
    return program.version_of(moment.campaign_id, moment.version_id)


def moment_due(state: PersonState, happening: MomentDue, program: Program) -> list[Effect]:
    """The wait is over: every check again, with what is known now."""
    moment = state.moments.get(happening.moment)
    if moment is None or moment.state is not MomentState.WAITING:
        return []
    campaign = version_of(moment, program)
    if campaign is None or moment.event is None:
        return [
            EndMoment(
                id=moment.id,
                state=MomentState.ERROR,
                reason=Reason.EVENT_FORGOTTEN,
                ended_at=happening.decided_at,
            )
        ]
    return [deciding.resumed(campaign, moment, state, program, now=happening.decided_at)]


def push_settled(state: PersonState, happening: PushSettled, program: Program) -> list[Effect]:
    """What it means for its moment; a moment that is sent by it may start other campaigns."""
    effects = settled(state, happening)
    if any(isinstance(one, EndMoment) and one.state is MomentState.SENT for one in effects):
        event = replace(happening.event, chain=state.moments[happening.moment].chain + 1)
        for effect in effects:
            state = apply(state, effect)
        effects += event_happened(state, event, program)
    return effects


def settled(state: PersonState, happening: PushSettled) -> list[Effect]:
    """A moment is sent with its first accepted push, and over when its last push is."""
    moment = state.moments.get(happening.moment)
    if moment is None or moment.state.is_end:
        return []
    settled = SettlePush(moment=moment.id, push=happening.push, state=happening.state)
    pushes = {**moment.pushes, happening.push: happening.state}.values()
    if happening.state is not PushState.ACCEPTED and any(not push.is_end for push in pushes):
        return [settled]
    best = next(push for push in ENDS if push in pushes)
    end = EndMoment(
        id=happening.moment,
        state=ENDS[best],
        reason=happening.reason,
        ended_at=happening.decided_at,
    )
    return [settled, end]


# What became of a moment is what became of its luckiest push.
ENDS = {
    PushState.ACCEPTED: MomentState.SENT,
    PushState.UNCONFIRMED: MomentState.SENT,
    PushState.FAILED: MomentState.FAILED,
    PushState.CANCELLED: MomentState.CANCELLED,
    PushState.DROPPED: MomentState.EXPIRED,
}
