"""The JSON Schema of the file, for editors. `python -m orchestrator.recipes.schema` writes it.

`apply` is the judge: Liquid, sizes and what depends on the workspace are beyond the schema.
"""

import json
import sys
from typing import Any

import msgspec

from campaigns.services.trigger_checks import MAX_CANCEL_EVENTS
from orchestrator.recipes.conditions import GROUPS
from orchestrator.recipes.document import Document
from orchestrator.recipes.kinds.schema import one_kind, one_recurrence
from orchestrator.recipes.words import SPAN, ways_to_say
from triggers.rules import OPERATORS, Takes
from triggers.rules import json_schema as rule_schema
from triggers.rules.fields import MAX_PATH_CHARS
from triggers.rules.local_time import PERIODS
from triggers.rules.measures import MEASURES

Schema = dict[str, Any]


def json_schema() -> Schema:
    """A fresh dict, draft 2020-12."""
    schema = msgspec.json.schema(Document)
    schema["$defs"] |= {
        "Conditions": _conditions(),
        "Condition": _condition(),
        "PastCondition": _past_condition(),
        "Past": _past(),
        "Same": _same(),
    }
    schema["$defs"]["When"] |= one_kind()
    schema["$defs"]["Schedule"] |= one_recurrence()
    schema["$defs"]["When"]["properties"]["unless"]["maxItems"] = MAX_CANCEL_EVENTS
    schema["$defs"]["Place"] |= {"required": ["external_id", "name"], "anyOf": _POINT_OR_AREA}
    schema["$defs"]["Campaign"]["properties"]["messages"]["required"] = ["default"]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Campaigns as code",
    }
    return _without_none(head | schema)


def text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_none(schema: Any) -> Any:
    """What may be left out may still not be null in the file."""
    if isinstance(schema, list):
        return [_without_none(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    arms = [arm for arm in schema.get("anyOf", []) if arm != {"type": "null"}]
    if len(arms) == 1:
        schema = {**schema, **arms[0]}
        del schema["anyOf"]
    if schema.get("default", ...) is None:
        schema = {name: value for name, value in schema.items() if name != "default"}
    return {name: _without_none(value) for name, value in schema.items()}


def _same() -> Schema:
    pairs = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
    one = [{"type": "string", "minLength": 1}, pairs]
    return {
        "title": "Same",
        "description": "Properties of this event that must equal those of the first one.",
        "anyOf": [*one, {"type": "array", "items": {"anyOf": one}}],
    }


def _conditions() -> Schema:
    names = ("Condition", "PastCondition", "Conditions")
    either = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in names]}
    group = {"type": "array", "minItems": 1, "items": either}
    return {
        "title": "Conditions",
        "description": "A group: all of them, any of them, none of them, or not all of them.",
        "type": "object",
        "properties": dict.fromkeys(GROUPS, group),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _condition() -> Schema:
    return {
        "title": "Condition",
        "description": "[field, words, value], such as [event.properties.guests, is at least, 2]",
        **_parts(rule_schema()["$defs"]["leaf"]["properties"]["field"]),
    }


def _past_condition() -> Schema:
    return {
        "title": "Condition about the past",
        "description": "[field, words, value, block], such as [history.count, is at least, 2,"
        " {of: Order Completed, within: 30 days}]",
        **_parts({"enum": list(MEASURES)}, {"$ref": "#/$defs/Past"}),
    }


def _past() -> Schema:
    """Which measures need a property, and what `if` may ask, is beyond the schema."""
    name = {"type": "string", "minLength": 1, "maxLength": MAX_PATH_CHARS}
    return {
        "title": "Past events",
        "description": "Which past events of the person are meant.",
        "type": "object",
        "properties": {
            "of": {**name, "description": "The name of the event."},
            "property": {**name, "description": "The property that is summed or compared."},
            "within": {**_VALUES[Takes.SPAN], "description": "So long ago at most."},
            "this": {"enum": list(PERIODS), "description": "Since this day, week or month began."},
            "same": {"$ref": "#/$defs/Same"},
            "if": {"$ref": "#/$defs/Conditions"},
        },
        "additionalProperties": False,
        "required": ["of"],
        "not": {"required": ["within", "this"]},
    }


def _parts(field: Schema, *block: Schema) -> Schema:
    """Field and words, the value if the words take one, and then the block if there is one."""
    said = [way for operator in OPERATORS.values() for way in ways_to_say(operator)]
    return {
        "type": "array",
        "prefixItems": [field, {"enum": said}, *[{}] * (1 + len(block))],
        "items": False,
        "minItems": 2,
        "allOf": [_rest_of(takes, *block) for takes in Takes],
    }


def _rest_of(takes: Takes, *block: Schema) -> Schema:
    said = [way for row in OPERATORS.values() if row.takes is takes for way in ways_to_say(row)]
    rest = [_VALUES[takes], *block] if takes in _VALUES else [*block]
    exactly = {"minItems": 2 + len(rest), "maxItems": 2 + len(rest)}
    then = {"prefixItems": [{}, {}, *rest], **exactly}
    return {"if": {"prefixItems": [{}, {"enum": said}]}, "then": then}


_POINT_OR_AREA: list[Schema] = [{"required": ["latitude", "longitude"]}, {"required": ["area"]}]
_ONE: Schema = {"type": ["string", "number", "boolean"]}
_VALUES: dict[Takes, Schema] = {
    Takes.ONE: _ONE,
    Takes.MANY: {"type": "array", "minItems": 1, "items": _ONE},
    Takes.RANGE: {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
    Takes.SPAN: {"type": "string", "pattern": SPAN},
}


if __name__ == "__main__":
    sys.stdout.write(text())
