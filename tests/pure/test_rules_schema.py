"""The published JSON Schema describes what parse() takes."""

import json
from typing import Any

import pytest

from tests.pure import test_rules_of, test_rules_operators, test_rules_parse, test_rules_sentence
from triggers.rules import json_schema, parse

jsonschema = pytest.importorskip("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(json_schema())

GOOD: list[Any] = [
    *test_rules_parse.ALWAYS,
    *({"combinator": "or", "rules": [leaf]} for leaf, _words in test_rules_of.SENTENCES),
    test_rules_parse.nested(8),
    *(document for document, _words in test_rules_sentence.GROUPS),
    *({"combinator": "and", "rules": [leaf]} for leaf, _words in test_rules_sentence.LEAVES),
    *(
        test_rules_parse.one(operator=operator, value=value)
        for operator, value, _fact, _verdict in test_rules_operators.TABLE
    ),
]
BAD = [
    {"combinator": "xor", "rules": []},
    {"rules": [test_rules_parse.PRICE]},
    {"combinator": "and", "rules": [{"combinator": "or", "rules": []}]},
    {"combinator": "and", "rules": [], "extra": 1},
    {"version": 2, "rules": []},
    test_rules_parse.one(field="event.propertys.x"),
    test_rules_parse.one(operator="equal"),
    test_rules_parse.one(operator="more_than", value="50"),
    test_rules_parse.one(operator="more_than", value=2**64),
    test_rules_parse.one(operator="one_of", value="NL"),
    test_rules_parse.one(operator="one_of", value=["NL", 5]),
    test_rules_parse.one(operator="between", value=[1]),
    test_rules_parse.one(operator="contains", value=""),
    test_rules_parse.one(operator="within_last", value={"n": 3, "unit": "weeks"}),
    test_rules_parse.one(valueSource="field"),
    test_rules_parse.one(of={"event": "Bought"}),
    test_rules_parse.one(operator="matches", value="x" * 201),
    *test_rules_of.SHAPES,
]


def test_the_schema_is_itself_valid_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())

    assert json.loads(json.dumps(json_schema())) == json_schema()


@pytest.mark.parametrize("document", GOOD)
def test_what_parses_is_valid(document) -> None:
    parse(document)

    assert list(VALIDATOR.iter_errors(document)) == []


@pytest.mark.parametrize("document", BAD)
def test_what_the_schema_can_say_it_refuses_too(document) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(document)

    assert not VALIDATOR.is_valid(document)
