"""What starts a campaign, as a clause: When someone does Product Added; Every Monday at 09:00."""

from collections.abc import Callable
from typing import Any

from campaigns.admin.durations import in_words
from campaigns.admin.known import Known
from campaigns.admin.next_times import day_in_full
from campaigns.admin.place_words import at_place
from campaigns.admin.properties import short
from triggers import clock
from triggers.trigger import (
    ApiTrigger,
    Audience,
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
    ScheduleTrigger,
    Trigger,
)

ALWAYS = "every time"
EACH_OWN = "in each person's own time"
TRAITS = "person's "
SOURCES = {
    "public": "Anyone's app",
    "verified": "Signed-in users, verified by your server",
    "server": "Only your server",
}
_TRUSTED = {
    "public": "",
    "verified": " (signed in and verified)",
    "server": " (if your server says so)",
}
_DID = {"opened": "opened {}", "accepted": "got {}"}


def happening(trigger: Trigger, known: Known) -> str:
    """The clause without the conditions; "" while it is unfinished."""
    return _CLAUSES[type(trigger)](trigger, known)


def conditions(trigger: Trigger, rule: str) -> str:
    """What follows the clause, with its comma: the rule's sentence, or that there is none."""
    has_rule = rule != ALWAYS
    if _asks_everyone(trigger):
        return f", for everyone{_whom(rule) if has_rule else ''}"
    if has_rule:
        return f", if {rule}"
    of_some = isinstance(trigger, BusinessTrigger | PlaceTrigger | ApiTrigger)
    return "" if of_some else f", {ALWAYS}"


def _asks_everyone(trigger: Trigger) -> bool:
    if isinstance(trigger, BusinessTrigger):
        return trigger.audience is None
    return isinstance(trigger, ScheduleTrigger | DateTrigger)


def _whom(rule: str) -> str:
    if rule.startswith(TRAITS):
        return f" whose {rule.removeprefix(TRAITS)}"
    return f" if {rule}"


def _event(trigger: EventTrigger, _known: Known) -> str:
    if not trigger.event.strip():
        return ""
    return f"When someone does {trigger.event}{_TRUSTED.get(trigger.source, '')}"


def _schedule(trigger: ScheduleTrigger, known: Known) -> str:
    recurrence = trigger.recurrence
    if clock.check(recurrence):
        return ""
    if recurrence.once_at is None:
        words = clock.sentence(recurrence).replace("in each person's time", EACH_OWN)
        return f"{words[0].upper()}{words[1:]}"
    local = recurrence.once_at.astimezone(known.zone)
    return f"Once, on {day_in_full(local)} at {local:%H:%M} in the workspace's time"


def _date(trigger: DateTrigger, _known: Known) -> str:
    if not trigger.trait.strip():
        return ""
    day = f"{_moved(trigger)} the person's {trigger.trait}"
    when = f"Every year, {day}" if trigger.yearly else f"{day[0].upper()}{day[1:]}"
    return f"{when} at {trigger.at} {EACH_OWN}" if trigger.at else when


def _moved(trigger: DateTrigger) -> str:
    """on the day of; 3 days before; 2 days and 1 hour after"""
    parts = [(abs(trigger.days), "day"), (abs(trigger.hours), "hour")]
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    if not said:
        return "on the day of"
    if trigger.days * trigger.hours < 0:
        sides = ["before" if number < 0 else "after" for number in (trigger.days, trigger.hours)]
        return f"{said[0]} {sides[0]}, and {said[1]} {sides[1]} that,"
    return f"{' and '.join(said)} {'before' if trigger.days + trigger.hours < 0 else 'after'}"


def _business(trigger: BusinessTrigger, _known: Known) -> str:
    if not trigger.event.strip():
        return ""
    reported = f"When your server reports {trigger.event}"
    return f"{reported}, {_people(trigger.audience)}" if trigger.audience else reported


def _people(audience: Audience) -> str:
    ours = short(audience.equals)
    same = f"the same {ours}"
    if ours != audience.property:
        same = f"{audience.property} equal to the report's {ours}"
    did = f"for people who did {audience.event} with {same}"
    return f"{did} in the last {in_words(audience.within_s).removeprefix('1 ')}"


def _interaction(trigger: InteractionTrigger, known: Known) -> str:
    if not trigger.campaign:
        return ""
    message = f"“{known.name_of(trigger.campaign)}”"
    if trigger.did in _DID:
        return f"When someone {_DID[trigger.did].format(message)}"
    return f"When someone got {message} and did not open it within {in_words(trigger.within_s)}"


def _place(trigger: PlaceTrigger, _known: Known) -> str:
    return at_place(trigger)


def _api(_trigger: ApiTrigger, _known: Known) -> str:
    return "When your server calls it"


_CLAUSES: dict[type, Callable[[Any, Known], str]] = {
    EventTrigger: _event,
    ScheduleTrigger: _schedule,
    DateTrigger: _date,
    BusinessTrigger: _business,
    InteractionTrigger: _interaction,
    PlaceTrigger: _place,
    ApiTrigger: _api,
}
