"""Reads the `of` of a history leaf: which past events it asks for."""

import json
from collections.abc import Callable
from typing import Any, Final

from triggers.rules.errors import RuleError, closest
from triggers.rules.fields import MAX_PATH_CHARS, Fact
from triggers.rules.history import Calendar, History, Join, Rolling, Window
from triggers.rules.local_time import PERIODS
from triggers.rules.measures import Measure
from triggers.rules.names import BOOKKEEPING, Scope, check_keys, read_field
from triggers.rules.operands import has_unstorable, read_span
from triggers.rules.tree import Group

MAX_JOINS: Final = 5
OF_KEYS: Final = frozenset({"event", "property", "window", "where", "join"})
JOIN_KEYS: Final = frozenset({"property", "equals"})
JOINABLE: Final = ("event.properties", "event.context")

ReadWhere = Callable[[Any, str], Group | None]


def read_of(
    raw: Any, pointer: str, *, measure: Measure, scope: Scope, read_where: ReadWhere
) -> tuple[History, Group | None]:
    """The question and its compiled nested rule. Raises RuleError at pointer or below it.

    read_where: from the nested document and its pointer to a rule, or None for every event.
    """
    if not isinstance(raw, dict):
        message = 'Say which past events, as an object such as {"event": "Order Completed"}.'
        raise RuleError(pointer, message)
    check_keys(raw, OF_KEYS, pointer, what="of")
    event = _name(raw.get("event"), f"{pointer}/event", "event")
    path = _path(raw, pointer, measure)
    window = _window(raw.get("window"), f"{pointer}/window")
    joins = _joins(raw.get("join"), f"{pointer}/join", scope)
    where = read_where(raw.get("where"), f"{pointer}/where")
    text = json.dumps(_bare(raw["where"]), sort_keys=True) if where else ""
    return History(event=event, path=path, window=window, where=text, joins=joins), where


def _name(raw: Any, pointer: str, what: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise RuleError(pointer, f"Choose the {what}.")
    if len(raw) > MAX_PATH_CHARS or has_unstorable(raw):
        raise RuleError(pointer, f"Use a name of at most {MAX_PATH_CHARS} plain characters.")
    return raw


def _path(raw: dict[str, Any], pointer: str, measure: Measure) -> str | None:
    if measure.of == "property":
        return _name(raw.get("property"), f"{pointer}/property", "property")
    if raw.get("property") is not None:
        message = f"Remove the property; {measure.name} looks at no property."
        raise RuleError(f"{pointer}/property", message)
    return None


def _window(raw: Any, pointer: str) -> Window | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or "calendar" not in raw:
        read_span(raw, pointer, name="window")
        return Rolling(raw["n"], raw["unit"])
    check_keys(raw, frozenset({"calendar"}), pointer, what="a calendar window")
    period = raw["calendar"]
    if not isinstance(period, str) or period not in PERIODS:
        message = f"Use one of {', '.join(PERIODS)}."
        raise RuleError(f"{pointer}/calendar", message, closest(str(period), PERIODS))
    return Calendar(period)


def _joins(raw: Any, pointer: str, scope: Scope) -> tuple[Join, ...]:
    if raw is None or raw == []:
        return ()
    if not isinstance(raw, list) or len(raw) > MAX_JOINS:
        raise RuleError(pointer, f"Give a list of at most {MAX_JOINS} joined properties.")
    if scope is Scope.SEGMENT:
        raise RuleError(pointer, "Remove this; a segment has no triggering event to join to.")
    return tuple(_join(item, f"{pointer}/{at}") for at, item in enumerate(raw))


def _join(raw: Any, pointer: str) -> Join:
    if not isinstance(raw, dict):
        message = 'Use {"property": "cart_id", "equals": "event.properties.cart_id"}.'
        raise RuleError(pointer, message)
    check_keys(raw, JOIN_KEYS, pointer, what="a join")
    path = _name(raw.get("property"), f"{pointer}/property", "property")
    equals = read_field(raw.get("equals"), f"{pointer}/equals", Scope.EVENT)
    if not isinstance(equals, Fact) or equals.field.name not in JOINABLE:
        message = "Join to a property or the context of the triggering event."
        raise RuleError(f"{pointer}/equals", message, f"event.properties.{path}")
    return Join(path, raw["equals"])


def _bare(node: Any) -> Any:
    """Without the builder's own keys, so that equal questions are equal values."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _bare(item) for key, item in node.items() if key not in BOOKKEEPING}
