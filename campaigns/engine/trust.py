"""Whether an event comes from a source that a trigger accepts."""

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened
from triggers.trigger import EventTrigger, PlaceTrigger

RANKS = {"public": 0, "verified": 1, "server": 2}


def trusted(campaign: CompiledCampaign, event: EventHappened) -> bool:
    """Event triggers choose, and a phone says where it is; other kinds fire on what we made."""
    trigger = campaign.definition.trigger
    if isinstance(trigger, PlaceTrigger):
        return True
    if not isinstance(trigger, EventTrigger):
        return event.source == "server"
    return RANKS[event.source] >= RANKS[trigger.source]
