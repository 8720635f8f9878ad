"""The JSON Schema of a rule document, for API docs and for other people's tools.

parse() is the judge: depth, size, ranges and field kinds are beyond what the schema says.
"""

import re
from typing import Any

from triggers.rules.fields import FIELDS, MAX_PATH_CHARS
from triggers.rules.operands import LARGEST_NUMBER, UNITS
from triggers.rules.operators import OPERATORS, Operator, Takes
from triggers.rules.parse import BOOKKEEPING, MAX_LEAVES, VERSION
from triggers.rules.values import Kind

Schema = dict[str, Any]


def json_schema() -> Schema:
    """A fresh dict, draft 2020-12. Accepts every document that parse() accepts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule",
        "description": "Conditions over an event and its person; empty means every time.",
        "type": ["object", "null"],
        "properties": {"version": {"const": VERSION}, **_group_properties()},
        "additionalProperties": False,
        "if": {"properties": {"rules": {"minItems": 1}}, "required": ["rules"]},
        "then": {"required": ["combinator"]},
        "$defs": {"group": _group(), "leaf": _leaf()},
    }


def _group_properties() -> Schema:
    child = {"anyOf": [{"$ref": "#/$defs/group"}, {"$ref": "#/$defs/leaf"}]}
    return {
        "combinator": {"enum": ["and", "or"]},
        "not": {"type": "boolean"},
        "rules": {"type": "array", "items": child, "maxItems": MAX_LEAVES},
        **_bookkeeping(),
    }


def _bookkeeping() -> Schema:
    ignored: Schema = {key: {} for key in sorted(BOOKKEEPING)}
    return {**ignored, "valueSource": {"const": "value"}}


def _group() -> Schema:
    properties = _group_properties()
    properties["rules"]["minItems"] = 1
    return {
        "type": "object",
        "properties": properties,
        "required": ["combinator", "rules"],
        "additionalProperties": False,
    }


def _leaf() -> Schema:
    return {
        "type": "object",
        "properties": {
            "field": {"anyOf": [_field_names(), *_field_paths()]},
            "operator": {"enum": list(OPERATORS)},
            "value": {},
            **_bookkeeping(),
        },
        "required": ["field", "operator"],
        "additionalProperties": False,
        "allOf": [_value_follows(operator) for operator in OPERATORS.values()],
    }


def _field_names() -> Schema:
    return {"enum": [field.name for field in FIELDS if not field.takes_path]}


def _field_paths() -> list[Schema]:
    families = [field.name for field in FIELDS if field.takes_path]
    return [
        {
            "type": "string",
            "pattern": rf"^{re.escape(name)}\.[\s\S]+$",
            "maxLength": len(name) + 1 + MAX_PATH_CHARS,
        }
        for name in families
    ]


def _value_follows(operator: Operator) -> Schema:
    if operator.takes is Takes.NOTHING:
        return {}
    return {
        "if": {"properties": {"operator": {"const": operator.name}}},
        "then": {"properties": {"value": _value(operator)}, "required": ["value"]},
    }


def _value(operator: Operator) -> Schema:
    if operator.takes is Takes.SPAN:
        return _span()
    kinds = [_kind(kind, operator) for kind in operator.kinds]
    if operator.takes is Takes.RANGE:
        return {"type": "array", "items": kinds[0], "minItems": 2, "maxItems": 2}
    if operator.takes is Takes.MANY:
        return {"anyOf": [{"type": "array", "items": kind, "minItems": 1} for kind in kinds]}
    return {"anyOf": kinds}


def _kind(kind: Kind, operator: Operator) -> Schema:
    if kind is Kind.NUMBER:
        return {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
    if kind is Kind.BOOLEAN:
        return {"type": "boolean"}
    if kind is Kind.DATE:
        return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"}
    return {"type": "string", "minLength": 0 if operator.blank_allowed else 1}


def _span() -> Schema:
    return {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 1}, "unit": {"enum": list(UNITS)}},
        "required": ["n", "unit"],
        "additionalProperties": False,
    }
