"""docs/rules.md and docs/rules.schema.json say what the rule language is.

`python -m tests.pure.test_docs_rules` writes the schema, and prints the tables for the page.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from triggers.rules import (
    FIELDS,
    MAX_SEGMENT_CHAIN,
    MEASURES,
    OPERATORS,
    Kind,
    Operator,
    RuleError,
    Takes,
    Why,
    json_schema,
    parse,
)
from triggers.rules.fields import MAX_PATH_CHARS, Field
from triggers.rules.names import Scope, field_names
from triggers.rules.of import MAX_JOINS
from triggers.rules.operands import LARGEST_NUMBER, LONGEST_SPAN, UNITS, YEARS
from triggers.rules.parse import MAX_BYTES, MAX_DEPTH, MAX_LEAVES
from triggers.rules.patterns import MAX_PATTERN_CHARS, MAX_TEXT_BYTES
from triggers.selectors.history import LIMIT

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "rules.md").read_text(encoding="utf-8")
SCHEMA = DOCS / "rules.schema.json"

SCOPES = {Scope.EVENT: "trigger", Scope.SEGMENT: "segment", Scope.PAST: "past event"}
VALUES = {
    Takes.NOTHING: "none",
    Takes.ONE: "{}",
    Takes.MANY: "a list of {}, all of one kind",
    Takes.RANGE: "`[lowest, highest]`",
    Takes.SPAN: '`{{"n": 3, "unit": "days"}}`',
}


# --- the tables, as the page must have them --------------------------------------------------
def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def kinds(some: Iterable[Kind]) -> str:
    named = list(some)
    return "any" if named == list(Kind) else " or ".join(kind.value for kind in named)


def only(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "all for its kind"


def fact_row(field: Field) -> str:
    name = f"{field.name}.<path>" if field.takes_path else field.name
    places = [words for scope, words in SCOPES.items() if name in field_names(scope)]
    return row(
        f"`{name}`", field.label, kinds(field.kinds), only(field.operators), ", ".join(places)
    )


def measure_rows() -> list[str]:
    return [
        row(
            f"`{one.name}`",
            one.label,
            {"": "nothing", "time": "nothing", "property": "a property"}[one.of],
            kinds(one.kinds),
            only(one.operators),
        )
        for one in MEASURES.values()
    ]


def operator_row(operator: Operator) -> str:
    value = VALUES[operator.takes].format(" or ".join(kind.value for kind in operator.kinds))
    return row(f"`{operator.name}`", operator.words, value, kinds(operator.facts))


def limit_rows() -> list[str]:
    spans = ", ".join(UNITS)
    return [
        row("groups inside each other", f"{MAX_DEPTH}"),
        row("conditions, those of nested rules included", f"{MAX_LEAVES}"),
        row("bytes as JSON", f"{MAX_BYTES:,}"),
        row("characters of a path, an event or a property", f"{MAX_PATH_CHARS}"),
        row("joined properties of one condition", f"{MAX_JOINS}"),
        row("characters of a pattern", f"{MAX_PATTERN_CHARS}"),
        row(
            "bytes of a text that `matches` looks through; longer is unknown", f"{MAX_TEXT_BYTES:,}"
        ),
        row("units of a span or window", spans),
        row("longest span or window", f"{LONGEST_SPAN.days:,} days"),
        row("largest number", f"{LARGEST_NUMBER:,}"),
        row("years of a date", f"{YEARS[0]} to {YEARS[-1]}"),
        row("segments that ask one another", f"{MAX_SEGMENT_CHAIN} deep"),
        row("past events that are looked at, for each person and event name", f"{LIMIT}"),
    ]


TABLES = {
    "facts": [fact_row(field) for field in FIELDS],
    "measures": measure_rows(),
    "operators": [operator_row(operator) for operator in OPERATORS.values()],
    "limits": limit_rows(),
}


def table_after(heading: str) -> list[str]:
    """The rows below the head of the first table after this heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2]
    return re.split(r"\|[-| ]+\|\n", section, maxsplit=1)[1].partition("\n\n")[0].splitlines()


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Facts", "facts"),
        ("The past", "measures"),
        ("Operators", "operators"),
        ("Limits", "limits"),
    ],
)
def test_a_table_of_the_page_is_the_table_of_the_code(heading, name) -> None:
    assert table_after(heading) == TABLES[name]


@pytest.mark.parametrize("why", Why)
def test_every_reason_why_the_past_is_unknown_is_told(why) -> None:
    assert f"| `{why.value}` |" in PAGE


# --- the examples ----------------------------------------------------------------------------
EXAMPLES = re.findall(r"```json\n(.+?)```\n\n```text\n(.+?)\n```", PAGE, re.DOTALL)
READABLE = [pair for pair in EXAMPLES if not pair[1].startswith("/")]
REFUSED = [pair for pair in EXAMPLES if pair[1].startswith("/")]


def as_one_line(text: str) -> str:
    return " ".join(text.split())


def test_every_example_says_what_becomes_of_it() -> None:
    assert len(EXAMPLES) == PAGE.count("```json")
    assert len(READABLE) >= 2
    assert REFUSED


@pytest.mark.parametrize(("document", "sentence"), READABLE)
def test_the_sentence_in_the_page_is_the_rules_own(document, sentence) -> None:
    jsonschema = pytest.importorskip("jsonschema")

    assert parse(json.loads(document)).sentence() == as_one_line(sentence)
    jsonschema.validate(json.loads(document), json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("document", "error"), REFUSED)
def test_the_error_in_the_page_is_the_one_that_is_told(document, error) -> None:
    with pytest.raises(RuleError) as caught:
        parse(json.loads(document))

    assert str(caught.value) == as_one_line(error)


# --- the schema ------------------------------------------------------------------------------
def schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_published_schema_is_the_current_one() -> None:
    run = "run: python -m tests.pure.test_docs_rules"

    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), run


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    for table, rows in TABLES.items():
        print(f"--- {table}", *rows, sep="\n")
