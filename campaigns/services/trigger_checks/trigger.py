"""Every kind of trigger: what all have in common, and then its own fields."""

from collections.abc import Callable
from typing import Any, Final

from campaigns.services.trigger_checks import business_event, date, interaction, schedule
from campaigns.services.trigger_checks.cancels import cancel_problems
from campaigns.services.trigger_checks.names import Problem, event_problems, property_problems
from campaigns.services.trigger_checks.no_event import no_event_problems
from campaigns.services.trigger_checks.re_entry import re_entry_problems
from campaigns.services.trigger_checks.rule import rule_problems
from campaigns.services.trigger_checks.wait import wait_problems
from triggers.trigger import (
    ApiTrigger,
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    ScheduleTrigger,
    Trigger,
)

SOURCES: Final = ("public", "verified", "server")


def trigger_problems(
    trigger: Trigger, *, segments: frozenset[str] = frozenset(), own_key: str = ""
) -> list[Problem]:
    """segments: the keys of those there are. own_key: the campaign's, if it has one yet."""
    return [
        *_KINDS[type(trigger)](trigger),
        *rule_problems("trigger.rule", trigger.rule, segments),
        *wait_problems(trigger.wait),
        *cancel_problems(trigger.cancel_on),
        *(property_problems("trigger.key", trigger.key) if trigger.key else ()),
        *re_entry_problems(trigger.re_entry, key=trigger.key),
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


def _api(_trigger: ApiTrigger) -> list[Problem]:
    return []


_KINDS: Final[dict[type, Callable[[Any], list[Problem]]]] = {
    EventTrigger: _event,
    ScheduleTrigger: schedule.problems,
    DateTrigger: date.problems,
    BusinessTrigger: business_event.problems,
    InteractionTrigger: interaction.problems,
    ApiTrigger: _api,
}
