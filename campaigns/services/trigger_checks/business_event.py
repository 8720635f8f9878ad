"""A trigger on what the brand's server reports about no person in particular."""

from typing import Final

from campaigns.services.trigger_checks.names import Problem, event_problems, path_problems
from campaigns.services.trigger_checks.people import people_problems
from triggers.rules import find_fact
from triggers.trigger import Audience, BusinessTrigger

MOST_PER_HOUR: Final = 1_000
LEAST_WITHIN_S: Final = 3_600
MOST_WITHIN_S: Final = 400 * 86_400


def problems(trigger: BusinessTrigger) -> list[Problem]:
    choose = "Choose the business event that starts this campaign."
    found = event_problems("trigger.event", trigger.event, choose)
    found += _audience(trigger.audience) if trigger.audience else []
    found += people_problems(trigger.max_people)
    if not 1 <= trigger.max_per_hour <= MOST_PER_HOUR:
        found.append(("trigger.max_per_hour", f"Choose from 1 to {MOST_PER_HOUR:,} an hour."))
    return found


def _audience(audience: Audience) -> list[Problem]:
    field = "trigger.audience"
    whose = "Choose the event that these people did."
    which = "Name the property of their event that must be the same, such as sku."
    found = [
        *event_problems(f"{field}.event", audience.event, whose),
        *path_problems(f"{field}.property", audience.property, which),
        *_equals(f"{field}.equals", audience.equals),
    ]
    if not LEAST_WITHIN_S <= audience.within_s <= MOST_WITHIN_S:
        found.append((f"{field}.within_s", "Choose from one hour to 400 days."))
    return found


def _equals(field: str, name: str) -> list[Problem]:
    """Joined ahead of time by its properties, so nothing else of the event will do."""
    such_as = "such as event.properties.sku"
    fact = find_fact(name)
    if fact is None or fact.field.name != "event.properties":
        return [(field, f"Choose a property of the business event, {such_as}.")]
    return path_problems(field, fact.path, f"Choose a property of the business event, {such_as}.")
