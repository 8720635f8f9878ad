"""What a rule can ask of past events, and what it says where it cannot know."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_rules_kleene import groups
from triggers.rules import MEASURES, PastEvent, PastEvents, Verdict, parse

UNHURRIED = settings(deadline=None)  # the machine may be busy

YES, NO, UNKNOWN = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNKNOWN
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # a Wednesday
BOUGHT = "Order Completed"
MONTH = {"n": 30, "unit": "days"}
BIG = {
    "combinator": "and",
    "rules": [{"field": "event.properties.total", "operator": "more_than", "value": 50}],
}
SAME_CART = [{"property": "cart_id", "equals": "event.properties.cart_id"}]


def bought(ago: timedelta, **properties: Any) -> PastEvent:
    return PastEvent(BOUGHT, properties, {"app": {"name": "shop"}}, NOW - ago)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def leaf(measure: str, operator: str, value: Any = None, **of: Any) -> dict[str, Any]:
    if MEASURES[f"history.{measure}"].of == "property":
        of = {"property": "total", **of}
    field = {"field": f"history.{measure}", "operator": operator, "value": value}
    return {**field, "of": {"event": BOUGHT, **of}}


def facts(*past: PastEvent, complete: bool = True, **cart: Any) -> dict[str, Any]:
    return {
        "event": {"name": "Cart Left", "properties": cart, "context": {}},
        "now": NOW,
        "history": {BOUGHT: PastEvents(past, complete)},
    }


def judge(test: dict[str, Any], known: dict[str, Any]) -> Verdict:
    return parse({"combinator": "and", "rules": [test]}).verdict(known)


def trace(test: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    whole = parse({"combinator": "and", "rules": [test]}).trace(known)
    found: dict[str, Any] = whole["rules"][0]
    return found


THREE = (bought(days(1), total=80), bought(days(10), total=20), bought(days(40), total=50.5))
# One purchase over 50, one without a total, one of 20.
MIXED = (bought(days(1), total=80), bought(days(2)), bought(days(3), total=20))
MEASURED = [
    ("count", "equals", 3, YES),
    ("count", "at_least", 4, NO),
    ("count", "between", [1, 3], YES),
    ("count", "not_one_of", [2, 4], YES),
    ("sum", "equals", 150.5, YES),
    ("sum", "less_than", 150.5, NO),
    ("min", "equals", 20, YES),
    ("max", "equals", 80, YES),
    ("max", "is_set", None, YES),
    ("first", "equals", 50.5, YES),
    ("last", "equals", 80, YES),
    ("last", "contains", "8", UNKNOWN),
    ("first_at", "before", "2026-02-01", YES),
    ("last_at", "within_last", {"n": 1, "unit": "days"}, YES),
    ("last_at", "within_last", {"n": 23, "unit": "hours"}, NO),
]


@pytest.mark.parametrize(("measure", "operator", "value", "verdict"), MEASURED)
def test_each_measure_of_known_events(measure, operator, value, verdict) -> None:
    assert judge(leaf(measure, operator, value), facts(*THREE)) is verdict


def test_the_table_covers_every_measure() -> None:
    assert {f"history.{row[0]}" for row in MEASURED} == set(MEASURES)


NOTHING = [
    ("count", "equals", 0, YES),
    ("sum", "equals", 0, YES),
    *((measure, "more_than", -1, UNKNOWN) for measure in ("min", "max", "first", "last")),
    ("first_at", "before", "2030-01-01", UNKNOWN),
    ("last_at", "within_last", MONTH, UNKNOWN),
    ("last_at", "is_not_set", None, YES),
    ("max", "is_set", None, NO),
]


@pytest.mark.parametrize(("measure", "operator", "value", "verdict"), NOTHING)
def test_of_nothing_there_is_a_count_and_a_sum_and_no_more(
    measure, operator, value, verdict
) -> None:
    assert judge(leaf(measure, operator, value), facts()) is verdict


WINDOWS = [
    (None, 6),
    ({"n": 30, "unit": "minutes"}, 1),
    ({"n": 2, "unit": "hours"}, 2),
    ({"n": 1, "unit": "days"}, 3),
    ({"calendar": "day"}, 3),
    ({"calendar": "week"}, 4),
    ({"calendar": "month"}, 5),
]
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(("window", "count"), WINDOWS)
def test_a_window_holds_both_its_ends(window, count) -> None:
    past = [
        datetime(2026, 3, 11, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 11, 10, 0, tzinfo=UTC),
        datetime(2026, 3, 10, 23, 0, tzinfo=UTC),  # midnight in Amsterdam
        datetime(2026, 3, 8, 23, 0, tzinfo=UTC),  # Monday's midnight there
        datetime(2026, 2, 28, 23, 0, tzinfo=UTC),  # March's first there
        datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC),
    ]
    events = tuple(PastEvent(BOUGHT, {}, {}, at) for at in past)
    known = {"now": NOW, "zone": ZONE, "history": {BOUGHT: PastEvents(events, complete=True)}}

    assert trace(leaf("count", "at_least", 1, window=window), known)["actual"] == count


def test_a_calendar_day_begins_when_the_clocks_do() -> None:
    """Santiago skips midnight of 6 September 2026: the day begins at 01:00, which is 04:00 UTC."""
    skipped = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    events = tuple(PastEvent(BOUGHT, {}, {}, skipped - days(ago / 1e5)) for ago in (0, 1))
    known = {
        "now": skipped + days(0.5),
        "zone": ZoneInfo("America/Santiago"),
        "history": {BOUGHT: PastEvents(events, complete=True)},
    }

    assert judge(leaf("count", "equals", 1, window={"calendar": "day"}), known) is YES


def test_a_calendar_window_without_a_zone_is_utc() -> None:
    known = facts(PastEvent(BOUGHT, {}, {}, datetime(2026, 3, 10, 23, 0, tzinfo=UTC)))

    assert judge(leaf("count", "equals", 0, window={"calendar": "day"}), known) is YES


def test_a_nested_rule_asks_the_past_event_itself() -> None:
    own = {"field": "event.context.app.name", "operator": "equals", "value": "shop"}
    nested = {"combinator": "and", "rules": [own, BIG]}

    assert judge(leaf("count", "equals", 2, where=nested), facts(*THREE, total=1)) is YES


CARTS = [
    # past carts, the triggering cart, how many join
    (["a", "b", "a"], "a", 2),
    (["A", "a "], "a", 0),
    ([1, "1", True, None], 1, 1),
    ([1.0], 1, 1),
    ([True, 1], True, 1),
    ([["a"]], "a", 0),
]


@pytest.mark.parametrize(("past", "cart", "count"), CARTS)
def test_a_join_is_exact(past, cart, count) -> None:
    events = [bought(days(at), cart_id=past_cart) for at, past_cart in enumerate(past)]
    known = facts(*events, bought(days(50)), cart_id=cart)

    assert judge(leaf("count", "equals", count, join=SAME_CART), known) is YES


@pytest.mark.parametrize("cart", [{}, {"cart_id": None}, {"cart_id": ["a"]}])
def test_without_a_value_to_join_by_nothing_is_known(cart) -> None:
    seen = trace(leaf("count", "equals", 0, join=SAME_CART), facts(*THREE, **cart))

    assert (seen["verdict"], seen["reason"]) == ("unknown", "no_join_value")


ODD = [None, "80", True, [80], float("nan"), 2**70]


@pytest.mark.parametrize("odd", ODD)
def test_an_event_without_a_proper_number_makes_sums_unknown_and_leaves_counts(odd) -> None:
    known = facts(bought(days(1), total=odd), bought(days(2), total=60))

    assert judge(leaf("count", "equals", 2), known) is YES
    assert judge(leaf("sum", "more_than", 1), known) is UNKNOWN
    assert judge(leaf("max", "at_least", 60), known) is YES
    assert judge(leaf("max", "at_most", 60), known) is UNKNOWN
    assert judge(leaf("min", "at_most", 60), known) is YES


def test_a_sum_does_not_depend_on_the_order() -> None:
    past = [bought(days(1), total=total) for total in (0.1,) * 10]

    assert judge(leaf("sum", "equals", 1), facts(*past)) is YES


ABSENT: list[tuple[dict[str, Any], str]] = [
    ({}, "not_loaded"),
    ({"history": {}}, "not_loaded"),
    ({"history": None}, "not_loaded"),
    ({"history": {BOUGHT: PastEvents((), complete=True)}}, "no_now"),
    ({"history": {BOUGHT: PastEvents((), complete=True)}, "now": "soon"}, "no_now"),
]


@pytest.mark.parametrize(("known", "reason"), ABSENT)
@pytest.mark.parametrize("operator", ["is_set", "is_not_set", "before"])
def test_what_was_not_loaded_is_unknown_not_absent(operator, known, reason) -> None:
    value = "2026-01-01" if operator == "before" else None

    seen = trace(leaf("last_at", operator, value, window=MONTH), known)

    assert (seen["verdict"], seen["reason"]) == ("unknown", reason)


def test_a_relative_date_of_the_past_needs_now() -> None:
    known = facts(*THREE) | {"now": None}

    assert trace(leaf("last_at", "within_last", MONTH), known)["reason"] == "no_now"


SEEN: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (leaf("count", "at_least", 9), facts(*THREE), {"actual": 3, "looked_at": 3}),
    (leaf("count", "at_least", 2, where=BIG), facts(*MIXED), {"low": 1, "high": 2}),
    (leaf("count", "at_least", 9), facts(*THREE, complete=False), {"low": 3}),
    (leaf("sum", "at_least", 9), facts(*THREE, complete=False), {"looked_at": 3}),
    (leaf("last", "is_set"), facts(bought(days(1), total="x" * 500)), {"actual": "x" * 99 + "…"}),
    (leaf("last", "has", "x"), facts(bought(days(1), total=["x"])), {"actual": '["x"]'}),
    (leaf("first", "is_set", where=BIG), facts(*MIXED), {"options": [80]}),
    (leaf("last_at", "is_set"), facts(*THREE), {"actual": "2026-03-10T12:00:00+00:00"}),
    (
        leaf("first_at", "is_set"),
        facts(*THREE, complete=False),
        {"high": "2026-01-30T12:00:00+00:00"},
    ),
    (leaf("max", "at_least", 1), facts(), {"looked_at": 0, "reason": "no_value"}),
]


@pytest.mark.parametrize(("test", "known", "shown"), SEEN)
def test_a_trace_shows_what_was_seen(test, known, shown) -> None:
    seen = trace(test, known)

    bounds = {"actual", "low", "high", "options"}
    assert {key: seen.get(key) for key in shown} == shown
    assert seen.keys() & bounds == shown.keys() & bounds


HISTORY_LEAVES = [
    leaf("count", "not_equals", 1),
    leaf("count", "less_than", 5, where=BIG),
    leaf("sum", "less_than", 5),
    leaf("max", "is_not_set"),
    leaf("last", "not_contains", "x", window=MONTH),
    leaf("first_at", "is_not_set"),
    leaf("last_at", "before", "2026-01-01", join=SAME_CART),
]


@UNHURRIED
@given(groups(st.sampled_from(HISTORY_LEAVES)))
def test_a_rule_about_a_past_that_was_not_loaded_never_fires(document) -> None:
    assert parse(document).verdict({"event": {"properties": {"cart_id": 1}}, "now": NOW}) is UNKNOWN
