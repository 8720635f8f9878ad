"""Whether an event comes from a source that a trigger accepts."""

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.happening import EventHappened
from triggers.trigger import EventTrigger

RANKS = {"public": 0, "verified": 1, "server": 2}


def trusted(campaign: CompiledCampaign, event: EventHappened) -> bool:
    """Only event triggers choose; the other kinds fire on events of our own making."""
    trigger = campaign.definition.trigger
    if not isinstance(trigger, EventTrigger):
        return event.source == "server"
    return RANKS[event.source] >= RANKS[trigger.source]
