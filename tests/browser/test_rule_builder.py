"""The rule builder in a real browser: what a campaign manager does, and what is then stored."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.builder import (
    EMPTY,
    OpenBuilder,
    add_condition,
    condition,
    control,
    document,
    group,
    stored,
)

pytestmark = pytest.mark.chromium


def test_two_conditions_are_stored_as_a_document_without_ids(open_builder: OpenBuilder) -> None:
    page = open_builder()

    add_condition(page)
    control(page, "Condition 1: what to look at").select_option("venue")
    control(page, "Condition 1: value").fill("Utrecht")
    add_condition(page)
    control(page, "Condition 2: what to look at").select_option("price")
    control(page, "Condition 2: comparison").select_option("is more than")
    control(page, "Condition 2: value").fill("49.95")
    control(page, "Whole rule: how many must be true").select_option("Any of")

    assert stored(page) == {
        "version": 1,
        "combinator": "or",
        "not": False,
        "rules": [
            condition("event.properties.venue", "equals", "Utrecht"),
            condition("event.properties.price", "greater_than", 49.95),
        ],
    }


def test_a_condition_can_be_built_and_removed_with_the_keyboard_alone(
    open_builder: OpenBuilder,
) -> None:
    page = open_builder()
    add = page.get_by_role("button", name="Add a condition", exact=True)

    add.press("Enter")
    expect(control(page, "Condition 1: what to look at")).to_be_focused()
    page.keyboard.type("price")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("79")
    built = stored(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert built == document(condition("event.properties.price", "equals", 79))
    expect(add).to_be_focused()
    assert stored(page) == document()


@pytest.mark.parametrize("text", ["", "{}", "null", '{"version": 1, "rules": []}'])
def test_no_rule_is_shown_as_every_event_counts(open_builder: OpenBuilder, text: str) -> None:
    page = open_builder(text)

    expect(page.get_by_text(EMPTY)).to_be_visible()
    expect(page.locator("textarea")).to_be_hidden()
    assert page.locator("textarea").input_value() == text


EXISTING = document(
    condition("event.properties.venue", "one_of", ["Utrecht", "Ede, centre", 'the "Loft"']),
    condition("event.properties.price", "between", [10, 79.5]),
    group(
        condition("person.traits.tags", "has", "vip"),
        condition("person.traits.born_on", "in_the_last", {"n": 3, "unit": "hours"}),
        group(condition("person.traits.code", "one_of", [79, "79"])),
        combinator="or",
        negated=True,
    ),
    condition("device.platform", "starts_with_unknown_to_the_page", "i"),
)


def test_an_existing_document_keeps_its_meaning_through_an_unrelated_change(
    open_builder: OpenBuilder,
) -> None:
    page = open_builder(json.dumps(EXISTING))
    untouched = page.locator("textarea").input_value()

    add_condition(page)
    page.get_by_role("button", name="Remove condition 5", exact=True).click()

    assert untouched == json.dumps(EXISTING)
    assert stored(page) == EXISTING


def test_lists_are_read_back_as_they_were_written(open_builder: OpenBuilder) -> None:
    page = open_builder(json.dumps(EXISTING))

    for label in ("Condition 1: values", "Condition 3.3.1: values"):
        box = control(page, f"{label}, separated by commas")
        written = box.input_value()
        box.fill("")
        box.fill(written)

    assert stored(page) == EXISTING


def test_a_new_group_says_none_of_these_and_holds_a_condition(open_builder: OpenBuilder) -> None:
    page = open_builder()

    page.get_by_role("button", name="Add a group", exact=True).click()
    control(page, "Group 1: how many must be true").select_option("None of")
    control(page, "Condition 1.1: what to look at").select_option("venue")
    control(page, "Condition 1.1: value").fill("Ede")

    inner = condition("event.properties.venue", "equals", "Ede")
    assert stored(page) == document(group(inner, combinator="or", negated=True))
