"""The questions about past events: what is refused and where, how they read, what they need."""

from datetime import timedelta
from typing import Any

import pytest

from triggers.rules import Calendar, History, Join, Rolling, RuleError, parse

TOTAL = {"field": "event.properties.total", "operator": "more_than", "value": 50}
VENUE = {"field": "event.properties.venue", "operator": "equals", "value": "Utrecht"}
MONTH = {"n": 30, "unit": "days"}
CART = {"property": "cart_id", "equals": "event.properties.cart_id"}
BASKET = {"property": "cart_id", "equals": "event.properties.basket_id"}


def group(*rules: dict[str, Any], combinator: str = "and") -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(rules)}


def leaf(measure: str = "count", operator: str = "at_least", value: Any = 2, **of: Any) -> Any:
    test = {"field": f"history.{measure}", "operator": operator, "value": value}
    return {**test, "of": {"event": "Order Completed", **of}}


SENTENCES = [
    (
        leaf(window=MONTH, where=group(TOTAL), join=[CART]),
        "Order Completed happened at least 2 times in the last 30 days where total is more than 50,"
        " with the same cart id",
    ),
    (leaf(value=1, operator="equals"), "Order Completed happened exactly 1 time"),
    (leaf(value=0, operator="not_equals"), "Order Completed happened not exactly 0 times"),
    (
        leaf(value=[2, 4], operator="between", window={"calendar": "week"}),
        "Order Completed happened from 2 to 4 times this week",
    ),
    (
        leaf(value=[2, 4], operator="not_one_of", window={"n": 1, "unit": "hours"}),
        "Order Completed happened not one of 2, 4 times in the last 1 hour",
    ),
    (
        leaf("sum", "more_than", 100, property="total", window={"calendar": "month"}),
        "sum of total over Order Completed this month is more than 100",
    ),
    (
        leaf("min", property="total", where=group(TOTAL, VENUE, combinator="or")),
        "lowest total of Order Completed where"
        ' (total is more than 50 or venue is "Utrecht"), is at least 2',
    ),
    (
        leaf("max", property="total", join=[BASKET, CART]),
        "highest total of Order Completed, with cart id equal to the event's basket id"
        " and with the same cart id, is at least 2",
    ),
    (
        leaf("first", "equals", "Utrecht", property="venue", where={**group(TOTAL), "not": True}),
        "venue of the first Order Completed where not (total is more than 50),"
        ' is "Utrecht"',
    ),
    (leaf("last", "is_set", property="venue"), "venue of the last Order Completed is set"),
    (leaf("last", "matches", "^U", property="v"), 'v of the last Order Completed matches "^U"'),
    (
        leaf("first_at", "before", "2026-03-01", window={"calendar": "day"}),
        "first Order Completed today is before 2026-03-01 00:00 UTC",
    ),
    (leaf("last_at", "within_last", MONTH), "last Order Completed is within the last 30 days"),
    (leaf(where={}, join=[], window=None), "Order Completed happened at least 2 times"),
]  # fmt: skip


@pytest.mark.parametrize(("test", "words"), SENTENCES)
def test_a_question_about_the_past_reads_as_words(test, words) -> None:
    assert parse(group(test)).sentence() == words


