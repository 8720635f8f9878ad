"""A rule ready for use: compiled once, evaluated often, explained on demand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from triggers.rules.fields import Fact, Facts
from triggers.rules.history import History
from triggers.rules.operators import OPERATORS, Operator
from triggers.rules.sentence import sentence_of
from triggers.rules.trace import trace_of
from triggers.rules.tree import AnyLeaf, Combinator, Group, HistoryLeaf, Leaf, Node, Test, leaves
from triggers.rules.verdict import Verdict, all_of, any_of, negate


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What parse() gives. Safe to share between threads.

    fields: the names of all facts it reads.
    history: the past events it asks for, each once; those of its segments are theirs.
    segments: the keys of the segments it asks.
    equality: (field, value) of one equals test on an event property without which the rule
    cannot match, to be used as an index key, or None. Read an event's key with
    find_fact(field).reader(); it may be MISSING or unhashable.
    """

    root: Group
    fields: frozenset[str] = field(init=False)
    history: tuple[History, ...] = field(init=False)
    segments: frozenset[str] = field(init=False)
    equality: tuple[str, str | float | bool] | None = field(init=False)

    def __post_init__(self) -> None:
        tests = tuple(leaves(self.root))
        object.__setattr__(self, "fields", frozenset(leaf.name for leaf in tests))
        object.__setattr__(self, "history", _history(tests))
        object.__setattr__(self, "segments", _segments(tests))
        object.__setattr__(self, "equality", _equality(self.root))

    def verdict(self, facts: Facts) -> Verdict:
        """facts: {"event": {"name", "properties", "context"}, "person": {"traits",
        "first_seen_at"}, "device": {...}, "now": aware datetime, "zone": ZoneInfo of the person,
        "history": {event name: PastEvents}, "segments": {key: Rule}}; whatever lacks is unknown.
        """
        return self.root.test(facts)

    def trace(self, facts: Facts) -> dict[str, Any]:
        """The whole tree with a verdict for each group and leaf, fit for JSON.

        A leaf has field, operator, value, sentence, verdict and the actual value seen, cut at
        100 characters; "actual" is absent when the fact is missing. A leaf on past events has
        "looked_at", the number of events given, and instead of "actual" it may have "low" and
        "high" or "options", all that the fact may be; if it is unknown, a "reason" (see Why).
        """
        return trace_of(self.root, facts)

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


def _history(tests: Iterable[AnyLeaf]) -> tuple[History, ...]:
    asked = (leaf.history for leaf in tests if isinstance(leaf, HistoryLeaf))
    return tuple(dict.fromkeys(asked))


def _segments(tests: Iterable[AnyLeaf]) -> frozenset[str]:
    facts = (leaf.fact for leaf in tests if isinstance(leaf, Leaf))
    return frozenset(fact.path for fact in facts if fact.field.name == "segment")
