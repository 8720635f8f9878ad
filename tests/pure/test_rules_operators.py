"""Every operator against facts that match, that do not, and that say nothing."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from triggers.rules import OPERATORS, Verdict, parse

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
YES, NO, UNKNOWN = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNKNOWN
NAN, INFINITY = float("nan"), float("inf")
HUGE = 10**400
MISSING = object()
NOON = "2026-03-10T12:00:00Z"
CET = timezone(timedelta(hours=1))


def judge(operator: str, value: Any, fact: Any) -> Verdict:
    properties = {} if fact is MISSING else {"it": fact}
    rule = {"field": "event.properties.it", "operator": operator, "value": value}
    facts = {"event": {"name": "Seen", "properties": properties}, "now": NOW}
    return parse({"combinator": "and", "rules": [rule]}).verdict(facts)


# operator, value, fact, verdict; missing, null, NaN and infinity follow below for all of them.
TABLE = [
    ("equals", "Utrecht", "Utrecht", YES),
    ("equals", "Utrecht", "utrecht", NO),
    ("equals", "", "", YES),
    ("equals", "1", 1, UNKNOWN),
    ("equals", 1, "1", UNKNOWN),
    ("equals", 1, 1.0, YES),
    ("equals", 1, True, UNKNOWN),
    ("equals", True, True, YES),
    ("equals", True, False, NO),
    ("equals", True, 1, UNKNOWN),
    ("equals", False, 0, UNKNOWN),
    ("equals", 5, HUGE, NO),
    ("equals", "a", ["a"], UNKNOWN),
    ("equals", "a", {"a": 1}, UNKNOWN),
    ("not_equals", "Utrecht", "Delft", YES),
    ("not_equals", "Utrecht", "Utrecht", NO),
    ("not_equals", "Utrecht", 5, UNKNOWN),
    ("not_equals", 5, True, UNKNOWN),
    ("not_equals", 5, HUGE, YES),
    ("one_of", ["NL", "BE"], "BE", YES),
    ("one_of", ["NL", "BE"], "be", NO),
    ("one_of", ["NL", "BE"], 3, UNKNOWN),
    ("one_of", [1, 2], 2.0, YES),
    ("one_of", [1, 2], True, UNKNOWN),
    ("one_of", [1, 2], HUGE, NO),
    ("one_of", ["NL"], ["NL"], UNKNOWN),
    ("not_one_of", ["NL", "BE"], "DE", YES),
    ("not_one_of", ["NL", "BE"], "NL", NO),
    ("not_one_of", ["NL", "BE"], 3, UNKNOWN),
    ("not_one_of", [1, 2], HUGE, YES),
    ("more_than", 50, 50.5, YES),
    ("more_than", 50, 50, NO),
    ("more_than", 50, "79", UNKNOWN),
    ("more_than", 0, True, UNKNOWN),
    ("more_than", 50, HUGE, YES),
    ("more_than", 50, [79], UNKNOWN),
    ("less_than", 50, 49, YES),
    ("less_than", 50, 50, NO),
    ("less_than", 50, "", UNKNOWN),
    ("less_than", 50, HUGE, NO),
    ("at_least", 50, 50, YES),
    ("at_least", 50, 49.9, NO),
    ("at_least", 50, "79", UNKNOWN),
    ("at_least", 50, HUGE, YES),
    ("at_most", 50, 50, YES),
    ("at_most", 50, 50.1, NO),
    ("at_most", 50, False, UNKNOWN),
    ("at_most", 50, -HUGE, YES),
    ("between", [1, 3], 1, YES),
    ("between", [1, 3], 3, YES),
    ("between", [1, 3], 3.1, NO),
    ("between", [1, 3], "2", UNKNOWN),
    ("between", [1, 3], HUGE, NO),
    ("contains", "trec", "UTRECHT", YES),
    ("contains", "STRASSE", "Lange Straße 4", YES),
    ("contains", "trec", "Delft", NO),
    ("contains", "vip", ["vip"], UNKNOWN),
    ("contains", "5", 5, UNKNOWN),
    ("contains", "z", "a" * 1_000_000, NO),
    ("not_contains", "trec", "Delft", YES),
    ("not_contains", "trec", "UTRECHT", NO),
    ("not_contains", "trec", 5, UNKNOWN),
    ("not_contains", "z", "a" * 1_000_000, YES),
    ("starts_with", "ut", "Utrecht", YES),
    ("starts_with", "recht", "Utrecht", NO),
    ("starts_with", "5", 55, UNKNOWN),
    ("starts_with", "z", "a" * 1_000_000, NO),
    ("ends_with", "RECHT", "Utrecht", YES),
    ("ends_with", "ut", "Utrecht", NO),
    ("ends_with", "5", 55, UNKNOWN),
    ("ends_with", "a", "a" * 1_000_000, YES),
    ("matches", "^NL[0-9]{4}$", "NL1234", YES),
    ("matches", "[0-9]{2}", "route 66 west", YES),
    ("matches", "utrecht", "Utrecht", NO),
    ("matches", "(?i)utrecht", "Utrecht", YES),
    ("matches", "^.$", "é", YES),
    ("matches", "a$", "", NO),
    ("matches", "x", "a\ud800x", YES),
    ("matches", "5", 5, UNKNOWN),
    ("matches", "vip", ["vip"], UNKNOWN),
    ("matches", "a", "a" * 4_096, YES),
    ("matches", "a", "a" * 4_097, UNKNOWN),
    ("has", "vip", ["new", "vip"], YES),
    ("has", "vip", ["VIP"], NO),
    ("has", "vip", [], NO),
    ("has", "vip", "vip-lounge", UNKNOWN),
    ("has", "vip", {"vip": True}, UNKNOWN),
    ("has", "5", [5], UNKNOWN),
    ("has", "vip", [None, "vip"], YES),
    ("has", "vip", [None, "new"], UNKNOWN),
    ("has", 1, [True], UNKNOWN),
    ("has", 1, [NAN, 1], YES),
    ("has", 1, [NAN], UNKNOWN),
    ("has", 1, [HUGE], NO),
    ("has", "vip", ["x"] * 100_000, NO),
    ("has_any", ["vip", "gold"], ["gold"], YES),
    ("has_any", ["vip", "gold"], ["new"], NO),
    ("has_any", ["vip", "gold"], [], NO),
    ("has_any", ["vip", "gold"], "gold", UNKNOWN),
    ("has_any", ["vip", "gold"], ["new", ["vip"]], UNKNOWN),
    ("has_any", [1, 2], [HUGE], NO),
    ("has_all", ["vip", "gold"], ["gold", "x", "vip"], YES),
    ("has_all", ["vip", "gold"], ["gold"], NO),
    ("has_all", ["vip", "gold"], [], NO),
    ("has_all", ["vip", "gold"], "vip gold", UNKNOWN),
    ("has_all", ["vip", "gold"], ["gold", 5], UNKNOWN),
    ("has_all", [1, 2], [HUGE], NO),
    ("before", NOON, "2026-03-10T11:59:59Z", YES),
    ("before", NOON, NOON, NO),
    ("before", NOON, "2026-03-10T12:30:00+01:00", YES),
    ("before", NOON, date(2026, 3, 10), YES),
    ("before", NOON, "2026-03-11", NO),
    ("before", NOON, datetime(2026, 3, 10, 12, 30, tzinfo=CET), YES),
    ("before", NOON, "2026-03-10T11:00:00", UNKNOWN),
    ("before", NOON, datetime(2026, 3, 10, 11, 0), UNKNOWN),  # noqa: DTZ001 - the point of it
    ("before", NOON, "soon", UNKNOWN),
    ("before", NOON, "2026-13-45", UNKNOWN),
    ("before", NOON, 1_772_000_000, UNKNOWN),
    ("before", NOON, HUGE, UNKNOWN),
    ("after", NOON, "2026-03-10T12:00:01Z", YES),
    ("after", NOON, NOON, NO),
    ("after", "2026-03-10", date(2026, 3, 11), YES),
    ("after", "2026-03-10", date(2026, 3, 10), NO),
    ("after", NOON, True, UNKNOWN),
    ("after", NOON, "9999-12-31T23:59:59-12:00", YES),
    ("after", NOON, HUGE, UNKNOWN),
    ("within_last", {"n": 3, "unit": "days"}, "2026-03-07T12:00:00Z", YES),
    ("within_last", {"n": 3, "unit": "days"}, NOW, YES),
    ("within_last", {"n": 3, "unit": "days"}, "2026-03-07T11:59:59Z", NO),
    ("within_last", {"n": 3, "unit": "days"}, "2026-03-10T12:00:01Z", NO),
    ("within_last", {"n": 30, "unit": "minutes"}, "2026-03-10T11:31:00Z", YES),
    ("within_last", {"n": 1, "unit": "hours"}, 5, UNKNOWN),
    ("within_last", {"n": 1, "unit": "hours"}, "0001-01-01T00:00:00+14:00", NO),
    ("within_last", {"n": 1, "unit": "hours"}, HUGE, UNKNOWN),
    ("within_next", {"n": 2, "unit": "hours"}, "2026-03-10T14:00:00Z", YES),
    ("within_next", {"n": 2, "unit": "hours"}, NOW, YES),
    ("within_next", {"n": 2, "unit": "hours"}, "2026-03-10T14:00:01Z", NO),
    ("within_next", {"n": 2, "unit": "hours"}, "2026-03-10T11:59:59Z", NO),
    ("within_next", {"n": 2, "unit": "hours"}, ["2026-03-10"], UNKNOWN),
    ("within_next", {"n": 2, "unit": "hours"}, HUGE, UNKNOWN),
    ("is_set", None, "x", YES),
    ("is_set", None, "", YES),
    ("is_set", None, 0, YES),
    ("is_set", None, False, YES),
    ("is_set", None, [], YES),
    ("is_set", None, HUGE, YES),
    ("is_not_set", None, "x", NO),
    ("is_not_set", None, "", NO),
    ("is_not_set", None, HUGE, NO),
    ("is_true", None, True, YES),
    ("is_true", None, False, NO),
    ("is_true", None, 1, UNKNOWN),
    ("is_true", None, "true", UNKNOWN),
    ("is_true", None, HUGE, UNKNOWN),
    ("is_false", None, False, YES),
    ("is_false", None, True, NO),
    ("is_false", None, 0, UNKNOWN),
    ("is_false", None, HUGE, UNKNOWN),
]
ROWS = [f"{row[0]}-{at}" for at, row in enumerate(TABLE)]
PRESENCE = {"is_set", "is_not_set"}
A_VALUE = {operator: value for operator, value, _fact, _verdict in TABLE}


@pytest.mark.parametrize(("operator", "value", "fact", "verdict"), TABLE, ids=ROWS)
def test_operator_gives_its_verdict(operator, value, fact, verdict) -> None:
    assert judge(operator, value, fact) is verdict


@pytest.mark.parametrize("fact", [MISSING, None, NAN, INFINITY, -INFINITY, {}, object()])
@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - PRESENCE))
def test_a_fact_that_says_nothing_is_unknown(operator, fact) -> None:
    assert judge(operator, A_VALUE[operator], fact) is UNKNOWN


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_number_beyond_all_bounds_breaks_nothing(operator) -> None:
    assert judge(operator, A_VALUE[operator], HUGE) in Verdict
    assert judge(operator, A_VALUE[operator], [HUGE]) in Verdict


@pytest.mark.parametrize(("fact", "is_there"), [(MISSING, NO), (None, NO), (NAN, YES), ({}, YES)])
def test_only_is_set_and_is_not_set_look_at_absence(fact, is_there) -> None:
    assert judge("is_set", None, fact) is is_there
    assert judge("is_not_set", None, fact) is {YES: NO, NO: YES}[is_there]


def test_the_table_covers_every_operator() -> None:
    needed = {YES, NO, UNKNOWN}

    shown = {name: {row[3] for row in TABLE if row[0] == name} for name in OPERATORS}

    assert {name for name in set(OPERATORS) - PRESENCE if shown[name] != needed} == set()


@pytest.mark.parametrize("now", [None, MISSING, datetime(2026, 3, 10), "noon"])  # noqa: DTZ001
def test_without_an_aware_now_a_relative_date_is_unknown(now) -> None:
    leaf = {"field": "person.first_seen_at", "operator": "within_last"}
    rule = parse({"combinator": "and", "rules": [leaf | {"value": {"n": 1, "unit": "days"}}]})
    facts = {"person": {"first_seen_at": NOW}} | ({} if now is MISSING else {"now": now})

    assert rule.verdict(facts) is UNKNOWN


def test_the_table_tells_the_builder_whether_capitals_matter() -> None:
    exact = {name for name, row in OPERATORS.items() if "capitals matter" in row.label}
    loose = {name for name, row in OPERATORS.items() if "capitals do not matter" in row.label}

    lists = {"has", "has_any", "has_all"}
    assert exact == {"equals", "not_equals", "one_of", "not_one_of", "matches"} | lists
    assert loose == {"contains", "not_contains", "starts_with", "ends_with"}
