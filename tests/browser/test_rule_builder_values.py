"""What one types into a condition, and the value that is then stored."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.builder import OpenBuilder, add_condition, condition, control, document, stored

pytestmark = pytest.mark.chromium


def test_an_unknown_fact_can_be_typed_by_hand(open_builder: OpenBuilder) -> None:
    page = open_builder()

    add_condition(page)
    control(page, "Condition 1: what to look at").select_option("Other…")
    control(page, "Condition 1: kind of name").select_option("Person trait")
    control(page, "Condition 1: name").press_sequentially("shoe size")
    control(page, "Condition 1: value").press_sequentially("43")

    assert stored(page) == document(condition("person.traits.shoe size", "equals", 43))
    expect(page.get_by_text('The number 43: it never equals the text "43".')).to_be_visible()


def test_a_new_app_without_history_starts_with_a_typed_name(open_builder: OpenBuilder) -> None:
    page = open_builder(catalogue=[])

    add_condition(page)
    control(page, "Condition 1: name").fill("venue")
    control(page, "Condition 1: value").fill("Ede")

    assert stored(page) == document(condition("event.properties.venue", "equals", "Ede"))


KINDS = [
    ("as typed", "79", 79),
    ("text", "79", "79"),
    ("as typed", "079", "079"),
    ("number", "079", 79),
]


@pytest.mark.parametrize(("kind", "typed", "value"), KINDS)
def test_the_person_decides_whether_a_value_is_text_or_a_number(
    open_builder: OpenBuilder, kind: str, typed: str, value: object
) -> None:
    page = open_builder(catalogue=[])

    add_condition(page)
    control(page, "Condition 1: name").fill("code")
    control(page, "Condition 1: value").fill(typed)
    control(page, "Condition 1: kind of value").select_option(kind)

    assert stored(page) == document(condition("event.properties.code", "equals", value))


SHAPES = [
    ("equals", "5"),
    ("one_of", ["5"]),
    ("between", ["5", ""]),
    ("in_the_last", {"n": 1, "unit": "days"}),
]


@pytest.mark.parametrize(("operator", "value"), SHAPES)
def test_another_operator_keeps_what_it_can_of_the_value(
    open_builder: OpenBuilder, operator: str, value: object
) -> None:
    start = document(condition("person.traits.code", "starts_with", "5"))
    page = open_builder(json.dumps(start))

    control(page, "Condition 1: comparison").select_option(operator)

    assert stored(page) == document(condition("person.traits.code", operator, value))


def test_is_known_needs_no_value(open_builder: OpenBuilder) -> None:
    page = open_builder(json.dumps(document(condition("event.properties.venue", "equals", "Ede"))))

    control(page, "Condition 1: comparison").select_option("is known")

    rule = {"field": "event.properties.venue", "operator": "is_set"}
    assert stored(page) == document(rule)


def test_only_the_operators_of_the_field_are_offered(open_builder: OpenBuilder) -> None:
    page = open_builder(json.dumps(document(condition("person.traits.tags", "has", "vip"))))

    options = control(page, "Condition 1: comparison").locator("option")

    assert options.all_text_contents() == ["has", "is known"]


def test_only_texts_have_capitals(open_builder: OpenBuilder) -> None:
    often = {**condition("history.count", "not_equals", 1), "of": {"event": "Order Completed"}}
    asked = [
        condition("event.properties.venue", "not_equals", "Utrecht"),
        condition("event.properties.price", "not_equals", 79),
        often,
    ]

    page = open_builder(json.dumps(document(*asked)))

    shown = [
        control(page, f"Condition {number}: comparison").locator("option:checked").inner_text()
        for number in (1, 2, 3)
    ]
    assert shown == ["is not (exactly, capitals matter)", "is not", "is not"]
