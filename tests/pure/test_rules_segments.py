"""Rules about people that other rules ask by name."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_rules_kleene import groups
from triggers.rules import (
    MAX_SEGMENT_CHAIN,
    PastEvents,
    Rule,
    RuleError,
    Verdict,
    check_cycles,
    parse,
)

UNHURRIED = settings(deadline=None)  # the machine may be busy

YES, NO, UNKNOWN = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNKNOWN
NOW = datetime(2026, 3, 11, 22, 30, tzinfo=UTC)  # a Wednesday, Thursday in Tokyo
CITY = {"field": "person.traits.city", "operator": "equals", "value": "Delft"}
VENUE = {"field": "event.properties.venue", "operator": "equals", "value": "Utrecht"}
BOUGHT = {
    "field": "history.count",
    "operator": "equals",
    "value": 0,
    "of": {"event": "Bought", "window": {"calendar": "day"}},
}


def group(*rules: dict[str, Any], combinator: str = "and") -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(rules)}


def inside(key: str, operator: str = "is_true") -> dict[str, Any]:
    return {"field": f"segment.{key}", "operator": operator}


def segment(*rules: dict[str, Any], combinator: str = "and") -> Rule:
    return parse(group(*rules, combinator=combinator), scope="segment")


def facts(city: Any, **segments: Rule) -> dict[str, Any]:
    return {"person": {"traits": {"city": city}}, "now": NOW, "segments": segments}


MEMBERS = [
    ("Delft", "is_true", YES),
    ("Delft", "is_false", NO),
    ("Leiden", "is_true", NO),
    ("Leiden", "is_false", YES),
    (None, "is_true", UNKNOWN),
    (None, "is_false", UNKNOWN),
]


@pytest.mark.parametrize(("city", "operator", "verdict"), MEMBERS)
def test_a_segment_is_asked_with_the_facts_of_the_person(city, operator, verdict) -> None:
    rule = parse(group(inside("locals", operator)))

    assert rule.verdict(facts(city, locals=segment(CITY))) is verdict
    assert rule.segments == {"locals"}


@pytest.mark.parametrize("known", [{}, {"segments": None}, {"segments": {"other": parse(None)}}])
@pytest.mark.parametrize("operator", ["is_true", "is_false"])
def test_a_segment_that_is_not_there_is_unknown(operator, known) -> None:
    assert parse(group(inside("locals", operator))).verdict(known) is UNKNOWN


def test_a_segment_sees_the_history_and_the_zone() -> None:
    known = facts("Delft", idle=segment(BOUGHT)) | {"zone": ZoneInfo("Europe/Amsterdam")}

    rule = parse(group(inside("idle")))

    assert rule.verdict(known) is UNKNOWN
    assert rule.verdict(known | {"history": {"Bought": PastEvents((), complete=True)}}) is YES


def test_a_segment_never_sees_the_triggering_event() -> None:
    """Even where a trigger's rule was stored as a segment."""
    known = facts("Delft", odd=parse(group(VENUE))) | {
        "event": {"properties": {"venue": "Utrecht"}}
    }

    assert parse(group(inside("odd"))).verdict(known) is UNKNOWN


REFUSED = [
    (VENUE, "/rules/0/field"),
    ({**VENUE, "field": "event.name"}, "/rules/0/field"),
    ({**VENUE, "field": "device.platform"}, "/rules/0/field"),
    (
        {**BOUGHT, "of": {"event": "Bought", "join": [{"property": "a", "equals": "b"}]}},
        "/rules/0/of/join",
    ),
]


@pytest.mark.parametrize(("test", "pointer"), REFUSED)
def test_a_segment_cannot_be_about_the_triggering_event(test, pointer) -> None:
    with pytest.raises(RuleError, match="segment") as caught:
        parse(group(test), scope="segment")

    assert caught.value.pointer == pointer


def test_a_nested_rule_of_a_segment_may_ask_the_past_event() -> None:
    nested = {**BOUGHT, "of": {"event": "Bought", "where": group(VENUE)}}

    assert segment(nested).history[0].where


