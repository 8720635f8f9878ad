"""The JSON Schema of a rule document, for API docs and for other people's tools.

parse() is the judge: depth, size, ranges and field kinds are beyond what the schema says.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from triggers.rules.fields import FIELDS, MAX_PATH_CHARS, Field
from triggers.rules.local_time import PERIODS
from triggers.rules.measures import MEASURES
from triggers.rules.of import JOINABLE, MAX_JOINS
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
        **_document("group", "leaf", "history"),
        "$defs": {
            "group": _group("group", "leaf", "history"),
            "leaf": _leaf({"anyOf": [_field_names(FIELDS), *_field_paths(FIELDS)]}),
            "history": _history(),
            "past": _document("past_group", "past_leaf"),
            "past_group": _group("past_group", "past_leaf"),
            "past_leaf": _leaf({"anyOf": [_field_names(_OF_EVENTS), *_field_paths(_OF_EVENTS)]}),
        },
    }


def _document(*children: str) -> Schema:
    return {
        "type": ["object", "null"],
        "properties": {"version": {"const": VERSION}, **_group_properties(*children)},
        "additionalProperties": False,
        "if": {"properties": {"rules": {"minItems": 1}}, "required": ["rules"]},
        "then": {"required": ["combinator"]},
    }


def _group_properties(*children: str) -> Schema:
    child = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in children]}
    return {
        "combinator": {"enum": ["and", "or"]},
        "not": {"type": "boolean"},
        "rules": {"type": "array", "items": child, "maxItems": MAX_LEAVES},
        **_bookkeeping(),
    }


def _bookkeeping() -> Schema:
    ignored: Schema = {key: {} for key in sorted(BOOKKEEPING)}
    return {**ignored, "valueSource": {"const": "value"}}


def _group(*children: str) -> Schema:
    properties = _group_properties(*children)
    properties["rules"]["minItems"] = 1
    return _closed(properties, required=["combinator", "rules"])


def _leaf(field: Schema, **more: Schema) -> Schema:
    properties = {"field": field, "operator": {"enum": list(OPERATORS)}, "value": {}, **more}
    required = ["field", "operator", *more]
    values = [_value_follows(operator) for operator in OPERATORS.values()]
    return {**_closed({**properties, **_bookkeeping()}, required=required), "allOf": values}


def _history() -> Schema:
    """A leaf with `of`; which measures need a property is beyond the schema."""
    properties = {
        "event": _name(),
        "property": {"anyOf": [_name(), {"type": "null"}]},
        "window": {"anyOf": [_span(), _calendar(), {"type": "null"}]},
        "where": {"$ref": "#/$defs/past"},
        "join": {"type": ["array", "null"], "items": _join(), "maxItems": MAX_JOINS},
        **_bookkeeping(),
    }
    return _leaf({"enum": list(MEASURES)}, of=_closed(properties, required=["event"]))


def _calendar() -> Schema:
    return _closed({"calendar": {"enum": list(PERIODS)}, **_bookkeeping()}, required=["calendar"])


def _join() -> Schema:
    joinable = [field for field in FIELDS if field.name in JOINABLE]
    properties = {"property": _name(), "equals": {"anyOf": _field_paths(joinable)}}
    return _closed({**properties, **_bookkeeping()}, required=["property", "equals"])


def _closed(properties: Schema, *, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _name() -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": MAX_PATH_CHARS}


def _field_names(fields: Iterable[Field]) -> Schema:
    return {"enum": [field.name for field in fields if not field.takes_path]}


def _field_paths(fields: Iterable[Field]) -> list[Schema]:
    families = [field.name for field in fields if field.takes_path]
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
    text = {"type": "string", "minLength": 0 if operator.blank_allowed else 1}
    return {**text, "maxLength": operator.max_chars} if operator.max_chars else text


def _span() -> Schema:
    properties = {"n": {"type": "integer", "minimum": 1}, "unit": {"enum": list(UNITS)}}
    return _closed(properties, required=["n", "unit"])


_OF_EVENTS: Final = tuple(field for field in FIELDS if field.name.startswith("event."))