OF, WHERE = "/rules/0/of", "/rules/0/of/where"
REFUSED = [
    ({**leaf(), "of": None}, OF, "which past events"),
    ({**leaf(), "of": ["Order Completed"]}, OF, "which past events"),
    ({**leaf(), "oof": {}}, "/rules/0/oof", "Remove this key"),
    (leaf(event=""), f"{OF}/event", "Choose the event"),
    (leaf(event=5), f"{OF}/event", "Choose the event"),
    (leaf(event="x" * 201), f"{OF}/event", "at most 200"),
    (leaf(event="a\0"), f"{OF}/event", "plain characters"),
    (leaf("sum"), f"{OF}/property", "Choose the property"),
    (leaf(property="total"), f"{OF}/property", "Remove the property"),
    (leaf("last_at", "is_set", property="total"), f"{OF}/property", "Remove the property"),
    (leaf(window="30 days"), f"{OF}/window", "takes an object"),
    (leaf(window={"n": 0, "unit": "days"}), f"{OF}/window/n", "between 1 and"),
    (leaf(window={"n": 1, "unit": "day"}), f"{OF}/window/unit", "minutes, hours, days"),
    (leaf(window={"calendar": "year"}), f"{OF}/window/calendar", "day, week, month"),
    (leaf(window={"calendar": "day", "n": 1}), f"{OF}/window/n", "Remove this key"),
    (leaf(windw=MONTH), f"{OF}/windw", "event, join, property"),
    (leaf(join=CART), f"{OF}/join", "Give a list"),
    (leaf(join=[CART] * 6), f"{OF}/join", "at most 5"),
    (leaf(join=["cart_id"]), f"{OF}/join/0", "Use {"),
    (leaf(join=[CART, {"property": "a"}]), f"{OF}/join/1/equals", "Choose a field"),
    (leaf(join=[{**CART, "property": ""}]), f"{OF}/join/0/property", "Choose the property"),
    (leaf(join=[{**CART, "x": 1}]), f"{OF}/join/0/x", "Remove this key"),
    (leaf(join=[{**CART, "equals": "person.traits.x"}]), f"{OF}/join/0/equals", "Join to"),
    (leaf(join=[{**CART, "equals": "history.count"}]), f"{OF}/join/0/equals", "Join to"),
    (leaf(where=[TOTAL]), WHERE, "as an object"),
    (leaf(where=TOTAL), WHERE, "Put the condition in a group"),
    (leaf(where={"version": 2}), f"{WHERE}/version", "version 1"),
    (leaf(where={"not": True, "rules": []}), f"{WHERE}/not", "Add a condition"),
    (leaf(where=group({**TOTAL, "value": "50"})), f"{WHERE}/rules/0/value", "a number"),
    (leaf(where=group({**VENUE, "operator": "matches", "value": "a["})),
     f"{WHERE}/rules/0/value", "missing ]"),
    (leaf(where=group({**VENUE, "field": "person.traits.city"})),
     f"{WHERE}/rules/0/field", "Only the past event"),
    (leaf(where=group({**VENUE, "field": "local.hour"})),
     f"{WHERE}/rules/0/field", "Only the past event"),
    (leaf(where=group(leaf())), f"{WHERE}/rules/0/field", "Only the past event"),
    (leaf("count", "is_set"), "/rules/0/operator", "history.count takes equals"),
    (leaf("count", "contains", "x"), "/rules/0/operator", "is a number"),
    (leaf("count", "equals", "2"), "/rules/0/value", "a number"),
    (leaf("last_at", "equals", "2026-03-01"), "/rules/0/operator", "is a date"),
]  # fmt: skip


@pytest.mark.parametrize(("test", "pointer", "word"), REFUSED)
def test_a_wrong_question_is_refused_at_its_place(test, pointer, word) -> None:
    with pytest.raises(RuleError) as caught:
        parse(group(test))

    assert caught.value.pointer == pointer
    assert word in caught.value.message


# Those that the JSON Schema refuses too.
SHAPES = [
    group(leaf(event="")),
    group(leaf(window={"calendar": "year"})),
    group(leaf(windw=MONTH)),
    group(leaf(join=[{**CART, "equals": "person.traits.x"}])),
    group(leaf(where=group(leaf()))),
    group(leaf(where=group({**VENUE, "field": "person.traits.city"}))),
    group({"field": "history.count", "operator": "at_least", "value": 2}),
]


def test_a_rule_lists_each_question_once() -> None:
    asked = leaf(window=MONTH, where=group({**TOTAL, "id": "x"}), join=[CART])
    other = leaf("sum", property="total", window={"calendar": "day"})
    same = leaf(operator="at_most", window=MONTH, where=group(TOTAL), join=[CART])

    rule = parse(group(asked, group(other, same), leaf()))

    first, second, third = rule.history
    assert (first.event, first.window, first.joins) == (
        "Order Completed",
        Rolling(30, "days"),
        (Join("cart_id", "event.properties.cart_id"),),
    )
    assert first.where
    assert Rolling(30, "days").span == timedelta(days=30)
    assert second == History(event="Order Completed", path="total", window=Calendar("day"))
    assert third == History(event="Order Completed")
    assert rule.fields == {"history.count", "history.sum"}
    assert len({*rule.history, *parse(group(asked)).history}) == 3


def test_a_plain_rule_asks_for_no_past() -> None:
    rule = parse(group(TOTAL))

    assert (rule.history, rule.segments) == ((), frozenset())


def test_nested_rules_count_as_conditions_and_as_depth() -> None:
    def deep(levels: int) -> dict[str, Any]:
        nested = group(TOTAL)
        for _ in range(levels - 1):
            nested = group(nested)
        return nested

    assert parse(group(leaf(where=deep(7))))
    with pytest.raises(RuleError, match="at most 8") as caught:
        parse(group(leaf(where=deep(8))))
    assert caught.value.pointer == WHERE + "/rules/0" * 7

    short = {"field": "event.name", "operator": "is_set"}
    assert parse(group(leaf(where=group(*[short] * 198)), TOTAL))
    with pytest.raises(RuleError, match="at most 200"):
        parse(group(leaf(where=group(*[short] * 199)), TOTAL))
