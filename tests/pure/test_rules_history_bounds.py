"""A verdict on an uncertain past is that of every past which it may have been."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.rules import MEASURES, PastEvent, PastEvents, Verdict, parse

UNHURRIED = settings(deadline=None, max_examples=300)  # the machine may be busy

UNKNOWN = Verdict.UNKNOWN
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
COUNTS = {
    "combinator": "and",
    "rules": [{"field": "event.properties.counts", "operator": "is_true"}],
}
NUMBER = st.integers(-2, 4) | st.sampled_from([0.5, 2.5])
DAY = st.integers(0, 5)
ONE = ["equals", "not_equals", "more_than", "less_than", "at_least", "at_most"]
NUMBER_TESTS = (
    st.tuples(st.sampled_from(ONE), NUMBER)
    | st.tuples(st.sampled_from(["one_of", "not_one_of"]), st.lists(NUMBER, min_size=1, max_size=3))
    | st.tuples(st.just("between"), st.tuples(NUMBER, NUMBER).map(sorted))
)
SET = st.tuples(st.sampled_from(["is_set", "is_not_set"]), st.none())
SPAN = DAY.map(lambda day: {"n": day + 1, "unit": "days"})
DATE_TESTS = (
    st.tuples(
        st.sampled_from(["before", "after"]),
        DAY.map(lambda day: (NOW - timedelta(days=day, hours=1)).isoformat()),
    )
    | st.tuples(st.sampled_from(["within_last", "within_next"]), SPAN)
    | SET
)
# None: the nested rule is unknown. The total may be missing.
PAST = st.lists(st.tuples(st.sampled_from([True, False, None]), st.none() | NUMBER), max_size=4)
MEASURED = [*sorted(set(MEASURES) - {"history.first", "history.last"})]


def past_events(past: list[tuple[bool | None, Any]]) -> tuple[PastEvent, ...]:
    """Newest first, a day apart; None is left out."""
    return tuple(
        PastEvent("Bought", known(counts=counts, total=total), {}, NOW - timedelta(days=at))
        for at, (counts, total) in enumerate(past)
    )


def known(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


def certain_pasts(past: list[tuple[bool | None, Any]], *, limited: bool) -> Iterator[Any]:
    """Every way to decide what is open: what counts, the missing numbers, what is older."""
    open_numbers = (-3, 0, 2, 5)
    ways = [
        product(
            [counts] if counts is not None else [True, False],
            [total] if total is not None else open_numbers,
        )
        for counts, total in past
    ]
    older: list[list[tuple[bool, Any]]] = [[], [(True, -3)], [(True, 5), (True, 2)]]
    for tail in older if limited else [[]]:
        for way in product(*map(list, ways)):
            yield [*way, *tail]


def verdict(test: dict[str, Any], past: list[Any], *, complete: bool) -> Verdict:
    history = {"Bought": PastEvents(past_events(past), complete)}
    rule = parse({"combinator": "and", "rules": [test]})
    return rule.verdict({"now": NOW, "history": history})


@UNHURRIED
@given(st.sampled_from(MEASURED), st.data(), PAST, st.booleans())
def test_no_past_that_may_have_been_contradicts_the_verdict(measure, data, past, limited) -> None:
    row = MEASURES[measure]
    may_be_set = NUMBER_TESTS if row.operators else NUMBER_TESTS | SET
    operator, value = data.draw(DATE_TESTS if row.of == "time" else may_be_set)
    of = {"event": "Bought", "where": COUNTS}
    of |= {"property": "total"} if row.of == "property" else {}
    test = {"field": measure, "operator": operator, "value": value, "of": of}

    found = verdict(test, past, complete=not limited)

    if found is not UNKNOWN:
        pasts = certain_pasts(past, limited=limited)
        assert {verdict(test, one, complete=True) for one in pasts} == {found}


@UNHURRIED
@given(NUMBER_TESTS, PAST)
def test_a_count_is_unknown_only_where_pasts_differ(number_test, past) -> None:
    operator, value = number_test
    of = {"event": "Bought", "where": COUNTS}
    test = {"field": "history.count", "operator": operator, "value": value, "of": of}

    found = verdict(test, past, complete=True)

    verdicts = {verdict(test, one, complete=True) for one in certain_pasts(past, limited=False)}
    assert found is (verdicts.pop() if len(verdicts) == 1 else UNKNOWN)


@pytest.mark.parametrize("measure", ["history.first", "history.last"])
@UNHURRIED
@given(number_test=NUMBER_TESTS | SET, past=PAST, limited=st.booleans())
def test_a_first_or_last_property_follows_every_order_of_doubt(
    measure, number_test, past, limited
) -> None:
    """Here a missing property stays missing: it is the value that "is not set" looks at."""
    operator, value = number_test
    of = {"event": "Bought", "property": "total", "where": COUNTS}
    test = {"field": measure, "operator": operator, "value": value, "of": of}

    found = verdict(test, past, complete=not limited)

    if found is not UNKNOWN:
        older: list[Any] = [[], [(True, -3)], [(True, None)]] if limited else [[]]
        choices = [[counts] if counts is not None else [True, False] for counts, _ in past]
        for decided, tail in product(product(*choices), older):
            totals = (total for _, total in past)
            one = [*zip(decided, totals, strict=True), *tail]
            assert verdict(test, one, complete=True) is found
