"""Conditions about the past say the same in the file and in the definition, both ways."""

from typing import Any

import pytest

from orchestrator.recipes import conditions, schema, source
from orchestrator.recipes.layout import dump
from orchestrator.recipes.problem import Problems
from triggers.rules import parse

CART = {"property": "cart_id", "equals": "event.properties.cart_id"}
SHOP = {"property": "shop", "equals": "event.context.shop"}
PAID = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [{"field": "event.properties.total", "operator": "more_than", "value": 0}],
}
CASES: list[Any] = [
    ("count, is at least, 2, {of: E}", "at_least", {}),
    ("count, is at least, 2, {of: E, within: 30 days}", "at_least",
     {"window": {"n": 30, "unit": "days"}}),
    ("count, is at least, 2, {of: E, this: week}", "at_least", {"window": {"calendar": "week"}}),
    ("count, is at least, 2, {of: E, within: 24 h, same: cart_id}", "at_least",
     {"window": {"n": 24, "unit": "hours"}, "join": [CART]}),
    ("count, is at least, 2, {of: E, same: {cart_id: event.properties.cart_id, shop:"
     " event.context.shop}}", "at_least", {"join": [CART, SHOP]}),
    ("count, is from, [1, 3], {of: E, if: {all: [[event.properties.total, is more than, 0]]}}",
     "between", {"where": PAID}),
    ("sum, is more than, 50, {of: E, property: total, this: month}", "more_than",
     {"property": "total", "window": {"calendar": "month"}}),
    ("last, is set, {of: E, property: total}", "is_set", {"property": "total"}),
    ("last_at, is within the last, 3 days, {of: E}", "within_last", {}),
]  # fmt: skip


def read(condition: str) -> tuple[Any, Problems]:
    problems = Problems("x.yaml")
    raw = source.read(f"all:\n- [{condition}]\n", problems)
    return conditions.read(raw, (), problems), problems


@pytest.mark.parametrize(("said", "operator", "of"), CASES)
def test_a_condition_about_the_past_is_read_and_written_as_it_was(said, operator, of) -> None:
    rule, problems = read(f"history.{said}")

    problems.refuse()
    (leaf,) = rule["rules"]
    assert (leaf["operator"], leaf["of"]) == (operator, {"event": "E", **of})
    assert conditions.normal(rule) == rule
    assert dump(conditions.write(rule)).split() == f"all: - [history.{said}]".split()


def test_what_asks_nothing_is_not_in_a_normal_rule() -> None:
    rule, _ = read("history.count, is at least, 2, {of: E, within: 24 h, same: cart_id}")
    (plain,) = rule["rules"]
    of = {
        **plain["of"],
        "id": "a",
        "property": None,
        "where": {"rules": []},
        "join": [{**CART, "id": "b"}],
    }
    stored = {"id": "c", "combinator": "and", "rules": [{**plain, "of": of}]}

    assert conditions.normal(stored) == rule
    assert parse(stored).sentence() == parse(rule).sentence()


def test_a_rule_of_past_events_is_normal_too() -> None:
    nested = {"combinator": "and", "rules": [{"id": "a", **PAID["rules"][0]}]}  # type: ignore[index]
    of = {"event": "E", "where": nested}
    leaf = {"field": "history.count", "operator": "at_least", "value": 2, "of": of}

    normal = conditions.normal({"combinator": "and", "rules": [leaf]})

    assert normal
    assert normal["rules"][0]["of"] == {"event": "E", "where": PAID}


