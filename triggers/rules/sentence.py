"""A rule as a line that a marketer reads."""

from collections.abc import Callable
from datetime import UTC
from typing import Any, Final

from triggers.rules.history_words import history_words, span_words
from triggers.rules.operators import Operator, Takes
from triggers.rules.tree import AnyLeaf, Group, HistoryLeaf, Leaf, Node
from triggers.rules.values import Kind, as_instant, printable

ALWAYS: Final = "every time"
SHOWN_VALUES: Final = 10
# A segment is a group to be in, not a value; rules compare it in these two ways only.
_IN_SEGMENT: Final = {"is_true": "is in", "is_false": "is not in"}


def sentence_of(node: Node) -> str:
    if isinstance(node, Leaf):
        return _leaf(node)
    if isinstance(node, HistoryLeaf):
        return _history(node)
    if not node.rules:
        return ALWAYS
    inner = _joined(node)
    return f"not ({inner})" if node.negated else inner


def _joined(group: Group) -> str:
    if len(group.rules) == 1:
        return sentence_of(group.rules[0])
    return f" {group.combinator} ".join(_part(rule) for rule in group.rules)


def _part(node: Node) -> str:
    text = sentence_of(node)
    return f"({text})" if _needs_brackets(node) else text


def _needs_brackets(node: Node) -> bool:
    if not isinstance(node, Group) or node.negated:
        return False
    return len(node.rules) > 1 or _needs_brackets(node.rules[0])


def _leaf(leaf: Leaf) -> str:
    if leaf.fact.field.name == "segment":
        return f"{_IN_SEGMENT[leaf.operator.name]} {segment_words(leaf.fact.path)}"
    words = f"{leaf.fact.words()} {leaf.operator.words}"
    value = _value(leaf)
    return f"{words} {value}" if value else words


def segment_words(key: str) -> str:
    return f"segment “{printable(key)}”"


def _history(leaf: HistoryLeaf) -> str:
    where = _part(leaf.where) if leaf.where else ""
    return history_words(leaf, value=_value(leaf), where=where)


def value_words(operator: Operator, value: Any) -> str:
    """The value of a test as the sentence says it; "" where the operator takes none."""
    return _VALUE_WORDS[operator.takes](operator, value)


def _value(leaf: AnyLeaf) -> str:
    return value_words(leaf.operator, leaf.value)


def _nothing(_operator: Operator, _value: Any) -> str:
    return ""


def _one(operator: Operator, value: Any) -> str:
    instant = as_instant(value) if operator.kinds == (Kind.DATE,) else None
    if instant:
        return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, str):
        quoted = printable(value).replace('"', '\\"')
        return f'"{quoted}"'
    return str(value).lower()


def _many(operator: Operator, values: list[Any]) -> str:
    shown = [_one(operator, value) for value in values[:SHOWN_VALUES]]
    if len(values) > SHOWN_VALUES:
        shown.append(f"{len(values) - SHOWN_VALUES} more")
    return ", ".join(shown)


def _range(operator: Operator, values: list[Any]) -> str:
    return " to ".join(_one(operator, value) for value in values)


def _span(_operator: Operator, span: dict[str, Any]) -> str:
    return span_words(span["n"], span["unit"])


_VALUE_WORDS: Final[dict[Takes, Callable[[Operator, Any], str]]] = {
    Takes.NOTHING: _nothing,
    Takes.ONE: _one,
    Takes.MANY: _many,
    Takes.RANGE: _range,
    Takes.SPAN: _span,
}
