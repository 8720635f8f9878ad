"""What the file's schema says of a place's fields; `triggers.places.given` is the judge."""

from typing import Annotated, Any, Final

from msgspec import Meta

from triggers.places import limits

INTERVALS: Final = {
    "type": "array",
    "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string"}},
}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _metres(least: float, most: float, usual: float) -> dict[str, Any]:
    return {"type": "number", "minimum": least, "maximum": most, "default": usual}


Id = Annotated[
    Any,
    Meta(
        extra_json_schema=_text(limits.MAX_ID) | {"minLength": 1},
        description="Your own number or name of it; a place is found again by it.",
        examples=["store-12"],
    ),
]
Name = Annotated[Any, Meta(extra_json_schema=_text(limits.MAX_NAME) | {"minLength": 1})]
Latitude = Annotated[Any, Meta(extra_json_schema={"type": "number", "minimum": -90, "maximum": 90})]
Longitude = Annotated[
    Any, Meta(extra_json_schema={"type": "number", "minimum": -180, "maximum": 180})
]
Radius = Annotated[
    Any,
    Meta(
        extra_json_schema=_metres(
            limits.MIN_RADIUS_M, limits.MAX_RADIUS_M, limits.DEFAULT_RADIUS_M
        ),
        description="Metres around the point that count as inside.",
    ),
]
Area = Annotated[
    Any,
    Meta(
        extra_json_schema={"type": "object"},
        description="Instead of a point and radius, a GeoJSON Polygon or MultiPolygon.",
    ),
]
Approach = Annotated[
    Any,
    Meta(
        extra_json_schema=_metres(0, limits.MAX_RADIUS_M, limits.DEFAULT_APPROACH_M),
        description="Metres outside that still count as near.",
    ),
]
Tags = Annotated[
    Any,
    Meta(
        extra_json_schema={
            "type": "array",
            "maxItems": limits.MAX_TAGS,
            "items": _text(limits.MAX_TAG),
        }
    ),
]
Attributes = Annotated[
    Any,
    Meta(
        extra_json_schema={"type": "object"},
        description="What else is known of it, for conditions and messages.",
    ),
]
Address = Annotated[Any, Meta(extra_json_schema=_text(limits.MAX_ADDRESS))]
Phone = Annotated[Any, Meta(extra_json_schema=_text(limits.MAX_PHONE))]
Zone = Annotated[
    Any,
    Meta(
        extra_json_schema=_text(limits.MAX_ZONE),
        description="That of its opening hours; the workspace's without it.",
    ),
]
Hours = Annotated[
    Any,
    Meta(
        extra_json_schema={
            "type": "object",
            "properties": {
                "weekly": {
                    "type": "object",
                    "properties": dict.fromkeys(DAYS, INTERVALS),
                    "additionalProperties": False,
                },
                "closed": {"type": "array", "items": {"type": "string"}},
                "special": {"type": "object", "additionalProperties": INTERVALS},
            },
            "additionalProperties": False,
        },
        description="Opening hours; without them it never closes.",
    ),
]
OpensOn = Annotated[
    Any, Meta(extra_json_schema={"type": "string"}, description="Its first day, if it has one.")
]
ClosesOn = Annotated[
    Any, Meta(extra_json_schema={"type": "string"}, description="Its last day, if it has one.")
]
