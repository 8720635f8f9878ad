"""Past events that may or may not count, and those that were not loaded."""

import pytest

from tests.pure.test_rules_history import (
    BIG,
    MIXED,
    MONTH,
    NO,
    THREE,
    UNKNOWN,
    YES,
    bought,
    days,
    facts,
    judge,
    leaf,
    trace,
)
from triggers.rules import Verdict

UNSURE = [
    ("count", "at_least", 1, YES),
    ("count", "at_least", 2, UNKNOWN),
    ("count", "at_least", 3, NO),
    ("count", "equals", 1, UNKNOWN),
    ("count", "equals", 3, NO),
    ("count", "one_of", [1, 2], YES),
    ("count", "not_equals", 0, YES),
    ("count", "at_most", 2, YES),
    ("count", "between", [2, 9], UNKNOWN),
    ("last", "equals", 80, YES),
    ("first", "equals", 80, UNKNOWN),
    ("first_at", "before", "2026-03-11", YES),
    ("first_at", "before", "2026-03-10", UNKNOWN),
    ("last_at", "after", "2026-03-10", YES),
    ("max", "at_least", 80, YES),
    ("max", "at_least", 81, UNKNOWN),
    ("sum", "at_least", 80, UNKNOWN),
]


@pytest.mark.parametrize(("measure", "operator", "value", "verdict"), UNSURE)
def test_an_event_whose_nested_rule_is_unknown_may_or_may_not_count(
    measure, operator, value, verdict
) -> None:
    seen = trace(leaf(measure, operator, value, where=BIG), facts(*MIXED))

    assert Verdict(seen["verdict"]) is verdict
    assert seen.get("reason") == ("where_unknown" if verdict is UNKNOWN else None)


def test_a_number_between_the_bounds_counts_as_possible() -> None:
    """From 1 to 3 both ends differ from 2, and yet it may be 2."""
    known = facts(bought(days(1), total=80), bought(days(2)), bought(days(3)))

    assert judge(leaf("count", "equals", 2, where=BIG), known) is UNKNOWN
    assert judge(leaf("count", "not_equals", 2, where=BIG), known) is UNKNOWN
    assert judge(leaf("count", "between", [1.5, 2.5], where=BIG), known) is UNKNOWN


LIMITED = [
    ("count", "at_least", 3, YES),
    ("count", "more_than", 2, YES),
    ("count", "less_than", 3, NO),
    ("count", "at_least", 4, UNKNOWN),
    ("count", "equals", 3, UNKNOWN),
    ("count", "equals", 2, NO),
    ("sum", "more_than", 0, UNKNOWN),
    ("max", "at_least", 80, YES),
    ("max", "at_most", 80, UNKNOWN),
    ("min", "at_most", 20, YES),
    ("min", "at_least", 20, UNKNOWN),
    ("last", "equals", 80, YES),
    ("first", "equals", 50.5, UNKNOWN),
    ("first_at", "before", "2026-03-01", YES),
    ("first_at", "after", "2026-03-01", NO),
    ("first_at", "before", "2026-01-01", UNKNOWN),
    ("first_at", "within_last", {"n": 30, "unit": "days"}, NO),
    ("first_at", "within_last", {"n": 90, "unit": "days"}, UNKNOWN),
    ("first_at", "is_set", None, YES),
    ("last_at", "after", "2026-03-01", YES),
]


@pytest.mark.parametrize(("measure", "operator", "value", "verdict"), LIMITED)
def test_beyond_the_limit_only_what_no_older_event_can_change_is_known(
    measure, operator, value, verdict
) -> None:
    seen = trace(leaf(measure, operator, value), facts(*THREE, complete=False))

    assert Verdict(seen["verdict"]) is verdict
    assert seen.get("reason") == ("history_limit" if verdict is UNKNOWN else None)


def test_a_window_inside_what_was_loaded_is_complete() -> None:
    known = facts(*THREE, complete=False)

    assert judge(leaf("count", "equals", 2, window=MONTH), known) is YES
    assert judge(leaf("count", "equals", 2, window={"n": 41, "unit": "days"}), known) is NO
    assert judge(leaf("count", "equals", 3, window={"n": 41, "unit": "days"}), known) is UNKNOWN
