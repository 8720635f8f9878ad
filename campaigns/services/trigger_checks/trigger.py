"""Every kind of trigger: what all have in common, and then its own fields."""

from collections.abc import Callable, Collection
from typing import Any, Final

from campaigns.services.trigger_checks import business_event, date, interaction, place, schedule
from campaigns.services.trigger_checks.cancels import cancel_problems
from campaigns.services.trigger_checks.names import Problem, event_problems, property_problems
from campaigns.services.trigger_checks.no_event import no_event_problems
from campaigns.services.trigger_checks.re_entry import re_entry_problems, told_apart_by
from campaigns.services.trigger_checks.rule import rule_problems
from campaigns.services.trigger_checks.wait import wait_problems
from triggers.trigger import (
    ApiTrigger,
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
    ScheduleTrigger,
    Trigger,
)

SOURCES: Final = ("public", "verified", "server")


def trigger_problems(
    trigger: Trigger,
    *,
    segments: frozenset[str] = frozenset(),
    tags: Collection[str] | None = None,
    own_key: str = "",
) -> list[Problem]:
    """segments: the keys of those there are. own_key: the campaign's, if it has one yet.

    tags: those that places have, None to leave them unchecked.
    """
    return [
        *_KINDS[type(trigger)](trigger),
        *place.tag_problems(trigger, tags),
        *rule_problems("trigger.rule", trigger.rule, segments),
        *wait_problems(trigger.wait),
        *cancel_problems(trigger.cancel_on),
        *_key(trigger),
        *re_entry_problems(trigger.re_entry, key=told_apart_by(trigger)),
        *no_event_problems(trigger),
        *interaction.itself_problems(trigger, own_key),
    ]


def _event(trigger: EventTrigger) -> list[Problem]:
    choose = "Choose the event that starts this campaign."
    problems = event_problems("trigger.event", trigger.event, choose)
    if trigger.source not in SOURCES:
        sentence = "Choose whose word counts: any app, a signed-in person or your server."
        problems.append(("trigger.source", sentence))
    return problems


def _key(trigger: Trigger) -> list[Problem]:
    if not trigger.key or isinstance(trigger, PlaceTrigger):
        return []
    return property_problems("trigger.key", trigger.key)


def _api(_trigger: ApiTrigger) -> list[Problem]:
    return []


_KINDS: Final[dict[type, Callable[[Any], list[Problem]]]] = {
    EventTrigger: _event,
    ScheduleTrigger: schedule.problems,
    DateTrigger: date.problems,
    BusinessTrigger: business_event.problems,
    InteractionTrigger: interaction.problems,
    PlaceTrigger: place.problems,
    ApiTrigger: _api,
}
