"""What is wrong with a trigger: pairs of (field, sentence), the field as a path."""

import re
from collections.abc import Sequence
from typing import Any, Final

from triggers.clock import Elapsed, Wait, WallClock
from triggers.clock.local import CLOCK_TIME
from triggers.clock.wait import LONGEST_DAYS, LONGEST_S
from triggers.rules import RuleError, find_fact, parse
from triggers.rules.fields import MAX_PATH_CHARS
from triggers.rules.operands import has_unstorable
from triggers.rules.values import printable
from triggers.trigger import CancelOn, EventTrigger, ReEntry, Same

MAX_EVENT_NAME: Final = 200
MAX_CANCEL_EVENTS: Final = 10
LEAST_EVERY_S: Final = 60
MOST_EVERY_S: Final = 2 * 365 * 86_400
SUCH_AS: Final = "such as event.properties.cart_id"

Problem = tuple[str, str]


def trigger_problems(trigger: EventTrigger) -> list[Problem]:
    return [
        *_event("trigger.event", trigger.event, "Choose the event that starts this campaign."),
        *_rule("trigger.rule", trigger.rule),
        *_wait(trigger.wait),
        *_cancels(trigger.cancel_on),
        *_key(trigger.key),
        *_re_entry(trigger.re_entry, key=trigger.key),
    ]


def _event(field: str, name: str, choose: str) -> list[Problem]:
    if not name.strip():
        return [(field, choose)]
    if len(name) > MAX_EVENT_NAME:
        return [(field, f"At most {MAX_EVENT_NAME} characters.")]
    return []


def _rule(field: str, document: dict[str, Any] | None) -> list[Problem]:
    try:
        rule = parse(document)
    except RuleError as error:
        hint = f" Did you mean {error.suggestion}?" if error.suggestion else ""
        return [(f"{field}{error.pointer}", f"{error.message}{hint}")]
    return [(field, f"There is no segment “{key}”.") for key in sorted(rule.segments)]


def _cancel_rule(field: str, document: dict[str, Any] | None) -> list[Problem]:
    """A cancel is decided when its event arrives, by what that event and the person say."""
    problems = _rule(field, document)
    if not problems and parse(document).history:
        return [(field, "Ask about this event and the person only, not about the past.")]
    return problems


def _wait(wait: Wait | None) -> list[Problem]:
    if wait is None:
        return []
    sentences = _elapsed(wait) if isinstance(wait, Elapsed) else _wall_clock(wait)
    return [("trigger.wait", sentence) for sentence in sentences]


def _elapsed(wait: Elapsed) -> list[str]:
    if wait.seconds <= 0:
        return ["Choose a wait of at least one second, or leave the wait out."]
    return ["Choose a wait of at most one year."] if wait.seconds > LONGEST_S else []


def _wall_clock(wait: WallClock) -> list[str]:
    sentences = []
    if not 0 <= wait.days <= LONGEST_DAYS:
        sentences.append("Choose a day within a year, counted from the day of the event.")
    if not re.fullmatch(CLOCK_TIME, wait.at):
        sentences.append("Write the time of day as 09:00.")
    if wait.weekday is not None and not 0 <= wait.weekday <= 6:
        sentences.append("Choose a day of the week, from Monday to Sunday.")
    return sentences


def _cancels(cancel_on: Sequence[CancelOn]) -> list[Problem]:
    if len(cancel_on) > MAX_CANCEL_EVENTS:
        return [("trigger.cancel_on", f"Name at most {MAX_CANCEL_EVENTS} events here.")]
    return [problem for at, one in enumerate(cancel_on) for problem in _cancel(at, one)]


def _cancel(at: int, cancel: CancelOn) -> list[Problem]:
    field = f"trigger.cancel_on.{at}"
    problems = _event(f"{field}.event", cancel.event, "Choose the event that stops this message.")
    problems += _cancel_rule(f"{field}.rule", cancel.rule)
    for number, same in enumerate(cancel.same):
        problems += _same(f"{field}.same.{number}", same)
    return problems


def _same(field: str, same: Same) -> list[Problem]:
    problems = _fact(f"{field}.equals", same.equals)
    if not same.property.strip():
        choose = "Name the property of this event that must be the same, such as cart_id."
        return [(f"{field}.property", choose), *problems]
    return _fact(f"{field}.property", f"event.properties.{same.property}") + problems


def _key(key: str) -> list[Problem]:
    return _fact("trigger.key", key) if key else []


def _fact(field: str, name: str) -> list[Problem]:
    """Only the event itself is known where moments are told apart and joined."""
    fact = find_fact(name)
    if fact is None:
        hint = "" if "." in name or not name.strip() else _meant(name)
        problem = f"There is no field “{printable(name)}”. Choose a property of the event,"
        return [(field, f"{problem} {SUCH_AS}.{hint}")]
    if not fact.field.name.startswith("event."):
        return [(field, f"Choose a property of the event itself, {SUCH_AS}.")]
    if len(fact.path) > MAX_PATH_CHARS or has_unstorable(fact.path):
        return [(field, f"Use a name of at most {MAX_PATH_CHARS} plain characters.")]
    return []


def _meant(name: str) -> str:
    return f" Did you mean event.properties.{printable(name)}?"


def _re_entry(re_entry: ReEntry, *, key: str) -> list[Problem]:
    problems = []
    within = LEAST_EVERY_S <= re_entry.every_s <= MOST_EVERY_S
    if re_entry.mode == "every" and not within:
        problems.append(("trigger.re_entry.every_s", "Choose between one minute and two years."))
    if re_entry.scope == "key" and not key:
        sentence = "Say which property tells one from another, or count for the whole person."
        problems.append(("trigger.re_entry.scope", sentence))
    return problems
