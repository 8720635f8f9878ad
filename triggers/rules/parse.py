"""From a stored document to a Rule, or to a RuleError that says where and what to do."""

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from triggers.rules.errors import RuleError, closest
from triggers.rules.fields import Fact
from triggers.rules.measures import Measure
from triggers.rules.names import BOOKKEEPING, Scope, check_keys, listed, read_field, read_operator
from triggers.rules.of import read_of
from triggers.rules.operands import read_operand
from triggers.rules.operators import Operator
from triggers.rules.past import make_history_leaf
from triggers.rules.patterns import PatternError
from triggers.rules.rule import Rule, make_group, make_leaf
from triggers.rules.tree import AnyLeaf, Combinator, Group, Node, size
from triggers.rules.values import Kind, printable

__all__ = ["BOOKKEEPING", "MAX_BYTES", "MAX_DEPTH", "MAX_LEAVES", "VERSION", "parse"]

VERSION: Final = 1
MAX_DEPTH: Final = 8
MAX_LEAVES: Final = 200
MAX_BYTES: Final = 16_384

GROUP_KEYS: Final = frozenset({"combinator", "not", "rules"})
LEAF_KEYS: Final = frozenset({"field", "operator", "value"})
HISTORY_KEYS: Final = LEAF_KEYS | {"of"}


def parse(document: Mapping[str, Any] | None, scope: Literal["event", "segment"] = "event") -> Rule:
    """Checks a document in react-querybuilder's shape and compiles it, once.

    None, {} and a document with empty "rules" are the rule that always matches.
    scope: "segment" for a segment's rule, which cannot ask about the triggering event.
    Raises RuleError for anything else than a well-formed rule within the limits: 8 groups deep,
    200 tests, those of nested rules included, and 16,384 bytes of JSON.
    """
    if document is not None and not isinstance(document, Mapping):
        raise RuleError("", "Give the rule as an object with combinator and rules.")
    root = _document(_plain_copy(document or {}), "", depth=1, scope=Scope(scope))
    if size(root) > MAX_LEAVES:
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


def _document(plain: dict[str, Any], pointer: str, *, depth: int, scope: Scope) -> Group:
    _check_version(plain.pop("version", VERSION), pointer)
    if not plain or plain.get("rules") == []:
        return _always(plain, pointer)
    if "field" in plain:
        message = 'Put the condition in a group: {"combinator": "and", "rules": [...]}.'
        raise RuleError(pointer, message)
    return _group(plain, pointer, depth=depth, scope=scope)


def _check_version(version: Any, pointer: str) -> None:
    if type(version) is not int or version != VERSION:
        raise RuleError(f"{pointer}/version", f"Use version {VERSION}, the only one there is.")


def _always(plain: dict[str, Any], pointer: str) -> Group:
    """A "not" around nothing would silently never match, so it is refused."""
    check_keys(plain, GROUP_KEYS, pointer)
    _combinator({"combinator": "and", **plain}, pointer)
    if _negated(plain, pointer):
        raise RuleError(f"{pointer}/not", 'Add a condition, or take away the "not".')
    return make_group(combinator="and", negated=False, rules=())


def _node(raw: Any, pointer: str, *, depth: int, scope: Scope) -> Node:
    if not isinstance(raw, dict):
        raise RuleError(pointer, "Put a condition or a group here, as an object.")
    if "rules" in raw or "combinator" in raw:
        return _group(raw, pointer, depth=depth, scope=scope)
    return _leaf(raw, pointer, depth=depth, scope=scope)


def _group(raw: dict[str, Any], pointer: str, *, depth: int, scope: Scope) -> Group:
    if depth > MAX_DEPTH:
        raise RuleError(pointer, f"Nest at most {MAX_DEPTH} groups.")
    check_keys(raw, GROUP_KEYS, pointer)
    rules = raw.get("rules")
    if not isinstance(rules, list):
        raise RuleError(f"{pointer}/rules", "Give the conditions as a list.")
    if not rules:
        # It would match everyone and so decide any "or" around it.
        raise RuleError(f"{pointer}/rules", "Add a condition to this group, or remove the group.")
    combinator = _combinator(raw, pointer)
    nodes = (
        _node(rule, f"{pointer}/rules/{at}", depth=depth + 1, scope=scope)
        for at, rule in enumerate(rules)
    )
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


def _leaf(raw: dict[str, Any], pointer: str, *, depth: int, scope: Scope) -> AnyLeaf:
    # The keys come first, so that a slip in "field" itself is named; they depend on the field.
    history = str(raw.get("field")).startswith("history.")
    check_keys(raw, HISTORY_KEYS if history else LEAF_KEYS, pointer)
    field = read_field(raw.get("field"), f"{pointer}/field", scope)
    operator = read_operator(raw.get("operator"), f"{pointer}/operator")
    table = field.field if isinstance(field, Fact) else field
    _check_operator(raw["field"], operator, table.kinds, table.operators, f"{pointer}/operator")
    operand = read_operand(
        operator=operator,
        kinds=_possible_kinds(operator, table.kinds),
        raw=raw.get("value"),
        pointer=f"{pointer}/value",
    )
    try:
        if isinstance(field, Measure):
            return _history(raw, pointer, field, operator, operand, depth=depth, scope=scope)
        return make_leaf(
            name=raw["field"],
            fact=field,
            operator=operator,
            value=raw.get("value"),
            operand=operand,
        )
    except PatternError as error:
        raise RuleError(f"{pointer}/value", str(error)) from error


def _check_operator(
    name: str, operator: Operator, kinds: tuple[Kind, ...], only: tuple[str, ...], pointer: str
) -> None:
    if not set(operator.facts) & set(kinds):
        known = " or ".join(kind.value for kind in kinds)
        raise RuleError(pointer, f"Choose another operator; {name} is a {known}.")
    if only and operator.name not in only:
        raise RuleError(pointer, f"Choose another operator; {name} takes {listed(only)}.")


def _possible_kinds(operator: Operator, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """An operator that compares like with like takes no value that the field can never be."""
    if operator.kinds != operator.facts:
        return operator.kinds
    return tuple(kind for kind in operator.kinds if kind in kinds)


def _history(
    raw: dict[str, Any],
    pointer: str,
    measure: Measure,
    operator: Operator,
    operand: Any,
    *,
    depth: int,
    scope: Scope,
) -> AnyLeaf:
    def read_where(nested: Any, at: str) -> Group | None:
        if nested is None:
            return None
        if not isinstance(nested, dict):
            raise RuleError(at, "Give the rule as an object with combinator and rules.")
        root = _document(nested, at, depth=depth, scope=Scope.PAST)
        return root if root.rules else None

    history, where = read_of(
        raw.get("of"), f"{pointer}/of", measure=measure, scope=scope, read_where=read_where
    )
    return make_history_leaf(
        measure=measure,
        history=history,
        where=where,
        operator=operator,
        value=raw.get("value"),
        operand=operand,
    )