CYCLES: list[tuple[dict[str, list[str]], list[tuple[str, ...]]]] = [
    ({}, []),
    ({"a": ["b"], "b": ["c"], "c": []}, []),
    ({"a": ["gone"]}, []),
    ({"a": ["a"]}, [("a",)]),
    ({"a": ["b"], "b": ["a"]}, [("a", "b")]),
    ({"b": ["c"], "c": ["d"], "d": ["b"], "a": ["b"]}, [("b", "c", "d")]),
    ({"a": ["b", "d"], "b": ["a"], "c": ["c"], "d": ["a"]}, [("a", "b"), ("a", "d"), ("c",)]),
]


@pytest.mark.parametrize(("asks", "cycles"), CYCLES)
def test_segments_that_lead_back_to_themselves_are_named(asks, cycles) -> None:
    rules = {key: segment(*map(inside, asked)) for key, asked in asks.items()}

    assert check_cycles(rules) == cycles


def test_a_long_chain_is_no_cycle() -> None:
    rules = {f"s{at}": segment(inside(f"s{at + 1}")) for at in range(3_000)}

    assert check_cycles(rules) == []


def test_a_cycle_that_nobody_checked_is_unknown() -> None:
    known = facts("Delft", a=segment(inside("b", "is_false")), b=segment(inside("a")))

    assert parse(group(inside("a"))).verdict(known) is UNKNOWN


def test_a_chain_of_segments_has_an_end() -> None:
    chain = {f"s{at}": segment(inside(f"s{at + 1}")) for at in range(1, MAX_SEGMENT_CHAIN)}
    known = facts("Delft", **chain, **{f"s{MAX_SEGMENT_CHAIN}": segment(CITY)})

    assert parse(group(inside("s1"))).verdict(known) is YES
    assert parse(group(inside("s0"))).verdict(
        known | {"segments": {**known["segments"], "s0": segment(inside("s1"))}}
    ) is UNKNOWN  # fmt: skip


def test_many_ways_to_one_segment_cost_no_more_than_one() -> None:
    asked = []

    class Counting(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    twice = {f"s{at}": segment(*[inside(f"s{at + 1}")] * 50) for at in range(1, 8)}
    known = facts("Delft", **twice, s8=segment(CITY))
    known["person"] = Counting(known["person"])

    assert parse(group(inside("s1"))).verdict(known) is YES
    assert len(asked) == 1


ASKED = st.sampled_from(
    [inside("a"), inside("a", "is_false"), inside("b"), inside("b", "is_false")]
)


@UNHURRIED
@given(groups(ASKED))
def test_a_rule_about_unknown_segments_never_fires(document) -> None:
    known = facts(None, a=segment(CITY), b=segment(inside("b", "is_false")))

    assert parse(document).verdict(known) is UNKNOWN


LOCAL = [
    ("local.hour", "UTC", 22),
    ("local.hour", "Asia/Kathmandu", 4),
    ("local.weekday", "UTC", 3),
    ("local.weekday", "Asia/Tokyo", 4),
]


@pytest.mark.parametrize(("name", "zone", "value"), LOCAL)
def test_the_local_clock_is_that_of_the_zone(name, zone, value) -> None:
    leaf = {"field": name, "operator": "equals", "value": value}
    known = {"now": NOW, "zone": ZoneInfo(zone)}

    assert parse(group(leaf)).verdict(known) is YES
    assert segment(leaf).verdict(known) is YES


@pytest.mark.parametrize("known", [{}, {"now": NOW}, {"zone": UTC}, {"now": NOW, "zone": "UTC"}])
@pytest.mark.parametrize("name", ["local.hour", "local.weekday"])
def test_without_a_zone_the_local_clock_is_unknown(name, known) -> None:
    leaf = {"field": name, "operator": "at_least", "value": 0}

    assert parse(group(leaf)).verdict(known) is UNKNOWN
