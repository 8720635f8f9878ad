"""What of `when` goes together, for the JSON Schema."""

from typing import Any, Final

from orchestrator.recipes.kinds.choice import KINDS
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.texts import DAY

Schema = dict[str, Any]

# There is no event, and so no property of it; or the place tells one from another.
WITHOUT_PER: Final = ("schedule", "date", "place")


def one_kind() -> Schema:
    """Just one way to start, and only the names that go with it."""
    only = {
        "within": _said("did", "not opened"),
        "stay": _said("place", "dwell"),
        "visit": _said("place", "exit"),
        "open_for": {"properties": {"only_open": {"const": True}}},
    }
    return {"oneOf": [_kind(kind) for kind in KINDS], "dependentSchemas": only}


def _said(name: str, value: str) -> Schema:
    return {"required": [name], "properties": {name: {"const": value}}}


def _kind(kind: Kind) -> Schema:
    own = {kind.head, *kind.takes}
    names = [name for other in KINDS for name in (other.head, *other.takes)]
    refused = [name for name in dict.fromkeys(names) if name not in own]
    per = ["per"] if kind.head in WITHOUT_PER else []
    return {"required": [kind.head], **_without(*refused, *per)}


def one_recurrence() -> Schema:
    day = {"once": {"pattern": f"^{DAY}$"}}
    timed = {"once": {"pattern": f"^{DAY}T"}}
    return {
        "oneOf": [
            {"required": ["every", "from"], **_without("rrule", "once")},
            {"required": ["rrule", "from"], **_without("every", "once", "until")},
            {"required": ["once"], **_without("every", "rrule", "from", "until", **day)},
            {
                "required": ["once"],
                **_without("every", "rrule", "from", "until", "at", "time", **timed),
            },
        ]
    }


def _without(*names: str, **known: Schema) -> Schema:
    return {"properties": {**known, **dict.fromkeys(names, False)}}
