"""Segments as a whole: each fault has its field and a sentence, and no circle is ever let in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import MAX_SEGMENT_CHAIN, check_cycles
from triggers.segments import (
    EVERYBODY,
    Named,
    asked_at,
    problems_of,
    readable,
    segments_asking,
    unknown_segments,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy

CITY = {"field": "person.traits.city", "operator": "equals", "value": "Delft"}


def rule(*rules: dict[str, Any], combinator: str = "and") -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(rules)}


def inside(key: str) -> dict[str, Any]:
    return {"field": f"segment.{key}", "operator": "is_true"}


def asking(key: str, *asked: str, name: str = "") -> Named:
    return Named(key=key, name=name or key.title(), rule=rule(CITY, *map(inside, asked)))


def stored(*segments: Named) -> dict[str, Named]:
    return {one.key: one for one in segments}


def chain(first: int, last: int) -> list[Named]:
    """s1 asks s2, and so on; the last asks nobody."""
    steps = [asking(f"s{at}", f"s{at + 1}") for at in range(first, last)]
    return [*steps, asking(f"s{last}")]


GOOD = [
    ([asking("a")], []),
    ([asking("a", "b")], [asking("b")]),
    ([asking("a", "b"), asking("b")], []),
    ([asking("b"), asking("a", "b", "b", "c")], [asking("c", "d"), asking("d")]),
    ([asking("b", "a"), asking("a")], [asking("a", "b"), asking("b")]),
    (chain(1, MAX_SEGMENT_CHAIN), []),
    ([asking("a")], [Named(key="odd", name="Odd", rule={"version": 9})]),
    ([asking("a", "odd")], [Named(key="odd", name="Odd", rule={"version": 9})]),
]


@pytest.mark.parametrize(("given_ones", "there"), GOOD)
def test_what_works_is_not_refused(given_ones, there) -> None:
    assert problems_of(given=given_ones, stored=stored(*there)) == {}


def named(**changes: Any) -> Named:
    return Named(**{"key": "a", "name": "Loyal", "rule": rule(CITY), **changes})


ODD = {"field": "event.properties.venue", "operator": "equals", "value": "x"}
SLIP = {"field": "person.trait.city", "operator": "equals", "value": "x"}
ALONE = [
    (named(name=" "), "name", "Give the segment a name."),
    (named(name="x" * 201), "name", "Use at most 200 plain characters."),
    (named(name="a\0b"), "name", "Use at most 200 plain characters."),
    (named(rule=None), "rule", EVERYBODY),
    (named(rule=rule()), "rule", EVERYBODY),
    (named(rule={"combinator": "nor", "rules": [CITY]}), "rule/combinator", "Join the conditions"),
    (named(rule=rule(CITY, ODD)), "rule/rules/1/field", "A segment is about a person at any time"),
    (named(rule=rule(SLIP)), "rule/rules/0/field", "Did you mean person.traits.city?"),
    (
        named(rule=rule(CITY, rule(inside("gone"), combinator="or"))),
        "rule/rules/1/rules/0/field",
        "There is no segment “gone”.",
    ),
    (named(rule=rule(inside("a"))), "rule/rules/0/field", "Loyal asks itself."),
]


@pytest.mark.parametrize(("segment", "field", "sentence"), ALONE)
def test_what_is_wrong_with_one_is_said_where_it_is(segment, field, sentence) -> None:
    ((place, said),) = problems_of(given=[segment], stored={})["a"]

    assert place == field
    assert sentence in said


LOYAL, NEW, OLD = (asking(*one) for one in (("loyal", "new"), ("new", "loyal"), ("old", "loyal")))
CIRCLES = [
    ([LOYAL], [NEW], {"loyal": "circle: Loyal asks New, and New asks Loyal."}),
    ([NEW], [LOYAL], {"new": "circle: Loyal asks New, and New asks Loyal."}),
    ([NEW, LOYAL], [], {"new": "circle: Loyal asks New, and New asks Loyal."}),
    (
        [asking("loyal", "new")],
        [asking("new", "old"), OLD],
        {"loyal": "circle: Loyal asks New, New asks Old, and Old asks Loyal."},
    ),
    ([asking("a", "a"), asking("b", "b")], [], {"a": "A asks itself.", "b": "B asks itself."}),
    ([asking("other")], [LOYAL, NEW], {}),
]


@pytest.mark.parametrize(("given_ones", "there", "expected"), CIRCLES)
def test_a_circle_is_named(given_ones, there, expected) -> None:
    found = problems_of(given=given_ones, stored=stored(*there))

    assert found.keys() == expected.keys()
    for key, sentence in expected.items():
        ((place, said),) = found[key]
        assert sentence in said
        assert place == "rule/rules/1/field"


@pytest.mark.parametrize("at", [1, 4, MAX_SEGMENT_CHAIN])
def test_a_chain_longer_than_rules_can_follow_is_refused(at) -> None:
    """Wherever the last link is put in."""
    whole = {one.key: one for one in chain(1, MAX_SEGMENT_CHAIN + 1)}
    last = whole.pop(f"s{at}")

    ((place, said),) = problems_of(given=[last], stored=whole)[last.key]

    assert place == "rule/rules/1/field"
    assert said.startswith("Segments can ask each other 8 deep at most: S1 asks S2, ")


def test_all_that_is_wrong_is_told_at_once() -> None:
    bad = [named(name="", rule=rule(inside("x"), inside("y"))), named(key="b", rule=None)]

    found = problems_of(given=bad, stored={})

    assert [field for field, _said in found["a"]] == [
        "name",
        "rule/rules/0/field",
        "rule/rules/1/field",
    ]
    assert found["b"] == [("rule", EVERYBODY)]


def test_who_asks_a_segment_is_known_at_any_depth() -> None:
    deep = Named(key="a", name="A", rule=rule(rule(rule(inside("z")), combinator="or")))

    assert segments_asking("z", [deep, asking("b")]) == [deep]
    assert list(asked_at(deep.rule or {})) == [("/rules/0/rules/0/rules/0/field", "z")]
    assert unknown_segments(deep.rule, known={"z"}) == []
    assert unknown_segments(None, known=()) == []


KEYS = [f"s{at}" for at in range(6)]
SAVES = st.lists(st.tuples(st.sampled_from(KEYS), st.sets(st.sampled_from(KEYS))), max_size=20)


@UNHURRIED
@given(SAVES)
def test_saves_that_are_let_in_never_make_a_circle_or_leave_an_unknown(saves) -> None:
    there: dict[str, Named] = {}
    for key, asked in saves:
        segment = asking(key, *sorted(asked))
        if not problems_of(given=[segment], stored=there):
            there[key] = segment

    assert check_cycles(readable(there.values())) == []
    for one in there.values():
        assert unknown_segments(one.rule, known=there) == []
