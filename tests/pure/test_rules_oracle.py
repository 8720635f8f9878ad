"""JsonLogic and CEL, written by others, agree wherever all three can say the same thing."""

import json
from typing import Any

import cel
import datalogic_py
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.test_rules_kleene import groups
from triggers.rules import OPERATORS, Verdict, parse

UNHURRIED = settings(deadline=None, max_examples=300)  # the machine may be busy

Document = dict[str, Any]

# Few values, so that tests often hold; lower case, because only ours ignores capitals.
NUMBER = st.integers(-3, 3) | st.sampled_from([-1.5, 0.5, 2.0])
TEXT = st.text("abé", max_size=3)
PART = st.text("abé", min_size=1, max_size=2)
BOOLEAN = st.booleans()
FACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "numbers": {"n": NUMBER, "m": NUMBER},
    "texts": {"s": TEXT, "t": TEXT},
    "truths": {"p": BOOLEAN},
    "lists": {"l": st.lists(TEXT, max_size=3)},
}
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "numbers": {
        **dict.fromkeys(["more_than", "less_than", "at_least", "at_most"], NUMBER),
        **dict.fromkeys(["equals", "not_equals"], NUMBER),
        **dict.fromkeys(["one_of", "not_one_of"], st.lists(NUMBER, min_size=1, max_size=3)),
        "between": st.tuples(NUMBER, NUMBER).map(sorted),
    },
    "texts": {
        **dict.fromkeys(["equals", "not_equals"], TEXT),
        **dict.fromkeys(["one_of", "not_one_of"], st.lists(TEXT, min_size=1, max_size=3)),
        **dict.fromkeys(["contains", "not_contains", "starts_with", "ends_with"], PART),
    },
    "truths": {
        **dict.fromkeys(["equals", "not_equals"], BOOLEAN),
        **dict.fromkeys(["is_true", "is_false"], st.none()),
    },
    "lists": {
        "has": TEXT,
        **dict.fromkeys(["has_any", "has_all"], st.lists(TEXT, min_size=1, max_size=3)),
    },
}
KINDS = [
    (kind, name, operator) for kind in FACTS for name in FACTS[kind] for operator in VALUES[kind]
]


def leaves() -> st.SearchStrategy[Document]:
    return st.sampled_from(KINDS).flatmap(
        lambda row: st.fixed_dictionaries(
            {
                "field": st.just(f"event.properties.{row[1]}"),
                "operator": st.just(row[2]),
                "value": VALUES[row[0]][row[2]],
            }
        )
    )


PROPERTIES = st.fixed_dictionaries({k: v for facts in FACTS.values() for k, v in facts.items()})


def json_logic(node: Document) -> Any:
    if "rules" in node:
        joined = {node["combinator"]: [json_logic(rule) for rule in node["rules"]]}
        return {"!": [joined]} if node["not"] else joined
    fact, value = {"var": node["field"].rpartition(".")[2]}, node["value"]
    return JSON_LOGIC[node["operator"]](fact, value)


JSON_LOGIC: dict[str, Any] = {
    "equals": lambda fact, value: {"===": [fact, value]},
    "not_equals": lambda fact, value: {"!==": [fact, value]},
    "one_of": lambda fact, value: {"or": [{"===": [fact, one]} for one in value]},
    "not_one_of": lambda fact, value: {"and": [{"!==": [fact, one]} for one in value]},
    "more_than": lambda fact, value: {">": [fact, value]},
    "less_than": lambda fact, value: {"<": [fact, value]},
    "at_least": lambda fact, value: {">=": [fact, value]},
    "at_most": lambda fact, value: {"<=": [fact, value]},
    "between": lambda fact, value: {"<=": [value[0], fact, value[1]]},
    "contains": lambda fact, value: {"in": [value, fact]},
    "not_contains": lambda fact, value: {"!": [{"in": [value, fact]}]},
    "starts_with": lambda fact, value: {"starts_with": [fact, value]},
    "ends_with": lambda fact, value: {"ends_with": [fact, value]},
    "is_true": lambda fact, _value: {"===": [fact, True]},
    "is_false": lambda fact, _value: {"===": [fact, False]},
    "has": lambda fact, value: {"in": [value, fact]},
    "has_any": lambda fact, value: {"or": [{"in": [one, fact]} for one in value]},
    "has_all": lambda fact, value: {"and": [{"in": [one, fact]} for one in value]},
}


