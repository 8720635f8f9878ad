"""The laws of three-valued logic, and the promise that unknown never fires."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import Verdict, all_of, any_of, negate, parse

UNHURRIED = settings(deadline=None)  # the machine may be busy

YES, NO, UNKNOWN = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNKNOWN
VERDICT = st.sampled_from(Verdict)
VERDICTS = st.lists(VERDICT, max_size=6)
TWO = [
    # a, b, and, or
    (YES, YES, YES, YES),
    (YES, NO, NO, YES),
    (YES, UNKNOWN, UNKNOWN, YES),
    (NO, NO, NO, NO),
    (NO, UNKNOWN, NO, UNKNOWN),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("a", "b", "both", "either"), TWO)
def test_truth_tables(a, b, both, either) -> None:
    assert all_of([a, b]) is all_of([b, a]) is both
    assert any_of([a, b]) is any_of([b, a]) is either


def test_nothing_at_all_is_a_match_for_all_and_none_for_any() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


@UNHURRIED
@given(VERDICTS)
def test_de_morgan(verdicts) -> None:
    opposites = [negate(verdict) for verdict in verdicts]

    assert negate(all_of(verdicts)) is any_of(opposites)
    assert negate(any_of(verdicts)) is all_of(opposites)


@UNHURRIED
@given(VERDICTS, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(verdicts, random) -> None:
    shuffled = verdicts * 2
    random.shuffle(shuffled)

    assert all_of(shuffled) is all_of(verdicts)
    assert any_of(shuffled) is any_of(verdicts)


@UNHURRIED
@given(VERDICTS, VERDICTS)
def test_groups_may_be_regrouped(first, second) -> None:
    assert all_of([all_of(first), all_of(second)]) is all_of(first + second)
    assert any_of([any_of(first), any_of(second)]) is any_of(first + second)


@UNHURRIED
@given(VERDICT, VERDICT, VERDICT)
def test_and_distributes_over_or(a, b, c) -> None:
    assert all_of([a, any_of([b, c])]) is any_of([all_of([a, b]), all_of([a, c])])


@UNHURRIED
@given(VERDICT)
def test_double_negation(verdict) -> None:
    assert negate(negate(verdict)) is verdict


def test_joining_stops_at_the_verdict_that_decides() -> None:
    rest = iter([NO, YES])

    all_of(rest)

    assert next(rest) is YES


LEAVES = [
    ("equals", "x"),
    ("not_equals", "x"),
    ("not_one_of", ["x"]),
    ("not_contains", "x"),
    ("less_than", 50),
    ("at_most", 0),
    ("has", "x"),
    ("before", "2026-01-01"),
    ("within_last", {"n": 1, "unit": "days"}),
    ("is_false", None),
]


def about(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(LEAVES).map(
        lambda test: {"field": f"event.properties.{name}", "operator": test[0], "value": test[1]}
    )


def groups(leaf: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    def group(child: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {
                "combinator": st.sampled_from(["and", "or"]),
                "not": st.booleans(),
                "rules": st.lists(child, min_size=1, max_size=3),
            }
        )

    deep = group(leaf)
    for _ in range(4):
        deep = group(leaf | deep)
    return deep


@UNHURRIED
@given(groups(about("absent")))
def test_a_rule_with_a_missing_fact_never_fires_under_any_nesting_of_not(document) -> None:
    facts = {"event": {"properties": {"absent": None, "present": "x"}}, "person": None}

    assert parse(document).verdict(facts) is UNKNOWN
    assert parse(document).verdict({}) is UNKNOWN


@UNHURRIED
@given(groups(about("present") | about("absent")), st.sampled_from(["x", 7, True, ["x"]]))
def test_a_missing_fact_never_decides(document, present) -> None:
    """Where a verdict is reached without the fact, no value of the fact would change it."""
    properties = {"present": present}

    without = parse(document).verdict({"event": {"properties": properties}})

    if without is not UNKNOWN:
        for fact in ("x", "y", 7, 70, False, True, ["x"], [], "2025-01-01", "2027-01-01"):
            facts = {"event": {"properties": properties | {"absent": fact}}}
            assert parse(document).verdict(facts) is without
