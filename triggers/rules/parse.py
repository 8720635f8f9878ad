"""From a stored document to a Rule, or to a RuleError that says where and what to do."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from triggers.rules.errors import RuleError, closest
from triggers.rules.fields import FIELDS, MAX_PATH_CHARS, Fact, field_names, find_fact
from triggers.rules.operands import has_unstorable, read_operand
from triggers.rules.operators import OPERATORS, OTHER_NAMES, Operator
from triggers.rules.rule import Rule, make_group, make_leaf
from triggers.rules.tree import Combinator, Group, Leaf, Node, leaves
from triggers.rules.values import printable

VERSION: Final = 1
MAX_DEPTH: Final = 8
MAX_LEAVES: Final = 200
MAX_BYTES: Final = 16_384

# What react-querybuilder keeps beside the rule for itself; it never changes the verdict.
BOOKKEEPING: Final = frozenset({"id", "path", "valueSource", "disabled", "muted"})
GROUP_KEYS: Final = frozenset({"combinator", "not", "rules"})
LEAF_KEYS: Final = frozenset({"field", "operator", "value"})

_ROOTS: Final = {
    "user": "person.traits",
    "traits": "person.traits",
    "person": "person.traits",
    "properties": "event.properties",
    "event": "event.properties",
    "context": "event.context",
}


def parse(document: Mapping[str, Any] | None) -> Rule:
    """Checks a document in react-querybuilder's shape and compiles it, once.

    None, {} and a document with empty "rules" are the rule that always matches.
    Raises RuleError for anything else than a well-formed rule within the limits: 8 groups deep,
    200 tests, 16,384 bytes of JSON.
    """
    if document is not None and not isinstance(document, Mapping):
        raise RuleError("", "Give the rule as an object with combinator and rules.")
    plain = _plain_copy(document or {})
    _check_version(plain.pop("version", VERSION))
    if not plain or plain.get("rules") == []:
        return Rule(_always(plain))
    if "field" in plain:
        raise RuleError("", 'Put the condition in a group: {"combinator": "and", "rules": [...]}.')
    root = _group(plain, "", depth=1)
    if sum(1 for _ in leaves(root)) > MAX_LEAVES:
        raise RuleError("", f"Use at most {MAX_LEAVES} conditions, or split the rule.")
    return Rule(root)


def _plain_copy(document: Mapping[str, Any]) -> dict[str, Any]:
    """Plain JSON of our own, so that later changes outside do not reach the rule."""
    try:
        text = json.dumps(dict(document), ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise RuleError("", f"Use plain JSON values only ({printable(str(error))}).") from error
    except RecursionError as error:
        raise RuleError("", f"Nest at most {MAX_DEPTH} groups.") from error
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise RuleError("", f"Make the rule shorter; it may have {MAX_BYTES} bytes as JSON.")
    plain: dict[str, Any] = json.loads(text)
    return plain


def _check_version(version: Any) -> None:
    if type(version) is not int or version != VERSION:
        raise RuleError("/version", f"Use version {VERSION}, the only one there is.")


def _always(plain: dict[str, Any]) -> Group:
    """A "not" around nothing would silently never match, so it is refused."""
    _check_keys(plain, GROUP_KEYS, "")
    _combinator({"combinator": "and", **plain}, "")
    if _negated(plain, ""):
        raise RuleError("/not", 'Add a condition, or take away the "not".')
    return make_group(combinator="and", negated=False, rules=())


def _node(raw: Any, pointer: str, *, depth: int) -> Node:
    if not isinstance(raw, dict):
        raise RuleError(pointer, "Put a condition or a group here, as an object.")
    if "rules" in raw or "combinator" in raw:
        return _group(raw, pointer, depth=depth)
    return _leaf(raw, pointer)


def _group(raw: dict[str, Any], pointer: str, *, depth: int) -> Group:
    if depth > MAX_DEPTH:
        raise RuleError(pointer, f"Nest at most {MAX_DEPTH} groups.")
    _check_keys(raw, GROUP_KEYS, pointer)
    rules = raw.get("rules")
    if not isinstance(rules, list):
        raise RuleError(f"{pointer}/rules", "Give the conditions as a list.")
    if not rules:
        # It would match everyone and so decide any "or" around it.
        raise RuleError(f"{pointer}/rules", "Add a condition to this group, or remove the group.")
    combinator = _combinator(raw, pointer)
    nodes = (_node(rule, f"{pointer}/rules/{at}", depth=depth + 1) for at, rule in enumerate(rules))
    return make_group(combinator=combinator, negated=_negated(raw, pointer), rules=tuple(nodes))


def _combinator(raw: dict[str, Any], pointer: str) -> Combinator:
    combinator = raw.get("combinator")
    if combinator == "and":
        return "and"
    if combinator == "or":
        return "or"
    hint = closest(str(combinator), ("and", "or"))
    raise RuleError(f"{pointer}/combinator", 'Join the conditions with "and" or "or".', hint)


def _negated(raw: dict[str, Any], pointer: str) -> bool:
    negated = raw.get("not", False)
    if not isinstance(negated, bool):
        raise RuleError(f"{pointer}/not", 'Set "not" to true or false.')
    return negated


def _check_keys(raw: dict[str, Any], known: frozenset[str], pointer: str) -> None:
    for key in raw:
        if key not in known and key not in BOOKKEEPING:
            escaped = printable(key).replace("~", "~0").replace("/", "~1")
            message = f"Remove this key; a rule has {_listed(sorted(known))}."
            raise RuleError(f"{pointer}/{escaped}", message, closest(key, known))
    if raw.get("valueSource", "value") != "value":
        message = "Type a value; a field cannot be compared with another field."
        raise RuleError(f"{pointer}/valueSource", message)


def _leaf(raw: dict[str, Any], pointer: str) -> Leaf:
    _check_keys(raw, LEAF_KEYS, pointer)
    fact = _fact(raw.get("field"), f"{pointer}/field")
    operator = _operator(raw.get("operator"), f"{pointer}/operator")
    if not set(operator.facts) & set(fact.field.kinds):
        kinds = " or ".join(kind.value for kind in fact.field.kinds)
        message = f"Choose another operator; {raw['field']} is a {kinds}."
        raise RuleError(f"{pointer}/operator", message)
    operand = read_operand(
        operator=operator,
        kinds=_possible_kinds(operator, fact),
        raw=raw.get("value"),
        pointer=f"{pointer}/value",
    )
    return make_leaf(
        name=raw["field"], fact=fact, operator=operator, value=raw.get("value"), operand=operand
    )


def _possible_kinds(operator: Operator, fact: Fact) -> tuple[Any, ...]:
    """An operator that compares like with like takes no value that the field can never be."""
    if operator.kinds != operator.facts:
        return operator.kinds
    return tuple(kind for kind in operator.kinds if kind in fact.field.kinds)


def _fact(name: Any, pointer: str) -> Fact:
    if not isinstance(name, str) or not name:
        raise RuleError(pointer, "Choose a field.")
    fact = find_fact(name)
    if fact is None:
        message = f'There is no field "{printable(name)}". Use {_listed(field_names())}.'
        raise RuleError(pointer, message, _closest_field(name))
    if len(fact.path) > MAX_PATH_CHARS or has_unstorable(fact.path):
        raise RuleError(pointer, f"Use a name of at most {MAX_PATH_CHARS} plain characters.")
    return fact


def _closest_field(name: str) -> str | None:
    """event.propertys.venue -> event.properties.venue; user.city -> person.traits.city."""
    family, _, path = printable(name).partition(".")
    head, _, rest = path.partition(".")
    siblings = {
        field.name: field for field in FIELDS if field.name.startswith(f"{family.lower()}.")
    }
    near = closest(f"{family}.{head}", siblings, cutoff=0.8)
    if near:
        return f"{near}.{rest or '<path>'}" if siblings[near].takes_path else near
    if path and family in _ROOTS:
        return f"{_ROOTS[family]}.{path}"
    return closest(name, field_names())


def _operator(name: Any, pointer: str) -> Operator:
    if not isinstance(name, str) or not name:
        raise RuleError(pointer, "Choose an operator.")
    operator = OPERATORS.get(name)
    if operator is None:
        message = f'There is no operator "{printable(name)}". Use {_listed(OPERATORS)}.'
        raise RuleError(pointer, message, OTHER_NAMES.get(name) or closest(name, OPERATORS))
    return operator


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
