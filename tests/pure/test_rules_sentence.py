"""A rule reads as a line of plain words."""

from typing import Any

import pytest

from triggers.rules import OPERATORS, parse

P = "event.properties."


def leaf(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def group(combinator: str, *rules: dict[str, Any], negated: bool = False) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


VENUE = leaf(f"{P}venue", "equals", "Utrecht")
GUESTS = leaf(f"{P}number_of_guests", "at_least", 2)
CITY = leaf(f"{P}city", "one_of", ["Delft", "Leiden"])
CITY_WORDS = 'city is one of "Delft", "Leiden"'

LEAVES = [
    (leaf(f"{P}venue", "not_equals", "Utrecht"), 'venue is not "Utrecht"'),
    (leaf(f"{P}member", "equals", True), "member is true"),
    (leaf("person.traits.city", "not_one_of", ["Delft"]), 'person\'s city is not one of "Delft"'),
    (leaf("person.traits.homeTown", "is_set"), "person's home town is set"),
    (leaf("person.traits.first_name", "is_not_set"), "person's first name is not set"),
    (leaf("event.name", "equals", "Open Day Attended"), 'event name is "Open Day Attended"'),
    (leaf("event.context.network.wifi", "is_true"), "context network wifi is true"),
    (leaf("device.platform", "equals", "ios"), 'phone platform is "ios"'),
    (leaf(f"{P}SKU", "is_false"), "SKU is false"),
    (leaf(f"{P}price", "more_than", 9.5), "price is more than 9.5"),
    (leaf(f"{P}price", "less_than", -1), "price is less than -1"),
    (leaf(f"{P}price", "at_most", 10), "price is at most 10"),
    (leaf(f"{P}price", "between", [5, 10]), "price is from 5 to 10"),
    (leaf(f"{P}title", "contains", 'a "b"'), 'title contains "a \\"b\\""'),
    (leaf(f"{P}title", "not_contains", "b"), 'title does not contain "b"'),
    (leaf(f"{P}title", "starts_with", "b"), 'title starts with "b"'),
    (leaf(f"{P}title", "ends_with", "b"), 'title ends with "b"'),
    (leaf(f"{P}code", "matches", "^NL[0-9]+$"), 'code matches "^NL[0-9]+$"'),
    (leaf("local.hour", "between", [9, 17]), "local hour is from 9 to 17"),
    (leaf("local.weekday", "at_least", 6), "local weekday is at least 6"),
    (leaf("segment.big_spenders", "is_true"), "is in segment “big_spenders”"),
    (leaf("segment.loyal-readers", "is_false"), "is not in segment “loyal-readers”"),
    (leaf(f"{P}tags", "has", "vip"), 'tags has "vip"'),
    (leaf(f"{P}tags", "has_any", ["vip", "gold"]), 'tags has any of "vip", "gold"'),
    (leaf(f"{P}tags", "has_all", [1, 2]), "tags has all of 1, 2"),
    (leaf(f"{P}starts_at", "before", "2026-03-01"), "starts at is before 2026-03-01 00:00 UTC"),
    (
        leaf(f"{P}starts_at", "after", "2026-03-01T10:00:00+01:00"),
        "starts at is after 2026-03-01 09:00 UTC",
    ),
    (
        leaf("person.first_seen_at", "within_last", {"n": 3, "unit": "days"}),
        "first seen is within the last 3 days",
    ),
    (
        leaf(f"{P}starts_at", "within_next", {"n": 1, "unit": "hours"}),
        "starts at is within the next 1 hour",
    ),
    (leaf(f"{P}n", "one_of", list(range(12))), "n is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2 more"),
    (leaf(f"{P}x", "equals", "a\u202eb\nc"), 'x is "a\ufffdb\ufffdc"'),
    (leaf(f"{P}x", "equals", "y" * 300), f'x is "{"y" * 99}…"'),
    (VENUE, 'venue is "Utrecht"'),
    (GUESTS, "number of guests is at least 2"),
    (CITY, CITY_WORDS),
]
GROUPS = [
    (None, "every time"),
    ({}, "every time"),
    (group("or"), "every time"),
    (
        group("and", VENUE, group("or", GUESTS, CITY)),
        f'venue is "Utrecht" and (number of guests is at least 2 or {CITY_WORDS})',
    ),
    (group("and", VENUE, negated=True), 'not (venue is "Utrecht")'),
    (
        group("or", VENUE, group("and", GUESTS, CITY, negated=True)),
        f'venue is "Utrecht" or not (number of guests is at least 2 and {CITY_WORDS})',
    ),
    (group("and", group("or", VENUE)), 'venue is "Utrecht"'),
    (
        group("and", group("and", group("or", VENUE, GUESTS)), CITY),
        f'(venue is "Utrecht" or number of guests is at least 2) and {CITY_WORDS}',
    ),
    (
        group("and", VENUE, leaf("segment.loyal", "is_true")),
        'venue is "Utrecht" and is in segment “loyal”',
    ),
    (
        group("and", group("or", VENUE, negated=True), negated=True),
        'not (not (venue is "Utrecht"))',
    ),
]


@pytest.mark.parametrize(("test", "words"), LEAVES)
def test_a_condition_reads_as_words(test, words) -> None:
    assert parse(group("and", test)).sentence() == words


@pytest.mark.parametrize(("document", "words"), GROUPS)
def test_groups_read_without_needless_brackets(document, words) -> None:
    assert parse(document).sentence() == words


def test_every_operator_has_words_that_are_shown_above() -> None:
    assert {test["operator"] for test, _words in LEAVES} == set(OPERATORS)
