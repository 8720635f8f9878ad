"""A trigger around a date in a person's traits."""

from typing import Final

from campaigns.services.trigger_checks.names import Problem, path_problems
from campaigns.services.trigger_checks.people import people_problems
from campaigns.services.trigger_checks.wait import WRITE_TIME, is_clock_time
from triggers.rules.values import printable
from triggers.trigger import DateTrigger

MOST_DAYS: Final = 366
MOST_HOURS: Final = MOST_DAYS * 24
CHOOSE: Final = "Name the trait that holds the date, such as birthday."
TRAITS: Final = "person.traits."


def problems(trigger: DateTrigger) -> list[Problem]:
    return [
        *_trait(trigger.trait),
        *_moved(trigger),
        *_at(trigger),
        *people_problems(trigger.max_people),
    ]


def _trait(trait: str) -> list[Problem]:
    if trait.startswith("event."):
        return [("trigger.trait", CHOOSE)]
    if trait.startswith(TRAITS):
        name = printable(trait.removeprefix(TRAITS)) or "birthday"
        return [("trigger.trait", f"Leave “{TRAITS}” out and write {name}.")]
    return path_problems("trigger.trait", trait, CHOOSE)


def _moved(trigger: DateTrigger) -> list[Problem]:
    found = []
    if abs(trigger.days) > MOST_DAYS:
        found.append(("trigger.days", f"Choose at most {MOST_DAYS} days before or after."))
    if trigger.yearly and trigger.hours:
        found.append(("trigger.hours", "What comes every year counts in days. Remove the hours."))
    elif abs(trigger.hours) > MOST_HOURS:
        found.append(("trigger.hours", f"Choose at most {MOST_HOURS:,} hours before or after."))
    return found


def _at(trigger: DateTrigger) -> list[Problem]:
    if trigger.at is None:
        needed = "Add the time of day, such as 09:00, for what comes every year."
        return [("trigger.at", needed)] if trigger.yearly else []
    return [] if is_clock_time(trigger.at) else [("trigger.at", WRITE_TIME)]
