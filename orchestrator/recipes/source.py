"""YAML text to plain values, with the line on which each begins.

Read by YAML 1.2's rules for plain words, so that `no` stays Norwegian, 22:00 a time and
2026-03-01 the text that rules expect. Anchors, aliases, tags and repeated keys are refused.
"""

import re
from math import isfinite
from typing import Any, Final

import yaml

from orchestrator.recipes.problem import Path, Problems
from triggers.rules.operands import has_unstorable
from triggers.rules.values import printable

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 40
MAX_DIGITS: Final = 40
TOO_LARGE: Final = "This file is larger than 1 MB. Split it."
LIQUID_HINT: Final = "Put quotes around a text that begins with {{."

_TAG: Final = "tag:yaml.org,2002:"
TEXT: Final = f"{_TAG}str"
_DIGITS: Final = "(?:0|[1-9][0-9]*)"
# Numbers with a leading zero stay texts: they are codes, and would lose it.
PLAIN_WORDS: Final = (
    (f"{_TAG}null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    (f"{_TAG}bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    (f"{_TAG}int", rf"^[-+]?{_DIGITS}$", list("-+0123456789")),
    (
        f"{_TAG}float",
        rf"^[-+]?(?:{_DIGITS}(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+))$",
        list("-+0123456789"),
    ),
)


class _Loader(yaml.SafeLoader):
    """Only composes nodes; values are made here, by PLAIN_WORDS."""

    yaml_implicit_resolvers = {}
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self.depth += 1
        if refusal := _refusal(event, self.depth):
            raise yaml.MarkedYAMLError(problem=refusal, problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _tag, _pattern, _first in PLAIN_WORDS:
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _refusal(event: Any, depth: int) -> str:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        return "Write it out; names with & and * are not read. Quote a text that begins so."
    if event.tag:
        return "Leave out the tag with “!”, or put quotes around a text that begins so."
    return f"Nest at most {MAX_DEPTH} levels." if depth > MAX_DEPTH else ""


def read(text: str, problems: Problems) -> Any:
    """Dicts with text keys, lists, texts, numbers, booleans and None.

    Fills problems.lines. Raises RecipeError for what is not YAML at all; everything else that
    is wrong goes to problems and is left out.
    """
    node = _composed(text, problems)
    problems.refuse()
    return None if node is None else _value(node, (), problems)


def _composed(text: str, problems: Problems) -> yaml.Node | None:
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        problems.add((), TOO_LARGE)
        return None
    try:
        return _Loader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.add((), "There is a character here that YAML cannot hold.", line=line)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add((), _said(error), line=line)
    return None


def _said(error: yaml.MarkedYAMLError) -> str:
    if error.problem and error.problem[0].isupper():
        return error.problem
    hint = "Check the indentation, and put quotes around texts with “: ” or “ #” or “{{”."
    return f"This cannot be read as YAML ({error.problem or error.context}). {hint}"


def _value(node: yaml.Node, path: Path, problems: Problems) -> Any:
    problems.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, at), problems) for at, item in enumerate(node.value)]
    return _scalar(node, path, problems)


def _mapping(node: yaml.MappingNode, path: Path, problems: Problems) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if problem := _key_problem(key, read):
            problems.add(path, problem, line=line)
            continue
        problems.lines[*path, key.value] = line
        read[key.value] = _value(value, (*path, key.value), problems)
    return read


def _key_problem(key: yaml.Node, before: dict[str, Any]) -> str:
    if not isinstance(key, yaml.ScalarNode):
        return f"A name must be a text. {LIQUID_HINT}"
    shown = printable(key.value)
    if key.tag != TEXT or has_unstorable(key.value):
        return f"A name must be a text; put quotes around “{shown}”."
    return f"“{shown}” is there twice. Remove one of them." if key.value in before else ""


def _scalar(node: yaml.Node, path: Path, problems: Problems) -> Any:
    text = str(node.value)
    if node.tag == TEXT:
        if has_unstorable(text):
            problems.add(path, "Type this text again; it holds characters that cannot be stored.")
        return text
    if node.tag == f"{_TAG}null":
        return None
    if node.tag == f"{_TAG}bool":
        return text.lower() == "true"
    return _number(text, path, problems)


def _number(text: str, path: Path, problems: Problems) -> float:
    number = float(text[:MAX_DIGITS])
    if len(text) > MAX_DIGITS or not isfinite(number):
        problems.add(path, "This number is too long. Put quotes around it if it is a code.")
        return 0
    return int(text) if text.lstrip("+-").isdigit() else number
