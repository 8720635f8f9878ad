"""How often one person can get the campaign."""

from typing import Final

from campaigns.services.trigger_checks.names import Problem
from triggers.trigger import Base, PlaceTrigger, ReEntry

LEAST_EVERY_S: Final = 60
MOST_EVERY_S: Final = 2 * 365 * 86_400
PLACE_KEY: Final = "event.properties.place"


def told_apart_by(trigger: Base) -> str:
    """The path of what tells one moment from another, "" if nothing does; of places the place."""
    return PLACE_KEY if isinstance(trigger, PlaceTrigger) else trigger.key


def re_entry_problems(re_entry: ReEntry, *, key: str) -> list[Problem]:
    problems = []
    within = LEAST_EVERY_S <= re_entry.every_s <= MOST_EVERY_S
    if re_entry.mode == "every" and not within:
        problems.append(("trigger.re_entry.every_s", "Choose between one minute and two years."))
    if re_entry.scope == "key" and not key:
        sentence = "Say which property tells one from another, or count for the whole person."
        problems.append(("trigger.re_entry.scope", sentence))
    return problems
