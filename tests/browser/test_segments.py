"""Segments in the rule builder: as a field, and as the rule of one, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import OPERATORS, OpenBuilder, add_condition, control, document, stored

pytestmark = pytest.mark.chromium

LOYAL: dict[str, Any] = {
    "name": "segment.loyal",
    "label": "Segment Loyal",
    "group": "Segments",
    "kind": "boolean",
    "samples": [],
    "words": {"is_true": "is in", "is_false": "is not in"},
}
VIP: dict[str, Any] = {
    "name": "person.traits.vip",
    "label": "vip",
    "group": "Person",
    "kind": "boolean",
    "samples": [],
}
BARE = [
    {"name": name, "label": label, "kinds": ["boolean"], "value": "none"}
    for name, label in (("is_true", "is true"), ("is_false", "is false"))
]


@pytest.fixture
def page(open_builder: OpenBuilder) -> Page:
    OPERATORS.extend(BARE)
    try:
        return open_builder(catalogue=[LOYAL, VIP])
    finally:
        del OPERATORS[-len(BARE) :]


def offered(page: Page) -> list[str]:
    return control(page, "Condition 1: comparison").locator("option").all_inner_texts()


def test_a_person_is_in_a_segment_or_not(page: Page) -> None:
    add_condition(page)
    control(page, "Condition 1: what to look at").select_option("Segment Loyal")
    words, first = offered(page), stored(page)
    control(page, "Condition 1: comparison").select_option("is not in")

    assert words == ["is in", "is not in"]
    assert first == document({"field": "segment.loyal", "operator": "is_true"})
    assert stored(page) == document({"field": "segment.loyal", "operator": "is_false"})


def test_another_yes_or_no_keeps_its_own_words(page: Page) -> None:
    add_condition(page)
    control(page, "Condition 1: what to look at").select_option("Segment Loyal")
    control(page, "Condition 1: what to look at").select_option("vip")

    assert offered(page) == ["is", "is true", "is false"]
    assert stored(page) == document({"field": "person.traits.vip", "operator": "is_true"})


def test_the_rule_of_a_segment_asks_about_no_event(page: Page) -> None:
    page.eval_on_selector("textarea", "one => { one.dataset.ofPeople = '' }")
    page.evaluate("document.dispatchEvent(new Event('rule-builder:mount'))")

    expect(page.get_by_text("No conditions yet.")).to_be_visible()
    add_condition(page)
    control(page, "Condition 1: what to look at").select_option("Other…")
    homes = control(page, "Condition 1: kind of name").locator("option").all_inner_texts()
    control(page, "Condition 1: name").fill("city")

    assert homes == ["Person trait", "Another fact"]
    assert stored(page)["rules"][0]["field"] == "person.traits.city"
