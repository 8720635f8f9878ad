"""Conditions: groups of [field, words, value] in the file, a rule document in a definition.

One about the past has a block at its end, which `past.py` reads.
"""

from typing import Any, Final

from orchestrator.recipes import past, words
from orchestrator.recipes.problem import Path, Problems
from triggers.rules import OPERATORS, Operator, RuleError, Takes, parse
from triggers.rules.parse import VERSION
from triggers.rules.values import printable

# How a group is called, and what the rule document says instead: combinator and "not".
GROUPS: Final = {
    "all": ("and", False),
    "any": ("or", False),
    "none": ("or", True),
    "not all": ("and", True),
}
GROUP_HELP: Final = "Begin with one of all, any, none or not all, and a list of conditions."
TRIPLE_HELP: Final = (
    "Write a condition as [field, words, value], such as [event.properties.guests, is at least, 2]."
)
_NAMES: Final = {stored: name for name, stored in GROUPS.items()}
_PARTS: Final = {"field": 0, "operator": 1, "value": 2}

Document = dict[str, Any]


def read(raw: Any, path: Path, problems: Problems) -> Document | None:
    """The rule document of what stands after `if`, or None where something is wrong with it."""
    group = _group(raw, path, problems)
    return {"version": VERSION, **group} if group else None


def _group(raw: Any, path: Path, problems: Problems) -> Document | None:
    name = next(iter(raw)) if isinstance(raw, dict) and len(raw) == 1 else None
    if name not in GROUPS or not isinstance(raw[name], list):
        problems.add(path, GROUP_HELP)
        return None
    inner = (*path, name)
    if not raw[name]:
        problems.add(inner, "Add a condition, or remove this group.")
        return None
    rules = [_node(item, (*inner, at), problems) for at, item in enumerate(raw[name])]
    if None in rules:
        return None
    combinator, negated = GROUPS[name]
    return {"combinator": combinator, "not": negated, "rules": rules}


def _node(raw: Any, path: Path, problems: Problems) -> Document | None:
    return _leaf(raw, path, problems) if isinstance(raw, list) else _group(raw, path, problems)


def _leaf(raw: list[Any], path: Path, problems: Problems) -> Document | None:
    parts, block = past.split(raw)
    if not 2 <= len(parts) <= 3 or not all(isinstance(part, str) for part in parts[:2]):
        about_past = past.asks(next(iter(raw), None))
        problems.add(path, past.BLOCK_HELP if about_past else TRIPLE_HELP)
        return None
    of = past.read(parts[0], block, (*path, len(parts)), problems, read)
    operator = _operator(parts[1], (*path, 1), problems)
    if operator is None or not _value_fits(operator, parts, path, problems) or of is None:
        return None
    leaf = {"field": parts[0], "operator": operator.name}
    if operator.takes is not Takes.NOTHING:
        leaf["value"] = _stored(operator, parts[2])
    if of:
        leaf["of"] = of
    return leaf if _works(leaf, raw, path, problems) else None


def _operator(said: str, path: Path, problems: Problems) -> Operator | None:
    operator = words.operator_said(said)
    if operator is None:
        near = words.closest_words(said)
        hint = f"Did you mean “{near}”?" if near else f"Use {', '.join(_every_word())}."
        problems.add(path, f"There are no such words as “{printable(said)}”. {hint}")
    return operator


def _every_word() -> list[str]:
    return [operator.words for operator in OPERATORS.values()]


def _value_fits(operator: Operator, raw: list[Any], path: Path, problems: Problems) -> bool:
    """Whether a value is there just where the operator takes one, and a duration for a span."""
    message, at = "", path
    if operator.takes is Takes.NOTHING:
        if len(raw) == 3:
            message, at = f"Remove the value; “{operator.words}” takes none.", (*path, 2)
    elif len(raw) == 2:
        message = f"Add the value after “{operator.words}”."
    elif operator.takes is Takes.SPAN and not words.span(raw[2]):
        message, at = f"{words.DURATION_HELP} Seconds are too short here.", (*path, 2)
    if message:
        problems.add(at, message)
    return not message


def _stored(operator: Operator, value: Any) -> Any:
    return words.span(value) if operator.takes is Takes.SPAN else _plain(value)


def _plain(value: Any) -> Any:
    """PostgreSQL gives 1e16 back as a whole number, so whole numbers are written as such."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _works(leaf: Document, raw: list[Any], path: Path, problems: Problems) -> bool:
    """Each condition is tried alone, because the parser stops at the first mistake."""
    rule = {"combinator": "and", "rules": [leaf]}
    try:
        parse(rule, scope="segment" if _is_of_segment(path) else "event")
    except RuleError as error:
        inside = error.pointer.removeprefix("/rules/0")
        problems.add(place(raw, inside, path), said(error))
        return False
    return True


def _is_of_segment(path: Path) -> bool:
    """A segment's own conditions are about the person; those below `of` are about an event."""
    return path[:1] == ("segments",) and path.count("if") == 1


def said(error: RuleError) -> str:
    hint = f" Did you mean {error.suggestion}?" if error.suggestion else ""
    return f"{error.message}{hint}"


def place(raw: Any, pointer: str, path: Path) -> Path:
    """Where in the file a RuleError points to; raw is what stands at path."""
    steps = pointer.split("/")[1:]
    for at, step in enumerate(steps):
        if isinstance(raw, list) and step == "of":
            return past.place(raw[-1], steps[at + 1 :], (*path, len(raw) - 1), place)
        if isinstance(raw, dict) and step == "rules":
            key: str | int = next(iter(raw))
        elif isinstance(raw, list) and (step in _PARTS or step.isdigit()):
            key = _PARTS.get(step, -1) if step in _PARTS else int(step)
        else:
            return path
        if isinstance(key, int) and key >= len(raw):
            return path
        raw, path = raw[key], (*path, key)
    return path


def normal(rule: Document | None) -> Document | None:
    """The same rule without what editors keep in it; None for every rule that always matches.

    What `read` gives is normal. Two normal rules are the same exactly if their JSON is.
    """
    if not rule or not rule.get("rules"):
        return None
    return {"version": VERSION, **_normal(rule)}


def _normal(node: Document) -> Document:
    if "rules" in node:
        rules = [_normal(rule) for rule in node["rules"]]
        return {"combinator": node["combinator"], "not": node.get("not", False), "rules": rules}
    leaf = {"field": node["field"], "operator": node["operator"]}
    if OPERATORS[node["operator"]].takes is not Takes.NOTHING:
        leaf["value"] = _plain(node["value"])
    if "of" in node:
        leaf["of"] = past.normal(node["of"], normal)
    return leaf


def write(rule: Document | None) -> Document | None:
    """What stands after `if` for a rule that parses; None for one that always matches."""
    plain = normal(rule)
    return _written(plain) if plain else None


def _written(group: Document) -> Document:
    name = _NAMES[group["combinator"], group["not"]]
    return {name: [_written(r) if "rules" in r else _condition(r) for r in group["rules"]]}


def _condition(leaf: Document) -> list[Any]:
    block = [past.write(leaf["of"], write)] if "of" in leaf else []
    return [*_triple(leaf), *block]


def _triple(leaf: Document) -> list[Any]:
    operator = OPERATORS[leaf["operator"]]
    if operator.takes is Takes.NOTHING:
        return [leaf["field"], operator.words]
    value = leaf["value"]
    return [
        leaf["field"],
        operator.words,
        words.span_words(value) if operator.takes is Takes.SPAN else value,
    ]
