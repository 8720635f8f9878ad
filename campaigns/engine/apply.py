"""Folding effects into the state, so that the next happening of the same person sees them."""

from dataclasses import replace

from campaigns.engine.effects import Effect, EndMoment, OpenMoment, SettlePush
from campaigns.engine.state import MomentOfPerson, PersonState
from campaigns.engine.states import PushState


def apply(state: PersonState, effect: Effect) -> PersonState:
    """The state after one effect."""
    moments = dict(state.moments)
    if isinstance(effect, OpenMoment):
        if effect.state.is_end:
            return state
        moments[effect.id] = MomentOfPerson(
            id=effect.id,
            campaign_id=effect.campaign.id,
            campaign_key=effect.campaign.key,
            state=effect.state,
            pushes={push.id: PushState.PENDING for push in effect.pushes},
        )
    elif isinstance(effect, EndMoment):
        moments.pop(effect.id, None)
    elif isinstance(effect, SettlePush):
        moment = moments[effect.moment]
        pushes = {**moment.pushes, effect.push: PushState(effect.state)}
        moments[effect.moment] = replace(moment, pushes=pushes)
    return replace(state, moments=moments)
