"""No template and no value can make a message slow, huge, or an exception."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.content import Failure, Rendered, Withheld, WithheldCode, render
from campaigns.content.template import read
from campaigns.definition import Message

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HUGE = 10**9
VALUES: dict[str, Any] = {
    "now": NOW,
    "person": {"first_name": "Ana", "age": "17", "n": HUGE},
    "event": {
        "n": HUGE,
        "x": 10**12,
        "big": "x" * 100_000,
        "float": 1.5e308,
        "many": list(range(201)),
        "full": list(range(200)),
        "digits": 10**5000,
        "items": [{"name": "Shoe"}, {"name": "Sock"}],
        "nested": {"a": [1]},
    },
}


def title_of(source: str, values: dict[str, Any] | None = None) -> str | Withheld:
    message = Message(title=source, body="body")
    done = render(message, VALUES if values is None else values, allowed_schemes=())
    return done.title if isinstance(done, Rendered) else done


def failed(failure: Failure) -> Withheld:
    return Withheld(WithheldCode.TEMPLATE_FAILED, failure)


REPLACED = " | ".join(
    f"replace: '{old}', '{new * 1000}'" for old, new in [("x", "y"), ("y", "z"), ("z", "w")]
)
EVERY_TURN = "{% for i in (1..200) %}{% endfor %}"
ATTACKS = [
    ("{{ (1..100000000) | join: '' | size }}", Failure.RANGE_OUTSIDE_FOR),
    ("{{ (1..event.n) | join }}", Failure.RANGE_OUTSIDE_FOR),
    ("{{ (1..10000000) | first }}", Failure.RANGE_OUTSIDE_FOR),
    ("{{ (1..100000000) }}", Failure.RANGE_OUTSIDE_FOR),
    ("{% assign r = (1..100000000) %}{{ r }}", Failure.RANGE_OUTSIDE_FOR),
    ("{% if (1..100000000) contains 5 %}y{% endif %}", Failure.RANGE_OUTSIDE_FOR),
    ("{% if (1..100000000) contains 'a' %}y{% endif %}", Failure.RANGE_OUTSIDE_FOR),
    ("{% case (1..9) %}{% when 1 %}y{% endcase %}", Failure.RANGE_OUTSIDE_FOR),
    ("{% for i in (1..event.n) %}x{% endfor %}", Failure.RANGE_TOO_LONG),
    ("{% for i in (1..100000000) limit:3 %}{{i}}{% endfor %}", Failure.RANGE_TOO_LONG),
    ("{% for i in (1..100000000) reversed %}{{i}}{% endfor %}", Failure.RANGE_TOO_LONG),
    ("{% for i in (1..100000000) offset:99999990 %}x{% endfor %}", Failure.RANGE_TOO_LONG),
    (EVERY_TURN * 2, Failure.TOO_MUCH_WORK),
    ("{% for i in (1..20) %}" + EVERY_TURN + "{% endfor %}", Failure.TOO_MUCH_WORK),
    ("{% for i in (1..200) %}{{ event.full | size }}{% endfor %}", Failure.TOO_MUCH_WORK),
    ("{% for i in (1..99) %}" + "x" * 100 + "{% endfor %}", Failure.OUTPUT_TOO_LONG),
    ("{{ 'x' | " + REPLACED + " | size }}", Failure.TEXT_TOO_LONG),
    ("{{ '" + "x" * 2000 + "' | replace: '', 'y' }}", Failure.TEXT_TOO_LONG),
    ("{{ '" + "x" * 2049 + "' | upcase }}", Failure.TEXT_TOO_LONG),
    ("{{ '" + "x" * 300 + "' | split: '' | size }}", Failure.LIST_TOO_LONG),
    ("{{ event.many | size }}", Failure.LIST_TOO_LONG),
    ("{{ event.full | concat: event.full | size }}", Failure.LIST_TOO_LONG),
    ("{{ event.x | times: event.x }}", Failure.NUMBER_TOO_BIG),
    ("{{ event.digits }}", Failure.NUMBER_TOO_BIG),
    ("{{ event.float | times: 10 }}", Failure.NUMBER_TOO_BIG),
    ("{{ 'now' | date: '%999999999Y' | size }}", Failure.DATE_PATTERN),
    ("{{ '%' | date: '%Y' }}", Failure.NOT_A_DATE),
    ("{{ event.nested | date: '%Y' }}", Failure.NOT_A_NUMBER),
    ("{{ person.first_name | times: 2 }}", Failure.NOT_A_NUMBER),
    ("{{ 1 | divided_by: 0 }}", Failure.WRONG_TYPE),
    ("{% if person.age > 18 %}y{% endif %}", Failure.WRONG_TYPE),
    ("{{ event.nested | upcase }}", Failure.LIST_PRINTED),
    ("{{ event.items | join }}", Failure.LIST_PRINTED),
    ("{% include 'x' %}", Failure.UNKNOWN_TAG),
    ("{% render 'x' %}", Failure.UNKNOWN_TAG),
    ("{{ person.first_name | base64_encode }}", Failure.UNKNOWN_FILTER),
    ("{{ person.first_name", Failure.TEMPLATE_UNREADABLE),
    ("{{" + " " * 3000, Failure.TEMPLATE_UNREADABLE),
    ("{% if a %}" * 300, Failure.TEMPLATE_UNREADABLE),
    ("{% if 1 " + "and 1 " * 600 + "%}y{% endif %}", Failure.TEMPLATE_UNREADABLE),
    ("{{ today }}", Failure.UNKNOWN_NAME),
    ("{% assign person = 1 %}", Failure.RESERVED_NAME),
    ("x" * 4097, Failure.TEMPLATE_TOO_LONG),
]


@pytest.mark.parametrize(("source", "failure"), ATTACKS)
def test_every_attack_ends_by_name(source: str, failure: Failure) -> None:
    assert title_of(source) == failed(failure)


def test_python_objects_stay_closed() -> None:
    for path in ("__class__", "__class__.__mro__", "items.append", "nested.keys"):
        assert title_of(f"{{{{ event.{path} }}}}") == Withheld(
            WithheldCode.MISSING, f"event.{path}"
        )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% for i in (1..5) reversed limit:3 %}{{ i }}{% endfor %}", "321"),
        ("{{ event.items | map: 'name' | join: ', ' }}", "Shoe, Sock"),
        ("{{ event.items.size }} {{ event.items.first.name }}", "2 Shoe"),
        ("{% for i in event.items %}{{ i.name }}{% unless forloop.last %}, {% endunless %}"
         "{% endfor %}", "Shoe, Sock"),
        ("{{ 10 | times: 1.21 | round: 2 }}", "12.1"),
        ("{{ person.age | plus: 1 }}", "18"),
        ("{{ 'now' | date: '%-d %B %Y' }} {{ now | date: '%H:%M' }}", "21 November 2026 10:00"),
        ("{{ '2026-11-21' | date: '%d %b' }} {{ 0 | date: '%Y' }}", "21 Nov 1970"),
        ("{{ 'a-b' | split: '-' | reverse | join: '+' }}", "b+a"),
        ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ y }}{% endcomment %}", "{{ x }}"),
        ("{{ true }} {{ 1.5 }} {{ nil }}!", "true 1.5 !"),
    ],
)  # fmt: skip
def test_what_authors_need_still_works(source: str, expected: str) -> None:
    assert title_of(source) == expected


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("a\x00b\x1b\x7f\x9fc", "abc"),
        ("\u202aa\u202bb\u202cc\u202dd\u202ee", "abcde"),
        ("\u2066a\u2067b\u2068c\u2069d\u200ee\u200ff", "abcdef"),
        ("\ud800x", "x"),
        ("Zoë 👩\u200d🚀", "Zoë 👩\u200d🚀"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "source",
    [
        "{{ event.v }}",
        "{{ event.list | join }}",
        "{{ event.list[0] }}",
        "{% for v in event.list %}{{ v }}{% endfor %}",
        "{% for pair in event.keys %}{{ pair[0] }}{% endfor %}",
        "{% assign v = event.v %}{{ v }}",
    ],
)
def test_values_arrive_short_on_one_line_and_harmless(source: str, sent: str, shown: str) -> None:
    event = {"v": sent, "list": [sent], "keys": {sent: 1}}

    assert title_of(source, {"event": event}) == shown


def test_a_template_is_parsed_once_and_plain_text_never() -> None:
    assert read("Hi {{ person.x }}") is read("Hi {{ person.x }}")
    assert read("Hi there").parsed is None


def test_an_authors_own_words_are_not_cut() -> None:
    words = "word " * 30 + "end"

    assert title_of("{{ event.v | default: '" + words + "' }}", {"event": {}}) == words
    assert title_of("{{ '" + words + "' }}") == words


def test_a_template_inside_a_value_is_only_text() -> None:
    assert title_of("{{ event.v }}", {"event": {"v": "{{ person.x }}"}}) == "{{ person.x }}"


TEMPLATES = [
    "{{ event.v }}",
    "{{ event.v.w | default: 'x' }}",
    "{{ event.v | upcase | truncate: 5 | split: event.w | first }}",
    "{{ event.v | times: event.w | plus: 1 | round: event.w }}",
    "{{ event.v | divided_by: event.w }}{{ event.v | modulo: event.w }}",
    "{{ event.v | ceil }}{{ event.v | floor }}{{ event.v | abs }}{{ event.v | at_least: event.w }}",
    "{{ event.v | sort | join: event.w }}{{ event.v | sort_natural | uniq | size }}",
    "{{ event.v | where: 'w', event.w | map: 'w' | compact | last }}{{ event.v | sort: 'w' }}",
    "{{ event.v | sum }}{{ event.v | sum: 'w' }}{{ event.v | concat: event.w | reverse | join }}",
    "{{ event.v | date: event.w }}{{ event.w | date: '%Y' }}",
    "{{ event.v | slice: event.w, 3 }}{{ event.v | slice: event.w }}",
    "{{ event.v | replace: event.w, 'x' }}{{ event.v | truncatewords: event.w }}",
    "{{ event.v | strip_html | escape }}{{ event.v | remove_last: 'x' }}",
    "{{ event[event.v] }}{{ event.v[event.w] }}{{ event.v.size }}{{ event.v.first }}",
    "{% if event.v > event.w %}a{% elsif event.v contains event.w %}b{% endif %}",
    "{% if event.v == blank or event.w != empty or event.v <= event.w %}a{% endif %}",
    "{% case event.v %}{% when event.w %}a{% when 'x', 1 %}b{% else %}c{% endcase %}",
    "{% for i in event.v limit: event.w offset: event.w %}{{ i }}{% else %}-{% endfor %}",
    "{% for i in (event.v..event.w) reversed %}{{ i }}{% endfor %}",
    "{% assign a = event.v %}{{ a.w }}{% capture c %}{{ a }}{% endcapture %}{{ c }}",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(0, 9).map(lambda n: 10**5000 + n),
    st.floats(),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=30),
    st.sampled_from(["1", "-1", "nan", "1e999", "now", "%Y", "size", "first", "x" * 5000]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["v", "w", "size", "first", "\u202e"]), inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(source=st.sampled_from(TEMPLATES), v=ANYTHING, w=ANYTHING, link=st.booleans())
def test_no_value_from_outside_ever_raises(source: str, v: Any, w: Any, link: bool) -> None:
    message = Message(title="t", body=source, deep_link="myapp://x/" + source if link else "")

    done = render(message, {"event": {"v": v, "w": w}}, allowed_schemes=["myapp"])

    assert isinstance(done, Rendered | Withheld)
    if isinstance(done, Withheld):
        assert done.code in WithheldCode
        assert len(done.detail) <= 100
