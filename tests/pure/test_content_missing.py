"""A value nobody knows is never printed: the author gives a fallback, or nothing is sent."""

from typing import Any

import pytest

from campaigns.content import Failure, Rendered, Withheld, WithheldCode, render
from campaigns.definition import Message

ABSENT: dict[str, Any] = {}
NO_NAME = Withheld(WithheldCode.MISSING, "person.first_name")
PRINTED_LIST = Withheld(WithheldCode.TEMPLATE_FAILED, Failure.LIST_PRINTED)


def title_of(source: str, **values: Any) -> str | Withheld:
    done = render(Message(title=source, body="body"), values, allowed_schemes=())
    return done.title if isinstance(done, Rendered) else done


PEOPLE: dict[str, dict[str, Any]] = {
    "missing": ABSENT,
    "null": {"first_name": None},
    "empty": {"first_name": ""},
    "blank": {"first_name": "  "},
    "invisible": {"first_name": "\u200e\u202e"},
    "list": {"first_name": ["Ana"]},
    "mapping": {"first_name": {"given": "Ana"}},
    "text": {"first_name": "Ana"},
}
PLAIN = "Hi {{ person.first_name }}"
FALLBACK = "Hi {{ person.first_name | default: 'there' }}"
ASKED = "Hi{% if person.first_name %} you{% else %} there{% endif %}"
TABLE = [
    *((PLAIN, who, NO_NAME) for who in ("missing", "null", "empty", "blank", "invisible")),
    *((PLAIN, who, PRINTED_LIST) for who in ("list", "mapping")),
    *((FALLBACK, who, "Hi there") for who in ("missing", "null", "empty", "blank", "invisible")),
    *((FALLBACK, who, PRINTED_LIST) for who in ("list", "mapping")),
    *((ASKED, who, "Hi there") for who in ("missing", "null", "empty", "blank", "invisible")),
    *((ASKED, who, "Hi you") for who in ("list", "mapping", "text")),
    (PLAIN, "text", "Hi Ana"),
    (FALLBACK, "text", "Hi Ana"),
]


@pytest.mark.parametrize(("source", "who", "expected"), TABLE)
def test_absent_values_need_a_fallback(source: str, who: str, expected: str | Withheld) -> None:
    assert title_of(source, person=PEOPLE[who]) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ person.first_name | capitalize }}",
        "{{ person.first_name | append: '!' }}",
        "{{ 'Hi ' | append: person.first_name }}",
        "{{ person.first_name | size }}",
        "{{ person.nick | default: person.first_name }}",
        "{% assign name = person.first_name %}Hi {{ name }}",
        "{% assign name = person.first_name | upcase %}Hi {{ name | append: '!' }}",
        "{% capture name %}{{ person.first_name }}{% endcapture %}Hi {{ name }}",
        "{% echo person.first_name %}",
        "{% liquid echo person.first_name %}",
        "{% for part in person.first_name %}{{ part }}{% endfor %}",
    ],
)
@pytest.mark.parametrize("who", ["missing", "null", "empty", "blank"])
def test_no_detour_prints_an_absent_value(source: str, who: str) -> None:
    assert title_of(source, person=PEOPLE[who]) == NO_NAME


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ person.first_name | upcase | default: 'there' }}", "there"),
        ("{{ person.first_name | default: 'there' | upcase }}", "THERE"),
        ("Hi{{ person.first_name | default: '' }}", "Hi"),
        ("{% if person.first_name == blank %}no{% else %}yes{% endif %}", "no"),
        ("{% if person.first_name != blank %}yes{% else %}no{% endif %}", "no"),
        ("{% if person.first_name == '' %}no{% else %}yes{% endif %}", "no"),
        ("{% if person.first_name == nil %}no{% else %}yes{% endif %}", "no"),
        ("{% unless person.first_name %}no{% endunless %}", "no"),
        ("{% for part in person.first_name %}x{% else %}none{% endfor %}", "none"),
        ("{% assign n = person.first_name %}{{ n | default: 'there' }}", "there"),
        ("Hi{% assign end = '' %}{{ end }}", "Hi"),
        ("Hi{% capture vip %}{% if person.vip %} VIP{% endif %}{% endcapture %}{{ vip }}", "Hi"),
    ],
)
@pytest.mark.parametrize("who", ["missing", "null", "empty", "blank"])
def test_an_author_can_provide_for_absence(source: str, expected: str, who: str) -> None:
    assert title_of(source, person=PEOPLE[who]) == expected


def test_a_filter_that_leaves_nothing_counts_as_missing() -> None:
    left = title_of("Hi {{ person.first_name | remove: 'Ana' }}", person={"first_name": "Ana"})

    assert left == NO_NAME


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("{{ event.properties.venue.name }}", "event.properties.venue.name"),
        ("{{ event.items[3].name }}", "event.items[3].name"),
        ("{% for item in event.items %}{{ item.price }}{% endfor %}", "item.price"),
        ("{{ device.model }}", "device.model"),
        ("{{ now }}", "now"),
    ],
)
def test_the_detail_is_the_path_as_written(source: str, path: str) -> None:
    values = {"event": {"items": [{"name": "Shoe"}]}, "device": None}

    assert title_of(source, **values) == Withheld(WithheldCode.MISSING, path)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% abort_message 'Sold out' %}", "Sold out"),
        ('{% abort_message("wait ... no") %}', "wait ... no"),
        ("{% abort_message %}", ""),
        ("{% if person.vip %}Hi{% else %}{% abort_message 'not VIP' %}{% endif %}", "not VIP"),
        ("{% abort_message '" + "r" * 101 + "' %}", "r" * 100),
    ],
)
def test_an_author_can_abort_with_a_reason(source: str, reason: str) -> None:
    assert title_of(source, person={}) == Withheld(WithheldCode.ABORTED, reason)


def test_a_message_that_shows_nothing_is_not_sent() -> None:
    silent = Message(title="{% if person.vip %}Hi{% endif %}", body=" ")

    done = render(silent, {"person": {}}, allowed_schemes=())

    assert done == Withheld(WithheldCode.TEMPLATE_FAILED, Failure.EMPTY_MESSAGE)
