"""What a rule saw and what came of it, fit for JSON and for a database."""

import json
from datetime import date
from typing import Any

from triggers.rules.fields import Facts
from triggers.rules.sentence import sentence_of
from triggers.rules.tree import HistoryLeaf, Leaf, Node
from triggers.rules.values import MISSING, kind_of, printable


def trace_of(node: Node, facts: Facts) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return _trace_leaf(node, facts)
    if isinstance(node, HistoryLeaf):
        return _trace_history(node, facts)
    return {
        "combinator": node.combinator,
        "not": node.negated,
        "verdict": node.test(facts).value,
        "rules": [trace_of(rule, facts) for rule in node.rules],
    }


def _trace_leaf(leaf: Leaf, facts: Facts) -> dict[str, Any]:
    seen = leaf.read(facts)
    return {
        "field": leaf.name,
        "operator": leaf.operator.name,
        "value": leaf.value,
        **({} if seen is MISSING else {"actual": _shown(seen)}),
        "verdict": leaf.test(facts).value,
        "sentence": sentence_of(leaf),
    }


def _trace_history(leaf: HistoryLeaf, facts: Facts) -> dict[str, Any]:
    look = leaf.look(facts)
    seen = look.possible.seen() if look.possible else {}
    return {
        "field": leaf.name,
        "operator": leaf.operator.name,
        "value": leaf.value,
        **{name: _shown_each(value) for name, value in seen.items()},
        "looked_at": look.looked_at,
        **({"reason": look.why.value} if look.why else {}),
        "verdict": look.verdict.value,
        "sentence": sentence_of(leaf),
    }


def _shown_each(seen: Any) -> Any:
    """Options come as a tuple; a list is one value."""
    return [_shown(one) for one in seen] if isinstance(seen, tuple) else _shown(seen)


def _shown(seen: Any) -> Any:
    """A value fit for JSON and for a database: finite, printable, at most 100 characters."""
    if seen is None or isinstance(seen, bool):
        return seen
    if isinstance(seen, int | float):
        return _shown_number(seen)
    if isinstance(seen, str):
        return printable(seen)
    if isinstance(seen, date):
        return seen.isoformat()
    try:
        return printable(json.dumps(seen, ensure_ascii=False, default=str))
    except (ValueError, TypeError, RecursionError):  # too deep, too huge, or odd keys
        return f"a {type(seen).__name__}"


def _shown_number(seen: float) -> float | str:
    if kind_of(seen) is None:
        return str(seen)
    return seen if abs(seen) < 2**63 else "a number beyond 64 bits"
