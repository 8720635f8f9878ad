"""Questions about past events in the rule builder."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.builder import (
    Document,
    OpenBuilder,
    add_condition,
    condition,
    control,
    document,
    group,
    stored,
)

pytestmark = pytest.mark.chromium


MONTH = {"n": 30, "unit": "days"}
SAME_CART = {
    "event": "Order Completed",
    "window": MONTH,
    "where": group(condition("event.properties.total", "greater_than", 50)),
    "join": [{"property": "cart_id", "equals": "event.properties.cart_id"}],
}
TODAY = {"event": "Order Completed", "property": "total", "window": {"calendar": "day"}}
EVER = {"event": "App Opened", "window": None}


def past(measure: str, operator: str, value: object, of: Document) -> Document:
    return {**condition(f"history.{measure}", operator, value), "of": of}


def test_a_question_about_the_past_survives_another_comparison_and_value(
    open_builder: OpenBuilder,
) -> None:
    asked = [
        past("count", "at_least", 2, SAME_CART),
        past("last", "equals", "x", TODAY),
        past("count", "equals", 0, EVER),
    ]
    page = open_builder(json.dumps(document(*asked)))
    first = page.get_by_role("group", name="Condition 1", exact=True)

    for number in (1, 2, 3):
        control(page, f"Condition {number}: comparison").select_option("is more than")
        control(page, f"Condition {number}: value").fill("3")

    expect(first.get_by_text("How often: Order Completed, in the last 30 days")).to_have_text(
        "How often: Order Completed, in the last 30 days, with the same cart_id,"
        " if total is more than 50"
    )
    expect(page.get_by_text("Last total: Order Completed, today", exact=True)).to_be_visible()
    expect(control(page, "Condition 1: what to look at")).to_have_count(0)
    assert [(rule["field"], rule["operator"], rule["of"]) for rule in stored(page)["rules"]] == [
        (rule["field"], "greater_than", rule["of"]) for rule in asked
    ]


def test_how_often_they_did_something_can_be_asked_and_taken_back(
    open_builder: OpenBuilder,
) -> None:
    page = open_builder(events=("Order Completed",))

    add_condition(page)
    fact = control(page, "Condition 1: what to look at")
    fact.select_option("How often they did…")
    suggested = page.locator("datalist option").get_attribute("value")
    control(page, "Condition 1: event").fill("Order Completed")
    ever = stored(page)
    control(page, "Condition 1: how far back").select_option("in the last")
    control(page, "Condition 1, window: how many").fill("6")
    control(page, "Condition 1, window: unit of time").select_option("hours")
    lately = stored(page)
    fact.select_option("price")

    page.evaluate("""() => {
        document.querySelector("textarea").dataset.events = "false";
        document.dispatchEvent(new CustomEvent("rule-builder:mount"));
    }""")

    expect(fact.get_by_text("How often they did…")).to_have_count(0)
    of = {"event": "Order Completed"}
    recent = {**of, "window": {"n": 6, "unit": "hours"}}
    assert suggested == "Order Completed"
    assert ever == document(past("count", "at_least", 1, of))
    assert lately == document(past("count", "at_least", 1, recent))
    assert stored(page) == document(condition("event.properties.price", "at_least", ""))


@pytest.mark.parametrize("theme", ["", "dark"])
def test_questions_about_the_past_fit_a_phone_in_either_theme(
    open_builder: OpenBuilder, theme: str
) -> None:
    long = {**SAME_CART, "event": "OrderCompletedAndPaid" * 4}
    simple = past("count", "at_least", 2, {"event": "Order Completed", "window": MONTH})
    page = open_builder(json.dumps(document(past("count", "at_least", 2, long), group(simple))))

    page.evaluate("theme => { document.documentElement.className = theme }", theme)
    page.set_viewport_size({"width": 390, "height": 844})

    expect(control(page, "Condition 2.1: event")).to_have_value("Order Completed")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
