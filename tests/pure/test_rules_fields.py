"""Which facts a rule can read, and how a path finds its way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from triggers.rules import FIELDS, MISSING, find_fact, parse

FIRST_SEEN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "event": {
        "name": "Open Day Attended",
        "properties": {
            "venue": "Utrecht",
            "cart": {"total": 12.5, "lines.count": 3, "items": [{"sku": 1}]},
            "a.b": "literal",
            "a": {"b": "nested", "c": None},
            "dotted.away": {"x": 1},
        },
        "context": {"network": {"wifi": True}},
    },
    "person": {"traits": {"city": "Delft"}, "first_seen_at": FIRST_SEEN},
    "device": {"platform": "ios"},
}
READ = [
    ("event.name", "Open Day Attended"),
    ("event.properties.venue", "Utrecht"),
    ("event.properties.cart.total", 12.5),
    ("event.properties.cart.lines.count", 3),
    ("event.properties.a.b", "literal"),
    ("event.properties.a.c", None),
    ("event.properties.a.d", MISSING),
    ("event.properties.venue.length", MISSING),
    ("event.properties.cart.items.0.sku", MISSING),
    ("event.properties.dotted.away", {"x": 1}),
    ("event.properties.nothing", MISSING),
    ("event.context.network.wifi", True),
    ("person.traits.city", "Delft"),
    ("person.first_seen_at", FIRST_SEEN),
    ("device.platform", "ios"),
    ("device.model", MISSING),
]


@pytest.mark.parametrize(("name", "value"), READ)
def test_a_field_reads_its_fact(name, value) -> None:
    fact = find_fact(name)

    assert fact is not None
    assert fact.reader()(FACTS) == value


@pytest.mark.parametrize("facts", [{}, {"event": None}, {"event": {"properties": ["venue"]}}])
@pytest.mark.parametrize("name", [name for name, _value in READ])
def test_facts_that_are_not_there_are_missing(name, facts) -> None:
    fact = find_fact(name)

    assert fact is not None
    assert fact.reader()(facts) is MISSING


OUTSIDE = ["", "event", "event.properties", "event.properties.", "event.id", "person.user_id",
           "device.token", "device.platform.x", "now", "__class__", "event.name.x"]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_the_allow_list_can_be_named(name) -> None:
    assert find_fact(name) is None


def test_every_field_has_a_label_and_words() -> None:
    assert all(field.label and field.words for field in FIELDS)
    assert len({field.name for field in FIELDS}) == len(FIELDS)


def test_a_rule_lists_the_fields_it_reads() -> None:
    leaf = {"operator": "is_set"}
    nested = {"combinator": "or", "rules": [leaf | {"field": "device.model"}]}
    rule = parse({"combinator": "and", "rules": [leaf | {"field": "person.traits.city"}, nested]})

    assert rule.fields == {"device.model", "person.traits.city"}
    assert parse(None).fields == frozenset()


VENUE = {"field": "event.properties.venue", "operator": "equals", "value": "Utrecht"}
CITY = {"field": "person.traits.city", "operator": "equals", "value": "Delft"}
GUESTS = {"field": "event.properties.guests", "operator": "at_least", "value": 2}
KEY = ("event.properties.venue", "Utrecht")
INDEXES = [
    ({"combinator": "and", "rules": [VENUE]}, KEY),
    ({"combinator": "and", "rules": [CITY, GUESTS, VENUE]}, KEY),
    ({"combinator": "or", "rules": [VENUE]}, KEY),
    ({"combinator": "or", "rules": [VENUE, GUESTS]}, None),
    ({"combinator": "and", "not": True, "rules": [VENUE]}, None),
    ({"combinator": "and", "rules": [CITY, GUESTS]}, None),
    ({"combinator": "and", "rules": [{"combinator": "or", "rules": [VENUE, GUESTS]}]}, None),
    ({"combinator": "and", "rules": [VENUE | {"operator": "not_equals"}]}, None),
    ({}, None),
]


@pytest.mark.parametrize(("document", "key"), INDEXES)
def test_an_index_key_is_an_equality_the_rule_cannot_match_without(document, key) -> None:
    assert parse(document).equality == key
