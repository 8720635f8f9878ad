"""What ends a moment that waits: a later event of the same person, joined by its properties.

`occurred_at` decides, not arrival: an event that arrived before the trigger but happened after
it cancels too, and a late one cancels as long as the moment has not gone.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine.candidate import facts
from campaigns.engine.compiled import Cancel, CompiledCampaign
from campaigns.engine.happening import EventHappened
from campaigns.engine.state import PersonState
from triggers.rules import MISSING, PastEvent, Verdict, find_fact


def canceller(
    campaign: CompiledCampaign, trigger: EventHappened, state: PersonState, zone: ZoneInfo
) -> str | None:
    """The name of a past event that cancels this firing, or None."""
    for cancel in campaign.cancels:
        past = state.history.get(cancel.on.event)
        for event in past.events if past else ():
            if cancels(cancel, as_event(event, trigger.decided_at), trigger, state, zone):
                return event.name
    return None


def cancels(
    cancel: Cancel,
    event: EventHappened,
    trigger: EventHappened,
    state: PersonState,
    zone: ZoneInfo,
) -> bool:
    """Whether `event` happened after `trigger`, is joined to it, and matches the rule."""
    return (
        event.name == cancel.on.event
        and follows(event, trigger)
        and all(joined(event, one.property, trigger, one.equals) for one in cancel.on.same)
        and cancel.rule.verdict(facts(state, event, zone)) is Verdict.MATCH
    )


def follows(event: EventHappened, trigger: EventHappened) -> bool:
    """In the same instant another event counts as later: rather no reminder than a wrong one.

    Of two of the same name, which restart each other's wait, just one must be the later.
    """
    if event.name == trigger.name:
        return event.order > trigger.order
    return event.occurred_at >= trigger.occurred_at


def joined(event: EventHappened, path: str, trigger: EventHappened, field: str) -> bool:
    """Equal and of one kind; a missing value joins nothing."""
    theirs = value_of(event, f"event.properties.{path}")
    ours = value_of(trigger, field)
    return ours is not MISSING and type(ours) is type(theirs) and ours == theirs


def value_of(event: EventHappened, field: str) -> Any:
    """The value of a fact of this event; MISSING where it has none, or null."""
    fact = find_fact(field)
    if fact is None:
        return MISSING
    about = {"name": event.name, "properties": event.properties, "context": event.context}
    value = fact.reader()({"event": about})
    return MISSING if value is None else value


def as_event(past: PastEvent, decided_at: datetime) -> EventHappened:
    return EventHappened(
        event_id=0,
        message_id=past.message_id,
        name=past.name,
        properties=past.properties,
        context=past.context,
        device_id=None,
        occurred_at=past.occurred_at,
        received_at=past.occurred_at,
        decided_at=decided_at,
    )
