"""What would have had to differ reads like a sentence, with the value seen and by how much."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triggers.rules import OPERATORS, PastEvent, PastEvents, parse
from triggers.rules.nearest import nearest
from triggers.rules.nearest_words import _HAD, _OPPOSITES, nearest_sentence, seen_words

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
START = "It would have matched if "


def facts(event: Any = None, traits: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "event": {"name": "Cart Left", "properties": event or {}},
        "person": {"traits": traits or {}, "first_seen_at": NOW},
        "now": NOW,
        **more,
    }


def said(known: dict[str, Any], *rules: Any, **group: Any) -> str:
    trace = parse({"combinator": "and", "rules": list(rules), **group}).trace(known)
    sentence = nearest_sentence(nearest(trace))
    assert sentence.startswith(START)
    return sentence.removeprefix(START)


def leaf(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    bare = {"field": field, "operator": operator}
    return bare if value is None else {**bare, "value": value}


VALUE, CITY = "event.properties.cart_value", "person.traits.city"
ONE = [
    (leaf(VALUE, "more_than", 50), "more than 50 (it was 20; more than 30 more was needed)"),
    (leaf(VALUE, "at_least", 50), "at least 50 (it was 20; 30 more was needed)"),
    (leaf(VALUE, "at_least", 20.1), "at least 20.1 (it was 20; 0.1 more was needed)"),
    (leaf(VALUE, "less_than", 5), "less than 5 (it was 20; more than 15 less was needed)"),
    (leaf(VALUE, "at_most", 5), "at most 5 (it was 20; 15 less was needed)"),
    (leaf(VALUE, "more_than", 20), "more than 20 (it was 20)"),
    (leaf(VALUE, "between", [25, 90]), "from 25 to 90 (it was 20; 5 more was needed)"),
    (leaf(VALUE, "equals", 21), "21 (it was 20)"),
    (leaf(VALUE, "not_equals", 20), None),
    (leaf(VALUE, "one_of", [1, 2]), "one of 1, 2 (it was 20)"),
    (leaf(VALUE, "equals", "20"), '"20" (it was 20, which cannot be compared)'),
]


@pytest.mark.parametrize(("rule", "words"), ONE)
def test_a_number_says_by_how_much(rule: Any, words: str | None) -> None:
    expected = f"been {words}" if words else "not been 20 (it was 20)"

    assert said(facts({"cart_value": 20}), rule) == f"the cart value had {expected}."


def test_the_other_way_round_below_a_not() -> None:
    rule = leaf(VALUE, "more_than", 5)

    sentence = said(facts({"cart_value": 20}), {"combinator": "or", "not": True, "rules": [rule]})

    assert sentence == "the cart value had been at most 5 (it was 20; 15 less was needed)."


def test_what_we_do_not_know_is_said() -> None:
    known = facts()

    assert said(known, leaf(CITY, "is_set")) == "we had known the person's city."
    assert said(known, leaf(CITY, "equals", "Delft")) == (
        "the person's city had been \"Delft\" (we don't know it)."
    )
    assert said(facts(traits={"city": "Ede"}), leaf(CITY, "is_not_set")) == (
        'we had not known the person\'s city (it was "Ede").'
    )


def test_several_things_are_joined_and_many_only_counted() -> None:
    known = facts({"cart_value": 20}, {"city": "Ede"})
    both = (leaf(VALUE, "is_true"), leaf(CITY, "contains", "x"))
    seven = [leaf(f"event.properties.p{number}", "is_set") for number in range(7)]

    assert said(known, *both) == (
        "the cart value had been true (it was 20, which cannot be compared)"
        ' and the person\'s city had contained "x" (it was "Ede").'
    )
    assert said(known, *seven).endswith(
        "we had known the p4 and 2 more conditions had been different."
    )


DATES = [
    ("before", "2026-11-20", "before 2026-11-20 00:00 UTC", "2 days earlier"),
    ("after", "2026-11-21T13:00:00Z", "after 2026-11-21 13:00 UTC", "1 hour later"),
]


@pytest.mark.parametrize(("operator", "value", "words", "gap"), DATES)
def test_a_date_says_by_how_much(operator: str, value: str, words: str, gap: str) -> None:
    rule = leaf("person.first_seen_at", operator, value)

    assert said(facts(), rule) == (
        f"the time we first saw them had been {words} (it was 2026-11-21 12:00 UTC;"
        f" {gap} was needed)."
    )


def test_lists_and_segments_are_said_in_words() -> None:
    known = facts(traits={"tags": ["vip", "new"]}, segments={"loyal": parse(None)})
    member = leaf("segment.loyal", "is_false")

    assert said(known, leaf("person.traits.tags", "has", "gold")) == (
        'the person\'s tags had included "gold" (it was "vip", "new").'
    )
    assert said(known, member) == "the person had not been in segment “loyal”."


def past(measure: str, operator: str, value: Any, **of: Any) -> dict[str, Any]:
    window = {"n": 30, "unit": "days"}
    asked = {"event": "Order Completed", "window": window, **of}
    return {**leaf(f"history.{measure}", operator, value), "of": asked}


def test_the_past_is_said_with_its_window() -> None:
    order = PastEvent(
        name="Order Completed",
        properties={"total": 10},
        context={},
        occurred_at=NOW - timedelta(days=1),
        message_id="m1",
    )
    known = facts(history={"Order Completed": PastEvents(events=(order,), complete=True)})

    assert said(known, past("count", "at_least", 2)) == (
        "Order Completed had happened at least 2 times in the last 30 days"
        " (it was 1; 1 more was needed)."
    )
    assert said(known, past("count", "at_most", 0)) == (
        "Order Completed had happened at most 0 times in the last 30 days"
        " (it was 1; 1 less was needed)."
    )
    assert said(known, past("sum", "at_least", 25, property="total")) == (
        "the sum of total over Order Completed in the last 30 days had been at least 25"
        " (it was 10; 15 more was needed)."
    )


SEEN = [
    ({"actual": True}, "true"),
    ({"actual": None}, "empty"),
    ({"actual": "x"}, '"x"'),
    ({"options": [1, 2]}, "perhaps 1 or 2"),
    ({"low": 1, "high": 3}, "from 1 to 3"),
    ({"low": 1}, "at least 1"),
    ({"high": 3}, "at most 3"),
    ({}, "not known"),
]


@pytest.mark.parametrize(("leaf", "words"), SEEN)
def test_what_was_seen_is_said_in_words(leaf: dict[str, Any], words: str) -> None:
    assert seen_words({"operator": "equals", **leaf}) == words


def test_every_operator_has_words() -> None:
    assert {_OPPOSITES.get(name, name) for name in OPERATORS} == {*_HAD, "is_set"}


def test_nothing_is_said_where_nothing_had_to_differ() -> None:
    assert nearest_sentence(()) == ""
