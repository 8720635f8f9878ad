"""The rule builder in a real browser: what a campaign manager does, and what is then stored."""

import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.chromium

DIST = Path(__file__).parents[2] / "static" / "rule_builder" / "dist"
Document = dict[str, Any]
OpenBuilder = Callable[..., Page]

CATALOGUE: list[Document] = [
    {
        "name": "event.properties.venue",
        "label": "venue",
        "group": "Event",
        "kind": "text",
        "samples": ["Utrecht"],
    },
    {
        "name": "event.properties.price",
        "label": "price",
        "group": "Event",
        "kind": "number",
        "samples": [79],
    },
    {
        "name": "person.traits.tags",
        "label": "tags",
        "group": "Person",
        "kind": "list",
        "samples": ["vip"],
    },
]
OPERATORS: list[Document] = [
    {"name": "equals", "label": "is", "kinds": ["text", "number", "boolean"], "value": "one"},
    {"name": "one_of", "label": "is one of", "kinds": ["text", "number"], "value": "many"},
    {"name": "greater_than", "label": "is more than", "kinds": ["number"], "value": "one"},
    {"name": "at_least", "label": "is at least", "kinds": ["number"], "value": "one"},
    {"name": "between", "label": "is between", "kinds": ["number"], "value": "range"},
    {"name": "has", "label": "has", "kinds": ["list"], "value": "one"},
    {"name": "in_the_last", "label": "is in the last", "kinds": ["date"], "value": "window"},
    {"name": "is_set", "label": "is known", "kinds": ["text", "number", "list"], "value": "none"},
]
EMPTY = "No conditions: every such event counts."


def group(*rules: Document, combinator: str = "and", negated: bool = False) -> Document:
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def condition(field: str, operator: str, value: object) -> Document:
    return {"field": field, "operator": operator, "value": value}


def document(*rules: Document) -> Document:
    return {"version": 1, **group(*rules)}


@pytest.fixture
def open_builder(browser: Browser) -> Iterator[OpenBuilder]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def build(
        text: str = "", catalogue: list[Document] = CATALOGUE, events: tuple[str, ...] = ()
    ) -> Page:
        page.set_content(f"<form>{textarea(text, catalogue, events)}</form>")
        page.add_style_tag(path=DIST / "rule-builder.css")
        page.add_script_tag(path=DIST / "rule-builder.js")
        return page

    yield build
    page.close()
    assert errors == []


def textarea(text: str, catalogue: list[Document], events: tuple[str, ...] = ()) -> str:
    return (
        '<label for="id_rule">Only when</label>'
        f'<textarea id="id_rule" name="rule" class="rule-builder"'
        f' data-catalogue="{html.escape(json.dumps(catalogue))}"'
        f' data-operators="{html.escape(json.dumps(OPERATORS))}"'
        f' data-events="{html.escape(json.dumps(events))}">{html.escape(text)}</textarea>'
    )


def stored(page: Page) -> Document:
    found: Document = json.loads(page.locator("textarea").input_value())
    return found


def control(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def add_condition(page: Page) -> None:
    page.get_by_role("button", name="Add a condition", exact=True).click()


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


def test_a_new_group_says_none_of_these_and_holds_a_condition(open_builder: OpenBuilder) -> None:
    page = open_builder()

    page.get_by_role("button", name="Add a group", exact=True).click()
    control(page, "Group 1: how many must be true").select_option("None of")
    control(page, "Condition 1.1: what to look at").select_option("venue")
    control(page, "Condition 1.1: value").fill("Ede")

    inner = condition("event.properties.venue", "equals", "Ede")
    assert stored(page) == document(group(inner, combinator="or", negated=True))


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
