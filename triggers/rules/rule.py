"""A rule ready for use: compiled once, evaluated often, explained on demand."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from triggers.rules.fields import Fact, Facts
from triggers.rules.operators import OPERATORS, Operator
from triggers.rules.sentence import sentence_of
from triggers.rules.tree import Combinator, Group, Leaf, Node, Test, leaves
from triggers.rules.values import MISSING, kind_of, printable
from triggers.rules.verdict import Verdict, all_of, any_of, negate


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What parse() gives. Safe to share between threads.

    fields: the names of all facts it reads.
    equality: (field, value) of one equals test on an event property without which the rule
    cannot match, to be used as an index key, or None. Read an event's key with
    find_fact(field).reader(); it may be MISSING or unhashable.
    """

    root: Group
    fields: frozenset[str] = field(init=False)
    equality: tuple[str, str | float | bool] | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", frozenset(leaf.name for leaf in leaves(self.root)))
        object.__setattr__(self, "equality", _equality(self.root))

    def verdict(self, facts: Facts) -> Verdict:
        """facts: {"event": {"name", "properties", "context"}, "person": {"traits",
        "first_seen_at"}, "device": {...}, "now": aware datetime}; whatever lacks is unknown."""
        return self.root.test(facts)

    def trace(self, facts: Facts) -> dict[str, Any]:
        """The whole tree with a verdict for each group and leaf, fit for JSON.

        A leaf has field, operator, value, sentence, verdict and the actual value seen, cut at
        100 characters; "actual" is absent when the fact is missing.
        """
        return _trace(self.root, facts)

    def sentence(self) -> str:
        """venue is "Utrecht" and (number of guests is at least 2 or person's city is "Delft")"""
        return sentence_of(self.root)


def make_leaf(*, name: str, fact: Fact, operator: Operator, value: Any, operand: Any) -> Leaf:
    """value: as in the document. operand: what the operator's check takes."""
    read = fact.reader()
    check = operator.build(operand)

    def test(facts: Facts) -> Verdict:
        return check(read(facts))

    def test_at(facts: Facts) -> Verdict:
        return check(read(facts), facts.get("now"))

    chosen = test_at if operator.needs_now else test
    return Leaf(name=name, fact=fact, operator=operator, value=value, read=read, test=chosen)


def make_group(*, combinator: Combinator, negated: bool, rules: tuple[Node, ...]) -> Group:
    test = _joined(all_of if combinator == "and" else any_of, tuple(rule.test for rule in rules))
    compiled = _opposite(test) if negated else test
    return Group(combinator=combinator, negated=negated, rules=rules, test=compiled)


def _joined(join: Callable[..., Verdict], tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]
    # The generator lets join stop at the first verdict that decides.
    return lambda facts: join(test(facts) for test in tests)


def _opposite(test: Test) -> Test:
    return lambda facts: negate(test(facts))


def _equality(root: Group) -> tuple[str, str | float | bool] | None:
    if root.negated or (root.combinator == "or" and len(root.rules) > 1):
        return None
    for rule in root.rules:
        if isinstance(rule, Leaf) and _is_key(rule):
            return rule.name, rule.value
    return None


def _is_key(leaf: Leaf) -> bool:
    same = leaf.operator is OPERATORS["equals"]
    return same and leaf.fact.field.name == "event.properties"


def _trace(node: Node, facts: Facts) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return _trace_leaf(node, facts)
    return {
        "combinator": node.combinator,
        "not": node.negated,
        "verdict": node.test(facts).value,
        "rules": [_trace(rule, facts) for rule in node.rules],
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
