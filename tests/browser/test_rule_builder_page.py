"""The rule builder as a part of a page: its textarea, the form around it, other builders."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.builder import (
    CATALOGUE,
    EMPTY,
    OpenBuilder,
    add_condition,
    condition,
    control,
    document,
    stored,
    textarea,
)

pytestmark = pytest.mark.chromium


def test_each_change_fires_an_input_event(open_builder: OpenBuilder) -> None:
    page = open_builder()
    page.evaluate("() => { window.heard = 0; document.oninput = () => window.heard++ }")

    add_condition(page)

    assert page.evaluate("window.heard") == 1


def test_enter_in_a_text_box_does_not_submit_the_form(open_builder: OpenBuilder) -> None:
    page = open_builder(json.dumps(document(condition("event.properties.venue", "equals", "Ede"))))
    page.evaluate("() => { document.forms[0].onsubmit = () => { window.sent = true } }")

    control(page, "Condition 1: value").press("Enter")

    assert page.evaluate("window.sent") is None


def test_a_textarea_that_appears_later_becomes_a_builder_too(open_builder: OpenBuilder) -> None:
    page = open_builder()
    later = textarea("", CATALOGUE).replace("id_rule", "id_later")

    page.evaluate("later => document.forms[0].insertAdjacentHTML('beforeend', later)", later)
    page.evaluate("document.dispatchEvent(new CustomEvent('rule-builder:mount'))")

    expect(page.get_by_text(EMPTY)).to_have_count(2)


def test_a_builder_takes_up_new_lists_and_keeps_its_rule(open_builder: OpenBuilder) -> None:
    page = open_builder(json.dumps(document(condition("event.properties.venue", "equals", "Ede"))))

    page.evaluate("""() => {
        const area = document.querySelector("textarea");
        area.dataset.catalogue = '[{"name": "event.properties.hall", "label": "hall"}]';
        document.dispatchEvent(new CustomEvent("rule-builder:mount"));
    }""")
    add_condition(page)
    control(page, "Condition 2: what to look at").select_option("hall")

    assert [rule["field"] for rule in stored(page)["rules"]] == [
        "event.properties.venue",
        "event.properties.hall",
    ]


HAND_WRITTEN = [
    "[1",
    "[]",
    '{"version": 2}',
    '{"rules": [{"field": {}, "operator": "equals"}]}',
    '{"rules": [{"field": "person.traits.id", "operator": "equals", "value": 9007199254740993}]}',
]


@pytest.mark.parametrize("text", HAND_WRITTEN)
def test_a_rule_that_cannot_be_drawn_is_left_as_it_is(open_builder: OpenBuilder, text: str) -> None:
    page = open_builder(text)

    expect(page.get_by_text("It is left as it is.")).to_be_visible()
    expect(page.locator("textarea")).to_be_visible()
    assert page.locator("textarea").input_value() == text