COUNT = "history.count, is at least, 2"
MISTAKES = [
    (COUNT, "all[0]: Say at the end which past events, such as"),
    (f"{COUNT}, Order Completed", "all[0]: Say at the end which past events"),
    ("event.name, is, a, {of: E}", "all[0][3]: Remove this block; event.name is not about the"),
    ("event.name, is set, {of: E}", "all[0][2]: Remove this block"),
    ("histry.count, is, 1, {of: E}", 'all[0][0]: There is no field "histry.count".'),
    ("history.cuont, is, 1, {of: E}", 'all[0][0]: There is no field "history.cuont".'),
    (f"{COUNT}, {{within: 3 days}}", "all[0][3]: Add “of:” here, with the name of"),
    (f"{COUNT}, {{of: }}", "all[0][3].of: Write something here, or remove the line."),
    (f'{COUNT}, {{of: ""}}', "all[0][3].of: Choose the event."),
    (f"{COUNT}, {{of: E, witin: 3 days}}",
     "all[0][3].witin: “witin” is not known here. Did you mean “within”?"),
    (f"{COUNT}, {{of: E, zzz: 3}}", "all[0][3].zzz: “zzz” is not known here. Use of, property,"),
    (f"{COUNT}, {{of: E, within: 3}}", "all[0][3].within: Write a duration such as"),
    (f"{COUNT}, {{of: E, within: 9999 days}}", "all[0][3].within: Give a whole number of days"),
    (f"{COUNT}, {{of: E, this: moth}}",
     "all[0][3].this: Use one of day, week, month. Did you mean month?"),
    (f"{COUNT}, {{of: E, this: day, within: 3 days}}", "all[0][3].this: Use either within or"),
    (f"{COUNT}, {{of: E, property: total}}", "all[0][3].property: Remove the property;"),
    ("history.sum, is, 2, {of: E}", "all[0][3]: Choose the property."),
    ("history.last, is set, {of: E}", "all[0][2]: Choose the property."),
    (f"{COUNT}, {{of: E, same: 5}}", "all[0][3].same: Write the name of a property, such as"),
    (f"{COUNT}, {{of: E, same: [a, {{b: person.id}}]}}", "all[0][3].same[1].b: "),
    (f"{COUNT}, {{of: E, if: []}}", "all[0][3].if: Begin with one of all"),
    (f"{COUNT}, {{of: E, if: {{all: [[event.name, iz, 1]]}}}}",
     "all[0][3].if.all[0][1]: There are no such words as “iz”."),
    (f"{COUNT}, {{of: E, if: {{any: [[event.name, is, a], [person.traits.city, is, a]]}}}}",
     "all[0][3].if.any[1][0]: Only the past event itself can be asked here."),
    ("history.count, is at least, {of: E}", "all[0]: Add the value after “is at least”."),
    ('history.count, is at least, "2", {of: E}', 'all[0][2]: "at_least" takes a number'),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "told"), MISTAKES)
def test_a_mistake_about_the_past_is_told_with_its_place(condition, told) -> None:
    rule, problems = read(condition)

    (found,) = problems.error().problems
    assert rule is None
    assert found.startswith(f"x.yaml:2 {told}")


def test_all_mistakes_of_a_block_are_told() -> None:
    _, problems = read("history.count, iz, 2, {within: 3, same: 5, extra: 1}")

    assert len(problems.error().problems) == 5


def is_valid(condition: str) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    raw = source.read(f"all: [[{condition}]]", Problems("x.yaml"))
    when = {"event": "X", "if": raw}
    campaign = {"key": "a", "name": "A", "intent": "go", "when": when,
                "messages": {"default": {"body": "Hi"}}}  # fmt: skip
    validator = jsonschema.Draft202012Validator(schema.json_schema())
    return bool(validator.is_valid({"version": 1, "campaigns": [campaign]}))


@pytest.mark.parametrize("said", [said for said, _operator, _of in CASES])
def test_the_schema_knows_conditions_about_the_past(said) -> None:
    assert is_valid(f"history.{said}")


# What the rules' own parser finds is beyond the schema.
BEYOND = ("Choose the property", "Remove the property", "Only the past event", "whole number",
          "same[1]")  # fmt: skip
SHAPES = [said for said, told in MISTAKES if not any(part in told for part in BEYOND)]


@pytest.mark.parametrize("said", [said for said in SHAPES if '"2"' not in said])
def test_the_schema_refuses_the_wrong_shape_of_a_block(said) -> None:
    assert not is_valid(said)