def cel_text(node: Document) -> str:
    if "rules" in node:
        sign = " && " if node["combinator"] == "and" else " || "
        joined = sign.join(f"({cel_text(rule)})" for rule in node["rules"])
        return f"!({joined})" if node["not"] else joined
    fact, value = node["field"].rpartition(".")[2], node["value"]
    return CEL[node["operator"]].format(fact=fact, value=written(value), items=items(value))


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def items(value: Any) -> list[str]:
    return [written(one) for one in value] if isinstance(value, list) else []


CEL = {
    "equals": "{fact} == {value}",
    "not_equals": "{fact} != {value}",
    "one_of": "{value}.exists(one, one == {fact})",
    "not_one_of": "!{value}.exists(one, one == {fact})",
    "more_than": "{fact} > {value}",
    "less_than": "{fact} < {value}",
    "at_least": "{fact} >= {value}",
    "at_most": "{fact} <= {value}",
    "between": "{fact} >= {items[0]} && {fact} <= {items[1]}",
    "contains": "{fact}.contains({value})",
    "not_contains": "!{fact}.contains({value})",
    "starts_with": "{fact}.startsWith({value})",
    "ends_with": "{fact}.endsWith({value})",
    "matches": "{fact}.matches({value})",
    "is_true": "{fact} == true",
    "is_false": "{fact} == false",
    "has": "{value} in {fact}",
    "has_any": "{value}.exists(one, one in {fact})",
    "has_all": "{value}.all(one, one in {fact})",
}


def ours(document: Document, properties: Document) -> Verdict:
    return parse(document).verdict({"event": {"properties": properties}})


@UNHURRIED
@given(groups(leaves()), PROPERTIES)
def test_json_logic_agrees(document, properties) -> None:
    theirs = datalogic_py.apply(json_logic(document), properties)

    assert ours(document, properties) is (Verdict.MATCH if theirs else Verdict.NO_MATCH)


@UNHURRIED
@given(groups(leaves()), PROPERTIES)
def test_cel_agrees(document, properties) -> None:
    theirs = cel.evaluate(cel_text(document), properties)

    assert ours(document, properties) is (Verdict.MATCH if theirs else Verdict.NO_MATCH)


PATTERNS = ["^a", "b$", "a.b", "^$", "(ab)+", "[^a]", "a|é", "^.{2}$"]


@UNHURRIED
@given(st.sampled_from(PATTERNS), TEXT)
def test_cel_agrees_on_patterns(pattern, text) -> None:
    leaf = {"field": "event.properties.s", "operator": "matches", "value": pattern}
    document = {"combinator": "and", "not": False, "rules": [leaf]}

    theirs = cel.evaluate(cel_text(document), {"s": text})

    assert ours(document, {"s": text}) is (Verdict.MATCH if theirs else Verdict.NO_MATCH)


@UNHURRIED
@given(groups(leaves()), PROPERTIES, st.sampled_from("nmstpl"))
def test_what_fires_without_a_fact_fires_with_any_value_of_it(document, known, lost) -> None:
    without = {name: value for name, value in known.items() if name != lost}

    verdict = ours(document, without)

    if verdict is not Verdict.UNKNOWN:
        theirs = datalogic_py.apply(json_logic(document), known)
        assert verdict is (Verdict.MATCH if theirs else Verdict.NO_MATCH)


@pytest.mark.parametrize("oracle", [JSON_LOGIC, CEL])
def test_the_oracles_know_every_operator_but_dates_presence_and_patterns(oracle) -> None:
    apart = {"before", "after", "within_last", "within_next", "is_set", "is_not_set", "matches"}

    assert set(oracle) | apart == set(OPERATORS)
    assert {row[2] for row in KINDS} | apart == set(OPERATORS)
