"""YAML is read by plain rules, with a line for every path, and nothing clever gets in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.recipes import source
from orchestrator.recipes.layout import dump
from orchestrator.recipes.problem import Problems, RecipeError

UNHURRIED = settings(deadline=None)  # the machine may be busy


def read(text: str) -> Any:
    problems = Problems("x.yaml")
    value = source.read(text, problems)
    problems.refuse()
    return value


def refusal(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        read(text)
    return caught.value.problems


WORDS = [
    ("no", "no"),
    ("on", "on"),
    ("22:00", "22:00"),
    ("2026-03-01", "2026-03-01"),
    ("0042", "0042"),
    ("007.5", "007.5"),
    ("1_000", "1_000"),
    ("true", True),
    ("'true'", "true"),
    ("12", 12),
    ("-3", -3),
    ("2.50", 2.5),
    ("1e3", 1000.0),
    ("~", None),
    ("", None),
    ("<<", "<<"),
    (".nan", ".nan"),
]


@pytest.mark.parametrize(("written", "value"), WORDS)
def test_a_plain_word_means_what_it_looks_like(written, value) -> None:
    found = read(f"x: {written}")["x"]

    assert (found, type(found)) == (value, type(value))


def test_every_path_knows_its_line() -> None:
    problems = Problems("x.yaml")

    source.read("a:\n  - b: 1\n    c: |\n      two\n      lines\n  - [1,\n     2]\n", problems)

    assert problems.lines == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 1): 6,
        ("a", 1, 0): 6,
        ("a", 1, 1): 7,
    }


REFUSED = [
    ("a: 1\nb: 2\na: 3\n", "x.yaml:3: “a” is there twice."),
    ("l:\n  a: &x 1\n", "x.yaml:2: Write it out; names with & and *"),
    ("a: &x [1]\nb: [*x, *x]\n", "x.yaml:1: Write it out; names with & and *"),
    ("b: *x\n", "x.yaml:1: Write it out; names with & and *"),
    ("a: !!python/object/apply:os.system [ls]\n", "x.yaml:1: Leave out the tag"),
    ("a: !x 1\n", "x.yaml:1: Leave out the tag"),
    ("a:\n  1: x\n", "x.yaml:2 a: A name must be a text; put quotes around “1”."),
    ("true: x\n", "x.yaml:1: A name must be a text; put quotes around “true”."),
    ("[a]: x\n", "x.yaml:1: A name must be a text."),
    ("\nbody: {{ person.first_name }}\n", "x.yaml:2 body: A name must be a text. Put quotes"),
    ("a: b: c\n", "x.yaml:1: This cannot be read as YAML (mapping values are not allowed here)"),
    ("a: 1\n---\nb: 2\n", "x.yaml:2: This cannot be read as YAML"),
    ("a: [1\n", "x.yaml:2: This cannot be read as YAML"),
    ("a: 1\nb: \x07\n", "x.yaml:2: There is a character here that YAML cannot hold."),
    ('a:\n - "x\\0"\n', "x.yaml:2 a[0]: Type this text again;"),
    ('a: "\\ud800"\n', "x.yaml:1 a: Type this text again;"),
    ('"a\\0": 1\n', "x.yaml:1: A name must be a text;"),
    (f"a: {'9' * 5000}\n", "x.yaml:1 a: This number is too long."),
    ("a: 1e999\n", "x.yaml:1 a: This number is too long."),
    (f"a: {'[' * 100_000}", "x.yaml:1: Nest at most 40 levels."),
    (f"a: {'{b: ' * 500}", "x.yaml:1: Nest at most 40 levels."),
    ("a" * (source.MAX_BYTES + 1), "x.yaml:1: This file is larger than 1 MB."),
    ("é" * (source.MAX_BYTES // 2 + 1), "x.yaml:1: This file is larger than 1 MB."),
]


@pytest.mark.parametrize(("text", "problem"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_line(text, problem) -> None:
    (found,) = refusal(text)

    assert found.startswith(problem)


def test_mistakes_that_can_be_left_out_are_told_all_at_once_in_order() -> None:
    problems = refusal("a: 1\n2: x\na: 3\nb: 1e999\n")

    assert [problem.partition(" ")[0] for problem in problems] == [
        "x.yaml:2:",
        "x.yaml:3:",
        "x.yaml:4",
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.from_regex(r"[-+.0-9eExo_:~ ]{1,8}", fullmatch=True),
    st.sampled_from(
        [row[0] for row in WORDS] + ["a\nb", "a \nb\n", "\n a", "a\r\nb", "- a", "# a"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@UNHURRIED
@given(VALUES)
def test_what_is_written_reads_back_the_same(value) -> None:
    found = read(dump({"x": value}))

    assert repr(found) == repr({"x": value})


def test_a_text_of_more_lines_is_written_as_a_block() -> None:
    assert dump({"body": "Hi\n\nyou: too"}) == "body: |-\n  Hi\n\n  you: too\n"
