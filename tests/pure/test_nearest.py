"""The nearest thing that would have had to differ is enough, and nothing smaller is."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import Verdict, all_of, any_of, negate
from triggers.rules.nearest import nearest

UNHURRIED = settings(deadline=None)  # the machine may be busy
YES, NO, UNKNOWN = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNKNOWN
Node = dict[str, Any]


def leaf(verdict: Verdict, name: str = "") -> Node:
    return {"verdict": verdict.value, "sentence": name}


def group(combinator: str, *rules: Node, negated: bool = False) -> Node:
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def leaves_of(node: Node) -> list[Node]:
    if "rules" not in node:
        return [node]
    return [one for rule in node["rules"] for one in leaves_of(rule)]


def verdict_of(node: Node, changed: dict[int, Verdict]) -> Verdict:
    """Kleene's logic over a tree, with some leaves (by id) as if they were different."""
    if "rules" not in node:
        return changed.get(id(node), Verdict(node["verdict"]))
    join = all_of if node["combinator"] == "and" else any_of
    inner = join(verdict_of(rule, changed) for rule in node["rules"])
    return negate(inner) if node["not"] else inner


def opposites(leaves: tuple[Node, ...], at: int) -> dict[int, Verdict]:
    """Each leaf the other way round; the bits of `at` choose for those that are unknown."""
    known = {"match": NO, "no_match": YES}
    return {
        id(one): known.get(one["verdict"], YES if at >> place & 1 else NO)
        for place, one in enumerate(leaves)
    }


def can_match(node: Node, leaves: tuple[Node, ...]) -> bool:
    choices = range(2 ** len(leaves))
    return any(verdict_of(node, opposites(leaves, at)) is YES for at in choices)


def smallest_sets(node: Node) -> list[tuple[Node, ...]]:
    """By brute force: the smallest sets of leaves that can make it match, in document order."""
    leaves = leaves_of(node)
    for size in range(len(leaves) + 1):
        found = [some for some in combinations(leaves, size) if can_match(node, some)]
        if found:
            return found
    return []


LEAVES = st.builds(leaf, st.sampled_from(Verdict))
COMBINATORS = st.sampled_from(["and", "or"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda combinator, rules, negated: group(combinator, *rules, negated=negated),
        COMBINATORS,
        st.lists(inner, max_size=3),
        st.booleans(),
    ),
    max_leaves=7,
)


def ids(leaves: Any) -> tuple[int, ...]:
    return tuple(id(one) for one in leaves)


@UNHURRIED
@given(TREES)
def test_changing_the_named_leaves_makes_it_match_and_no_smaller_set_does(tree: Node) -> None:
    smallest = smallest_sets(tree)

    named = nearest(tree)

    changed = {id(one.leaf): one.needed for one in named}
    if smallest:
        assert verdict_of(tree, changed) is YES
        assert ids(one.leaf for one in named) == ids(smallest[0])
    else:
        assert named == ()


ONE_AWAY = [
    (group("and", leaf(YES), leaf(NO, "here")), ["here"]),
    (group("and", leaf(UNKNOWN, "a"), leaf(NO, "b")), ["a", "b"]),
    (group("or", leaf(NO, "first"), leaf(UNKNOWN, "second")), ["first"]),
    (group("or", group("and", leaf(NO), leaf(NO)), leaf(UNKNOWN, "alone")), ["alone"]),
    (group("or", leaf(YES, "it"), leaf(NO), negated=True), ["it"]),
    (group("and", leaf(YES, "one"), leaf(YES, "two"), negated=True), ["one"]),
    (group("and", group("or", leaf(UNKNOWN, "lost"), negated=True)), ["lost"]),
    (group("and", leaf(YES), leaf(YES)), []),
    (group("and"), []),
    (group("or"), []),
]


@pytest.mark.parametrize(("tree", "names"), ONE_AWAY)
def test_the_fewest_leaves_are_named_the_first_ones_of_equals(tree: Node, names: list[str]) -> None:
    assert [one.leaf["sentence"] for one in nearest(tree)] == names


def test_a_leaf_below_a_not_would_have_had_to_fail() -> None:
    named = nearest(group("or", leaf(UNKNOWN), negated=True))

    assert [one.needed for one in named] == [NO]
