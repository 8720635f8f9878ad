"""Folding effects into the state, so that the next happening of the same person sees them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from campaigns.engine.crossing import tags_of
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
    if isinstance(effect, EndMoment):
        return ended(state, effect)
    moments = dict(state.moments)
    if isinstance(effect, SettlePush):
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
        chain=effect.event.chain,
        pushes=pending(effect.decision),
    )
    return passed(placed(state, moment), moment, effect.event.decided_at)


def resumed(state: PersonState, effect: ResumeMoment) -> PersonState:
    moment = replace(
        state.moments[effect.id],
        version_id=effect.campaign.version_id,
        state=effect.decision.state,
        expires_at=effect.expires_at,
        pushes=pending(effect.decision),
    )
    return passed(placed(state, moment), moment, effect.decided_at)


def ended(state: PersonState, effect: EndMoment) -> PersonState:
    """A slot is given back by every end but being sent."""
    moments = dict(state.moments)
    moment = moments.pop(effect.id, None)
    after = replace(state, moments=moments)
    if moment is None or effect.state is MomentState.SENT:
        return after
    slot = (moment.campaign_id, moment.key)
    left = {id: at for id, at in state.passed.get(slot, {}).items() if id != moment.id}
    return replace(after, passed={**state.passed, slot: left})


def pending(decision: Decision) -> dict[UUID, PushState]:
    return {push.id: PushState.PENDING for push in decision.pushes}


def placed(state: PersonState, moment: MomentOfPerson) -> PersonState:
    moments = {id: one for id, one in state.moments.items() if id != moment.id}
    if not moment.state.is_end:
        moments[moment.id] = moment
    return replace(state, moments=moments)


def passed(state: PersonState, moment: MomentOfPerson, at: datetime) -> PersonState:
    """A slot is taken when a moment passes its checks."""
    if moment.state is not MomentState.PUSHING:
        return state
    slot = (moment.campaign_id, moment.key)
    taken = {**state.passed.get(slot, {}), moment.id: at}
    state = replace(state, passed={**state.passed, slot: taken})
    tags = tags_of(moment.event) if moment.event else ()
    return replace(state, tagged={**state.tagged, moment.id: tags}) if tags else state
