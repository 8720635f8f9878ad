"""Durations and conditions say the same in the file and in the definition, both ways."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.recipes import conditions, words
from orchestrator.recipes.problem import Problems, RecipeError
from tests.pure import test_rules_operators, test_rules_sentence
from triggers.rules import OPERATORS, parse

UNHURRIED = settings(deadline=None)  # the machine may be busy

DURATIONS = [
    ("1 s", 1),
    ("90 s", 90),
    ("45 min", 2_700),
    ("90 min", 5_400),
    ("1 h", 3_600),
    ("24 h", 86_400),
    ("72 h", 259_200),
    ("96 h", 345_600),
    ("4 days", 345_600),
    ("28 days", 2_419_200),
]
SPELLED = [("45min", 2_700), ("2 hours", 7_200), ("1 day", 86_400), ("3 days", 259_200)]
NO_DURATIONS = ["", "45", "min", "0 h", "-1 h", "1.5 h", "1 week", "24 h\n", "24  h", "٣ days"]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS + SPELLED)
def test_a_duration_is_read_in_seconds(text, seconds) -> None:
    assert words.seconds(text) == seconds


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_what_is_no_duration_is_none(text) -> None:
    assert words.seconds(text) is None


@pytest.mark.parametrize(("text", "seconds"), [row for row in DURATIONS if row[0] != "96 h"])
def test_a_duration_is_written_in_its_largest_plain_unit(text, seconds) -> None:
    assert words.duration(seconds) == text


@UNHURRIED
@given(st.integers(1, 10**8))
def test_every_duration_reads_back(seconds) -> None:
    assert words.seconds(words.duration(seconds)) == seconds


SPANS = [
    ("45 min", 45, "minutes"),
    ("24 h", 24, "hours"),
    ("1 day", 1, "days"),
    ("3 days", 3, "days"),
]


@pytest.mark.parametrize(("text", "count", "unit"), SPANS)
def test_a_span_keeps_its_unit(text, count, unit) -> None:
    assert words.span(text) == {"n": count, "unit": unit}
    assert words.span_words({"n": count, "unit": unit}) == text


def test_every_operator_can_be_said_in_its_own_ways_and_no_other_ones() -> None:
    said = [(way, row) for row in OPERATORS.values() for way in words.ways_to_say(row)]

    assert len({way for way, _row in said}) == len(said)
    assert all(words.operator_said(way) is row for way, row in said)


MEANT = [("at leest", "is at least"), (">=", "is at least"), ("Is set", "is set"), ("zzz", None)]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_a_slip_is_told_what_was_probably_meant(text, meant) -> None:
    assert words.operator_said(text) is None
    assert words.closest_words(text) == meant


RULES: list[Any] = [
    *(document for document, _words in test_rules_sentence.GROUPS),
    *({"combinator": "or", "rules": [leaf]} for leaf, _words in test_rules_sentence.LEAVES),
    *(
        {"combinator": "and", "not": True, "rules": [{"id": "a", "valueSource": "value", **leaf}]}
        for leaf, _words in test_rules_sentence.LEAVES
    ),
    *(
        {
            "version": 1,
            "combinator": "and",
            "rules": [{"field": "event.properties.x", "operator": operator, "value": value}],
        }
        for operator, value, _fact, _verdict in test_rules_operators.TABLE
    ),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_reads_back_to_the_same_rule(rule) -> None:
    problems = Problems("x.yaml")
    written = conditions.write(rule)

    read = conditions.read(written, (), problems) if written else None

    problems.refuse()
    assert repr(read) == repr(conditions.normal(rule))
    assert parse(read).sentence() == parse(rule).sentence()


def test_every_operator_is_in_the_round_trip() -> None:
    told = {
        leaf["operator"] for rule in RULES if rule for leaf in rule["rules"] if "operator" in leaf
    }

    assert told == set(OPERATORS)


GROUPS = [
    ("all", "and", False),
    ("any", "or", False),
    ("none", "or", True),
    ("not all", "and", True),
]


@pytest.mark.parametrize(("name", "combinator", "negated"), GROUPS)
def test_the_four_groups(name, combinator, negated) -> None:
    raw = {name: [["event.properties.guests", "at least", 2], ["person.traits.city", "is set"]]}

    assert conditions.read(raw, (), Problems("x.yaml")) == {
        "version": 1,
        "combinator": combinator,
        "not": negated,
        "rules": [
            {"field": "event.properties.guests", "operator": "at_least", "value": 2},
            {"field": "person.traits.city", "operator": "is_set"},
        ],
    }


X = "event.properties.x"
WRONG = [
    ([], "if: Begin with one of all, any, none or not all"),
    ({}, "if: Begin with one of all"),
    ({"all": [], "any": []}, "if: Begin with one of all"),
    ({"every": [[X, "is", 1]]}, "if: Begin with one of all"),
    ({"all": [X, "is", 1]}, "if.all[0]: Begin with one of all"),
    ({"all": []}, "if.all: Add a condition"),
    ({"all": [{"any": []}]}, "if.all[0].any: Add a condition"),
    ({"all": [[X]]}, "if.all[0]: Write a condition as [field, words, value]"),
    ({"all": [[X, "is", 1, 2]]}, "if.all[0]: Write a condition as"),
    ({"all": [[X, True]]}, "if.all[0]: Write a condition as"),
    (
        {"all": [[X, "isset"]]},
        "if.all[0][1]: There are no such words as “isset”. Did you mean “is set”?",
    ),
    ({"all": [[X, "zzzz", 1]]}, "if.all[0][1]: There are no such words as “zzzz”. Use is, is not,"),
    ({"all": [[X, "is"]]}, "if.all[0]: Add the value after “is”."),
    ({"all": [[X, "is set", 1]]}, "if.all[0][2]: Remove the value"),
    ({"all": [[X, "is at least", "2"]]}, 'if.all[0][2]: "at_least" takes a number'),
    ({"all": [[X, "is one of", "a"]]}, 'if.all[0][2]: "one_of" takes a list'),
    ({"all": [[X, "is one of", ["a", None]]]}, 'if.all[0][2][1]: "one_of" takes'),
    ({"all": [[X, "is within the last", "3 s"]]}, "if.all[0][2]: Write a duration"),
    ({"all": [[X, "is within the last", 3]]}, "if.all[0][2]: Write a duration"),
    ({"all": [["user.city", "is", 1]]}, 'if.all[0][0]: There is no field "user.city".'),
]


@pytest.mark.parametrize(("raw", "problem"), WRONG)
def test_a_wrong_condition_is_told_with_its_place(raw, problem) -> None:
    problems = Problems("x.yaml")

    assert conditions.read(raw, ("if",), problems) is None

    with pytest.raises(RecipeError, match=r"^x\.yaml:1 ") as caught:
        problems.refuse()
    assert str(caught.value).removeprefix("x.yaml:1 ").startswith(problem)


def test_every_wrong_condition_is_told() -> None:
    problems = Problems("x.yaml")
    raw = {"all": [[X, "iz", 1], {"any": [[X, "is at least", "2"], [X, "is"]]}, [X, "is", 1]]}

    conditions.read(raw, ("if",), problems)

    assert len(problems.error().problems) == 3
