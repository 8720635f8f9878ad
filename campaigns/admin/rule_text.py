"""What the rule builder hands in: read, freed of its bookkeeping, and refused in kind words."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

from triggers.rules import OPERATORS, RuleError, Takes, parse
from triggers.rules.parse import BOOKKEEPING

UNREADABLE = "The conditions cannot be read. Reload the page and try again."
NO_FIELD = "choose what to look at, or remove the condition."
NO_VALUE = "fill in what to compare with, or remove the condition."
EMPTY_GROUP = "add a condition to this group, or remove the group."
_PLACE = re.compile(r"/rules/(\d+)")

Document = dict[str, Any]


class UnreadableRuleError(ValueError):
    """The text is not a rule document at all."""


def read(text: str) -> Document | None:
    """The document, or None for "every time". Raises UnreadableRuleError."""
    try:
        raw = json.loads(text or "null", parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableRuleError(UNREADABLE) from error
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise UnreadableRuleError(UNREADABLE)
    bare = _bare(raw)
    return bare if bare.get("rules") != [] or bare.get("not") else None


def checked(text: str) -> Document | None:
    """What a form's field makes of it. Raises ValidationError for what is left open too."""
    try:
        rule = read(text)
    except UnreadableRuleError as error:
        raise ValidationError(str(error)) from error
    if left_open := unfinished(rule):
        raise ValidationError(left_open)
    return rule


def unfinished(rule: Document | None) -> list[str]:
    """What the builder has left open: sentences with the number that the builder shows."""
    if not rule:
        return []
    return [f"Condition {number}: {what}" for number, what in _open_ends(rule, ())]


def in_words(pointer: str, sentence: str) -> str:
    """A rule's problem at "/rules/0/rules/1/value", with the number that the builder shows."""
    number = ".".join(str(int(index) + 1) for index in _PLACE.findall(pointer))
    return f"Condition {number}: {sentence}" if number else sentence


def sentence(rule: Document | None) -> str:
    """The rule as a marketer reads it; "" while it is unfinished."""
    try:
        return "" if unfinished(rule) else parse(rule).sentence()
    except RuleError:
        return ""


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _bare(node: Any) -> Any:
    """Without the builder's own keys, and without values that an operator does not take."""
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key not in BOOKKEEPING}
    if isinstance(kept.get("rules"), list):
        kept["rules"] = [_bare(rule) for rule in kept["rules"]]
    operator = kept.get("operator")
    if isinstance(operator, str) and _takes(operator) is Takes.NOTHING:
        kept.pop("value", None)
    return kept


def _open_ends(group: Document, path: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    rules = group.get("rules")
    for at, node in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(node, dict):
            continue
        here = (*path, at + 1)
        number = ".".join(map(str, here))
        if isinstance(node.get("rules"), list):
            if not node["rules"]:
                yield number, EMPTY_GROUP
            yield from _open_ends(node, here)
        elif what := _open_end(node):
            yield number, what


def _open_end(leaf: Document) -> str:
    field = leaf.get("field")
    if not isinstance(field, str) or not field or field.endswith("."):
        return NO_FIELD
    if _takes(leaf.get("operator")) is Takes.NOTHING:
        return ""
    return NO_VALUE if _is_blank(leaf.get("value")) else ""


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return not value or any(_is_blank(item) for item in value)
    if isinstance(value, dict):
        return any(_is_blank(item) for item in value.values())
    return value is None or (isinstance(value, str) and not value.strip())


def _takes(operator: Any) -> Takes | None:
    known = OPERATORS.get(operator) if isinstance(operator, str) else None
    return known.takes if known else None
