"""The rule builder on a bare page: what tests put in it, and how they reach its parts."""

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

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
    {
        "name": "not_equals",
        "label": "is not (exactly, capitals matter)",
        "kinds": ["text", "number"],
        "value": "one",
    },
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
