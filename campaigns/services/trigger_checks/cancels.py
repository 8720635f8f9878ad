"""The events that end a waiting moment."""

from collections.abc import Sequence
from typing import Any, Final

from campaigns.services.trigger_checks.names import (
    Problem,
    event_problems,
    path_problems,
    property_problems,
)
from campaigns.services.trigger_checks.rule import parse_problems
from triggers.rules import parse
from triggers.segments import asked_at
from triggers.trigger import CancelOn, Same

MAX_CANCEL_EVENTS: Final = 10
NOT_THE_PAST: Final = "Ask about this event and the person only, not about the past."
NOT_A_SEGMENT: Final = "Ask about this event and the person only, not about a segment."


def cancel_problems(cancel_on: Sequence[CancelOn]) -> list[Problem]:
    if len(cancel_on) > MAX_CANCEL_EVENTS:
        return [("trigger.cancel_on", f"Name at most {MAX_CANCEL_EVENTS} events here.")]
    return [problem for at, one in enumerate(cancel_on) for problem in _cancel(at, one)]


def _cancel(at: int, cancel: CancelOn) -> list[Problem]:
    field = f"trigger.cancel_on.{at}"
    choose = "Choose the event that stops this message."
    problems = event_problems(f"{field}.event", cancel.event, choose)
    problems += _cancel_rule(f"{field}.rule", cancel.rule)
    for number, same in enumerate(cancel.same):
        problems += _same(f"{field}.same.{number}", same)
    return problems


def _cancel_rule(field: str, document: dict[str, Any] | None) -> list[Problem]:
    """A cancel is decided when its event arrives, by what that event and the person say.

    A segment may ask about the past, which is not read for a cancel.
    """
    if unreadable := parse_problems(field, document):
        return unreadable
    if parse(document).history:
        return [(field, NOT_THE_PAST)]
    return [(f"{field}{pointer}", NOT_A_SEGMENT) for pointer, _key in asked_at(document or {})]


def _same(field: str, same: Same) -> list[Problem]:
    choose = "Name the property of this event that must be the same, such as cart_id."
    problems = path_problems(f"{field}.property", same.property, choose)
    return problems + property_problems(f"{field}.equals", same.equals)
