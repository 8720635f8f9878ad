"""Folding effects into the state, so that the next happening of the same person sees them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from campaigns.engine.effects import (
    Decision,
    Effect,
    EndMoment,
    OpenMoment,
    ResumeMoment,
    SettlePush,
)
from campaigns.engine.state import MomentOfPerson, PersonState
from campaigns.engine.states import MomentState, PushState


def apply(state: PersonState, effect: Effect) -> PersonState:
    """The state after one effect."""
    if isinstance(effect, OpenMoment):
        return opened(state, effect)
    if isinstance(effect, ResumeMoment):
        return resumed(state, effect)
    moments = dict(state.moments)
    if isinstance(effect, EndMoment):
        moments.pop(effect.id, None)
    elif isinstance(effect, SettlePush):
        moment = moments[effect.moment]
        pushes = {**moment.pushes, effect.push: PushState(effect.state)}
        moments[effect.moment] = replace(moment, pushes=pushes)
    return replace(state, moments=moments)


def opened(state: PersonState, effect: OpenMoment) -> PersonState:
    moment = MomentOfPerson(
        id=effect.id,
        campaign_id=effect.campaign.id,
        version_id=effect.campaign.version_id,
        state=effect.decision.state,
        key=effect.key,
        event=effect.event,
        expires_at=effect.expires_at,
        pushes=pending(effect.decision),
    )
    after = placed(state, moment)
    slot = (effect.campaign.id, effect.key)
    return passed(after, slot, effect.event.decided_at, effect.decision)


def resumed(state: PersonState, effect: ResumeMoment) -> PersonState:
    moment = replace(
        state.moments[effect.id],
        state=effect.decision.state,
        expires_at=effect.expires_at,
        pushes=pending(effect.decision),
    )
    slot = (effect.campaign.id, effect.key)
    return passed(placed(state, moment), slot, effect.decided_at, effect.decision)


def pending(decision: Decision) -> dict[UUID, PushState]:
    return {push.id: PushState.PENDING for push in decision.pushes}


def placed(state: PersonState, moment: MomentOfPerson) -> PersonState:
    moments = {id: one for id, one in state.moments.items() if id != moment.id}
    if not moment.state.is_end:
        moments[moment.id] = moment
    return replace(state, moments=moments)


def passed(
    state: PersonState, slot: tuple[int, str], at: datetime, decision: Decision
) -> PersonState:
    """A slot is taken when a moment passes its checks."""
    if decision.state is not MomentState.PUSHING:
        return state
    return replace(state, passed={**state.passed, slot: at})
