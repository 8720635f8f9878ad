"""Place triggers: whether a crossing is one of theirs, and the checks that only they have."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from campaigns.engine.happening import EventHappened
from campaigns.engine.place_facts import opening_of
from campaigns.engine.state import PersonState
from campaigns.engine.states import Reason
from triggers.trigger import PlaceTrigger, Trigger

RANKS = {"low": 0, "medium": 1, "high": 2}


class Unconcerned(StrEnum):
    """Why a crossing is none of a campaign's."""

    OTHER_TAGS = "other_tags"
    NOT_SURE = "not_sure"
    SHORT_VISIT = "short_visit"


def unconcerned(trigger: Trigger, event: EventHappened) -> Unconcerned | None:
    """None where it concerns the trigger, as every event does that is not about a place."""
    if not isinstance(trigger, PlaceTrigger):
        return None
    said = event.properties
    if trigger.tags and set(trigger.tags).isdisjoint(said["tags"]):
        return Unconcerned.OTHER_TAGS
    if RANKS[said["confidence"]] < RANKS[trigger.confidence]:
        return Unconcerned.NOT_SURE
    short = trigger.crossing == "exit" and said["visit_seconds"] < trigger.visit_s
    return Unconcerned.SHORT_VISIT if short else None


def not_open(trigger: PlaceTrigger, event: EventHappened) -> tuple[str, str]:
    """Why it is not open for long enough, as reason and detail; ("", "") if it is."""
    if trigger.open_for_s is None or event.place is None:
        return "", ""
    state = opening_of(event.place, now=event.decided_at)
    if not state.is_open:
        return Reason.CLOSED, event.place["name"]
    left = state.until - event.decided_at if state.until else None
    if left is not None and left < timedelta(seconds=trigger.open_for_s):
        return Reason.CLOSES_SOON, event.place["name"]
    return "", ""


def tags_of(event: EventHappened) -> tuple[str, ...]:
    return tuple(event.place["tags"]) if event.place else ()


def visited_lately(
    trigger: PlaceTrigger, campaign_id: int, key: str, event: EventHappened, state: PersonState
) -> str:
    """The place or tag for which it is too soon again; "" if for none."""
    for (campaign, place), moments in state.passed.items():
        if campaign != campaign_id:
            continue
        for moment, at in moments.items():
            since = event.decided_at - at
            if place == key and since < timedelta(seconds=trigger.place_cooldown_s):
                return event.place["name"] if event.place else place
            shared = _shared(state, moment, tags_of(event))
            if shared and since < timedelta(seconds=trigger.tag_cooldown_s):
                return shared
    return ""


def _shared(state: PersonState, moment: UUID, tags: Iterable[str]) -> str:
    earlier = set(state.tagged.get(moment, ()))
    return next((tag for tag in tags if tag in earlier), "")
