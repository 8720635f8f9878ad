"""A trace says what was seen and what came of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import Verdict, parse

UNHURRIED = settings(deadline=None)  # the machine may be busy

GUESTS = {"field": "event.properties.guests", "operator": "at_least", "value": 2}
CITY = {"field": "person.traits.city", "operator": "one_of", "value": ["Delft", "Leiden"]}
NESTED = {"a": [{"b": 1}]}


def facts(**properties: Any) -> dict[str, Any]:
    return {"event": {"name": "Seen", "properties": properties}, "person": {"traits": {}}}


def actual_of(seen: Any) -> Any:
    rule = parse({"combinator": "and", "rules": [GUESTS]})
    return rule.trace(facts(guests=seen))["rules"][0]["actual"]


def test_a_trace_is_the_tree_with_what_was_seen() -> None:
    group = {"combinator": "or", "not": True, "rules": [CITY]}
    rule = parse({"combinator": "and", "rules": [GUESTS, group]})

    trace = rule.trace(facts(guests=3))

    assert trace == {
        "combinator": "and",
        "not": False,
        "verdict": "unknown",
        "rules": [
            {
                **GUESTS,
                "actual": 3,
                "verdict": "match",
                "sentence": "guests is at least 2",
            },
            {
                "combinator": "or",
                "not": True,
                "verdict": "unknown",
                "rules": [
                    {
                        **CITY,
                        "verdict": "unknown",
                        "sentence": 'person\'s city is one of "Delft", "Leiden"',
                    }
                ],
            },
        ],
    }


def test_the_rule_that_always_matches_has_a_trace() -> None:
    trace = parse(None).trace({})

    assert trace == {"combinator": "and", "not": False, "verdict": "match", "rules": []}


def test_every_leaf_is_shown_even_when_the_first_decides() -> None:
    rule = parse({"combinator": "and", "rules": [GUESTS, CITY]})

    trace = rule.trace(facts(guests=1))

    assert [leaf["verdict"] for leaf in trace["rules"]] == ["no_match", "unknown"]


SHOWN = [
    (None, None),
    (True, True),
    (2.5, 2.5),
    ("x" * 500, "x" * 99 + "…"),
    ("a\0b\u202ec", "a\ufffdb\ufffdc"),
    (float("nan"), "nan"),
    (float("inf"), "inf"),
    (10**400, "a number beyond 64 bits"),
    (["vip", 5], '["vip", 5]'),
    (NESTED, '{"a": [{"b": 1}]}'),
    (list(range(1000)), json.dumps(list(range(1000)))[:99] + "…"),
    ({("odd", "key"): 1}, "a dict"),
    (datetime(2026, 3, 1, 9, 0, tzinfo=UTC), "2026-03-01T09:00:00+00:00"),
]


@pytest.mark.parametrize(("seen", "shown"), SHOWN)
def test_what_was_seen_is_cut_and_fit_for_a_database(seen, shown) -> None:
    assert actual_of(seen) == shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@UNHURRIED
@given(JSON, st.sampled_from(["and", "or"]), st.booleans())
def test_the_trace_is_json_and_agrees_with_the_verdict(seen, combinator, negated) -> None:
    rule = parse({"combinator": combinator, "not": negated, "rules": [GUESTS, CITY]})
    known = facts(guests=seen)

    trace = rule.trace(known)

    assert json.loads(json.dumps(trace, allow_nan=False)) == trace
    assert Verdict(trace["verdict"]) is rule.verdict(known)
