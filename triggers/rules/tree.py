"""The shape of a parsed rule: leaves that test one fact, groups that join them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from triggers.rules.fields import Fact, Facts, Reader
from triggers.rules.operators import Operator
from triggers.rules.verdict import Verdict

Test = Callable[[Facts], Verdict]
Combinator = Literal["and", "or"]


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
class Group:
    combinator: Combinator
    negated: bool
    rules: tuple["Node", ...]
    test: Test


Node = Leaf | Group


def leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
        return
    for child in node.rules:
        yield from leaves(child)
