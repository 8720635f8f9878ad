"""What a trigger listens to: every kind is an event, a wait and what cancels it."""

from dataclasses import dataclass

from campaigns.engine.states import PushState
from triggers.clock import Elapsed, Wait
from triggers.places.crossings import (
    APPROACHED,
    CROSSINGS,
    ENTERED,
    ENTERED_PERHAPS,
    ENTERED_SURELY,
    EXITED,
)
from triggers.rules import Rule
from triggers.trigger import (
    BusinessTrigger,
    CancelOn,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
    Same,
    ScheduleTrigger,
    Trigger,
)

# Events of our own, which no app may send. A campaign that is called hears of it under its own
# key and no other way.
SCHEDULE_REACHED = "Schedule Reached"
DATE_REACHED = "Date Reached"
CAMPAIGN_TRIGGERED = "Campaign Triggered"
PUSH_ACCEPTED = "Push Accepted"
PUSH_OPENED = "Push Opened"
SETTLED_NAMES = {
    PushState.ACCEPTED: PUSH_ACCEPTED,
    PushState.FAILED: "Push Failed",
    PushState.UNCONFIRMED: "Push Unconfirmed",
    PushState.DROPPED: "Push Dropped",
    PushState.CANCELLED: "Push Cancelled",
}
OWN_EVENTS = (
    frozenset({SCHEDULE_REACHED, DATE_REACHED, CAMPAIGN_TRIGGERED, PUSH_OPENED})
    | frozenset(SETTLED_NAMES.values())
    | CROSSINGS
)
FAN_OUT = (ScheduleTrigger, DateTrigger, BusinessTrigger)

CAMPAIGN_KEY = "event.properties.campaign_key"
NOT_OPENED = CancelOn(
    event=PUSH_OPENED, same=(Same(property="moment_id", equals="event.properties.moment_id"),)
)

PLACE = "event.properties.place"
LEFT = CancelOn(event=EXITED, same=(Same(property="place", equals=PLACE),))
ENTERED_BY_CONFIDENCE = {"low": ENTERED_PERHAPS, "medium": ENTERED, "high": ENTERED_SURELY}

Equality = tuple[str, str | float | bool]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """`called` campaigns get events that name them; others every event of this name.

    `equality` is a field and the value without which nothing can match, where there is one. `key`
    is the path of what tells one moment from another, or "".
    """

    event: str
    called: bool
    equality: Equality | None
    wait: Wait | None
    cancel_on: tuple[CancelOn, ...]
    key: str = ""
    fans_out: bool = False


def hearing(trigger: Trigger, rule: Rule) -> Hearing:
    """`rule` is the trigger's, compiled."""
    if isinstance(trigger, InteractionTrigger):
        return _interaction(trigger)
    if isinstance(trigger, PlaceTrigger):
        return _crossing(trigger)
    heard = isinstance(trigger, EventTrigger)
    return Hearing(
        event=event_name(trigger),
        called=not heard,
        equality=rule.equality if heard else None,
        wait=trigger.wait,
        cancel_on=trigger.cancel_on,
        key=trigger.key,
        fans_out=isinstance(trigger, FAN_OUT),
    )


def event_name(trigger: Trigger) -> str:
    """The name in the log of the event that fires it."""
    if isinstance(trigger, EventTrigger | BusinessTrigger):
        return trigger.event
    if isinstance(trigger, InteractionTrigger):
        return PUSH_OPENED if trigger.did == "opened" else PUSH_ACCEPTED
    if isinstance(trigger, PlaceTrigger):
        return _crossed(trigger)
    if isinstance(trigger, ScheduleTrigger):
        return SCHEDULE_REACHED
    return DATE_REACHED if isinstance(trigger, DateTrigger) else CAMPAIGN_TRIGGERED


def _interaction(trigger: InteractionTrigger) -> Hearing:
    late = trigger.did == "not_opened"
    return Hearing(
        event=event_name(trigger),
        called=False,
        equality=(CAMPAIGN_KEY, trigger.campaign),
        wait=Elapsed(seconds=trigger.within_s) if late else trigger.wait,
        cancel_on=(*trigger.cancel_on, NOT_OPENED) if late else trigger.cancel_on,
        key=trigger.key,
    )


def _crossing(trigger: PlaceTrigger) -> Hearing:
    stays = trigger.crossing == "dwell"
    return Hearing(
        event=event_name(trigger),
        called=False,
        equality=None,
        wait=Elapsed(seconds=trigger.stay_s) if stays else trigger.wait,
        cancel_on=(*trigger.cancel_on, LEFT) if stays else trigger.cancel_on,
        key=PLACE,
    )


def _crossed(trigger: PlaceTrigger) -> str:
    if trigger.crossing in ("enter", "dwell"):
        return ENTERED_BY_CONFIDENCE[trigger.confidence]
    return EXITED if trigger.crossing == "exit" else APPROACHED
