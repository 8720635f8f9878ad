"""The events that end a waiting moment."""

from collections.abc import Sequence
from typing import Any, Final

from campaigns.services.trigger_checks.names import (
    Problem,
    event_problems,
    path_problems,
    property_problems,
)
from campaigns.services.trigger_checks.rule import rule_problems
from triggers.rules import parse
from triggers.trigger import CancelOn, Same

MAX_CANCEL_EVENTS: Final = 10


def cancel_problems(cancel_on: Sequence[CancelOn], segments: frozenset[str]) -> list[Problem]:
    if len(cancel_on) > MAX_CANCEL_EVENTS:
        return [("trigger.cancel_on", f"Name at most {MAX_CANCEL_EVENTS} events here.")]
    return [problem for at, one in enumerate(cancel_on) for problem in _cancel(at, one, segments)]


def _cancel(at: int, cancel: CancelOn, segments: frozenset[str]) -> list[Problem]:
    field = f"trigger.cancel_on.{at}"
    choose = "Choose the event that stops this message."
    problems = event_problems(f"{field}.event", cancel.event, choose)
    problems += _cancel_rule(f"{field}.rule", cancel.rule, segments)
    for number, same in enumerate(cancel.same):
        problems += _same(f"{field}.same.{number}", same)
    return problems


def _cancel_rule(
    field: str, document: dict[str, Any] | None, segments: frozenset[str]
) -> list[Problem]:
    """A cancel is decided when its event arrives, by what that event and the person say."""
    problems = rule_problems(field, document, segments)
    if not problems and parse(document).history:
        return [(field, "Ask about this event and the person only, not about the past.")]
    return problems


def _same(field: str, same: Same) -> list[Problem]:
    choose = "Name the property of this event that must be the same, such as cart_id."
    problems = path_problems(f"{field}.property", same.property, choose)
    return problems + property_problems(f"{field}.equals", same.equals)
