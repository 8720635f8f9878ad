"""Schedules and dates start without anybody doing anything: there is no event to ask about."""

from collections.abc import Iterator
from typing import Any, Final

from campaigns.services.trigger_checks.names import Problem
from triggers.rules import RuleError, parse
from triggers.trigger import DateTrigger, ScheduleTrigger, Trigger

DATE: Final = "event.properties.date"
SCHEDULE_HAS_NONE: Final = "A schedule has no event; ask about the person."
DATE_HAS_NONE: Final = f"A date has no event but {DATE}; ask about the person."
# A condition about the phone is about the phone that sent the event, and so is one about a place.
OF_THE_EVENT: Final = ("event.", "device.", "place.")


def no_event_problems(trigger: Trigger) -> list[Problem]:
    if isinstance(trigger, ScheduleTrigger):
        found = _problems(trigger, known="", sentence=SCHEDULE_HAS_NONE)
    elif isinstance(trigger, DateTrigger):
        found = _problems(trigger, known=DATE, sentence=DATE_HAS_NONE)
    else:
        found = []
    return found


def _problems(
    trigger: ScheduleTrigger | DateTrigger, *, known: str, sentence: str
) -> list[Problem]:
    names = [*_asked(trigger), *_joined(trigger)]
    found = [(field, sentence) for field, name in names if _is_lacking(name, known)]
    if trigger.key:
        found.append(("trigger.key", "There is no event to tell apart here. Leave this out."))
    return found


def _is_lacking(name: str, known: str) -> bool:
    return name.startswith(OF_THE_EVENT) and name != known


def _asked(trigger: ScheduleTrigger | DateTrigger) -> Iterator[tuple[str, str]]:
    if trigger.rule and _parses(trigger.rule):
        for pointer, name in _names(trigger.rule, ""):
            yield f"trigger.rule{pointer}", name


def _joined(trigger: ScheduleTrigger | DateTrigger) -> Iterator[tuple[str, str]]:
    for at, cancel in enumerate(trigger.cancel_on):
        for number, same in enumerate(cancel.same):
            yield f"trigger.cancel_on.{at}.same.{number}.equals", same.equals


def _parses(document: dict[str, Any]) -> bool:
    try:
        parse(document)
    except RuleError:
        return False
    return True


def _names(node: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Facts that a rule asks of the present, joins included; below `of` is another event."""
    for at, rule in enumerate(node.get("rules", ())):
        yield from _names(rule, f"{pointer}/rules/{at}")
    if "rules" not in node and "field" in node:
        yield f"{pointer}/field", node["field"]
        for at, join in enumerate((node.get("of") or {}).get("join") or ()):
            yield f"{pointer}/of/join/{at}/equals", join["equals"]
