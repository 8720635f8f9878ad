"""The shape of a parsed rule: leaves that test one fact or the past, groups that join them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from triggers.rules.fields import Fact, Facts, Reader
from triggers.rules.history import History
from triggers.rules.measures import Measure
from triggers.rules.operators import Operator
from triggers.rules.possible import Possible
from triggers.rules.verdict import Verdict

Test = Callable[[Facts], Verdict]
Combinator = Literal["and", "or"]


class Why(Enum):
    """Why a test of past events is unknown."""

    NOT_LOADED = "not_loaded"  # nobody fetched this event's past
    NO_NOW = "no_now"  # a window or the operator needs an aware now
    NO_JOIN_VALUE = "no_join_value"  # the triggering event lacks what past ones should share
    HISTORY_LIMIT = "history_limit"  # events that were not fetched might change the answer
    WHERE_UNKNOWN = "where_unknown"  # events whose nested rule is unknown might change it
    NO_VALUE = "no_value"  # nothing happened, or without the property, or of another kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a test of past events saw. looked_at: the events given, in the window or not.

    possible: None where nothing could be looked at. why: only if the verdict is unknown.
    """

    verdict: Verdict
    looked_at: int = 0
    possible: Possible | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaf:
    """One test. value is as in the document; test is compiled from it."""

    name: str
    fact: Fact
    operator: Operator
    value: Any
    read: Reader
    test: Test


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HistoryLeaf:
    """One test of past events. where: the nested rule. look: the test, with what was seen."""

    name: str
    measure: Measure
    history: History
    where: "Group | None"
    operator: Operator
    value: Any
    look: Callable[[Facts], Look]
    test: Test


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    combinator: Combinator
    negated: bool
    rules: tuple["Node", ...]
    test: Test


AnyLeaf = Leaf | HistoryLeaf
Node = AnyLeaf | Group


def leaves(node: Node) -> Iterator[AnyLeaf]:
    """Those of nested rules stay out: they do not read the facts of the triggering event."""
    if not isinstance(node, Group):
        yield node
        return
    for child in node.rules:
        yield from leaves(child)


def size(node: Node) -> int:
    """The number of leaves, those of nested rules as well."""
    if isinstance(node, Group):
        return sum(map(size, node.rules))
    return 1 + (size(node.where) if isinstance(node, HistoryLeaf) and node.where else 0)
