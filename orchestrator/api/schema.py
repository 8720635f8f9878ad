"""The OpenAPI side of the doors."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

TEXT: dict[str, Any] = {"type": "string"}
OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}


def object_of(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


MESSAGE = object_of(
    type={**TEXT, "enum": ["track", "identify", "screen", "page", "group", "alias"]},
    messageId=TEXT,
    userId=TEXT,
    anonymousId=TEXT,
    event=TEXT,
    properties=OBJECT,
    traits=OBJECT,
    context=OBJECT,
    timestamp={**TEXT, "format": "date-time"},
)
BATCH = {
    "application/json": object_of(
        batch={"type": "array", "items": MESSAGE, "maxItems": 2_500},
        sentAt={**TEXT, "format": "date-time"},
        writeKey=TEXT,
    )
}
ONE_MESSAGE = {"application/json": MESSAGE}
PROBLEM = object_of(code=TEXT, message=TEXT, fix=TEXT)
ERROR = object_of(error=PROBLEM)
ERRORS = {400: ERROR, 401: ERROR, 413: ERROR, 429: ERROR, 503: ERROR}
ACCEPTED = {
    200: object_of(
        success={"type": "boolean"},
        accepted={"type": "integer"},
        rejected={
            "type": "array",
            "items": object_of(index={"type": "integer"}, message_id=TEXT, error=PROBLEM),
        },
    ),
    **ERRORS,
}
DEVICE = {
    "application/json": object_of(
        platform={**TEXT, "enum": ["ios", "android", "web"]},
        token=TEXT,
        fid=TEXT,
        user_id=TEXT,
        anonymous_id=TEXT,
        push_permission={**TEXT, "enum": ["granted", "provisional", "denied"]},
    )
}
REACHABLE = {
    200: object_of(reachable={"type": "boolean"}, reason=TEXT, fix=TEXT),
    403: ERROR,
    **ERRORS,
}
LOGGED_OUT = {200: object_of(success={"type": "boolean"}), **ERRORS}
SDK_SETTINGS = {200: OBJECT, 401: ERROR, 404: ERROR}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="New with each new request, the same when that one is sent again; kept 24 hours",
)
ONCE_ERRORS = {403: ERROR, 409: ERROR, 422: ERROR, **ERRORS}
RECIPIENT = object_of(user_id=TEXT, anonymous_id=TEXT, properties=OBJECT)
TRIGGER = {
    "application/json": object_of(
        recipients={"type": "array", "items": RECIPIENT, "minItems": 1, "maxItems": 1_000},
        properties=OBJECT,
        occurred_at={**TEXT, "format": "date-time"},
        user_id=TEXT,
        anonymous_id=TEXT,
    )
}
TRIGGERED = {
    202: object_of(
        accepted={"type": "integer"},
        rejected={
            "type": "array",
            "items": object_of(index={"type": "integer"}, error=PROBLEM),
        },
    ),
    404: ERROR,
    **ONCE_ERRORS,
}
BUSINESS_EVENT = {
    "application/json": object_of(
        event=TEXT, properties=OBJECT, occurred_at={**TEXT, "format": "date-time"}
    )
}
BUSINESS_EVENT_TAKEN = {
    202: object_of(campaigns={"type": "array", "items": TEXT}, hint=TEXT),
    **ONCE_ERRORS,
}

NUMBER: dict[str, Any] = {"type": "number"}
INTEGER: dict[str, Any] = {"type": "integer"}
DATE = {**TEXT, "format": "date"}
LATITUDE = {**NUMBER, "minimum": -90, "maximum": 90}
LONGITUDE = {**NUMBER, "minimum": -180, "maximum": 180}
PLACE = object_of(
    external_id={**TEXT, "maxLength": 200},
    name={**TEXT, "maxLength": 200},
    latitude=LATITUDE,
    longitude=LONGITUDE,
    radius_m={**NUMBER, "minimum": 50, "maximum": 50_000, "default": 150},
    area={**OBJECT, "description": "A GeoJSON Polygon or MultiPolygon in place of the radius"},
    approach_m={**NUMBER, "minimum": 0, "maximum": 50_000, "default": 500},
    tags={"type": "array", "items": {**TEXT, "maxLength": 63}, "maxItems": 50},
    attributes=OBJECT,
    address={**TEXT, "maxLength": 300},
    phone={**TEXT, "maxLength": 50},
    time_zone=TEXT,
    hours=OBJECT,
    opens_on=DATE,
    closes_on=DATE,
    removed={"type": "boolean"},
)
PLACES = {
    "application/json": object_of(
        places={"type": "array", "items": PLACE, "minItems": 1, "maxItems": 1_000}
    )
}
PLACES_PUT = {
    200: object_of(
        accepted=INTEGER,
        created=INTEGER,
        changed=INTEGER,
        unchanged=INTEGER,
        removed=INTEGER,
        rejected={"type": "array", "items": object_of(index=INTEGER, error=PROBLEM)},
    ),
    403: ERROR,
    **ERRORS,
}
NEARBY = [
    OpenApiParameter("latitude", type=float, required=True, description="Degrees (WGS84)"),
    OpenApiParameter("longitude", type=float, required=True, description="Degrees (WGS84)"),
    OpenApiParameter("platform", enum=["ios", "android"], description="How many regions: 19 or 99"),
]
CIRCLE = {"latitude": LATITUDE, "longitude": LONGITUDE, "radius_m": NUMBER}
REGIONS = {
    200: object_of(
        regions={"type": "array", "items": object_of(id=TEXT, **CIRCLE)},
        refresh=object_of(**CIRCLE),
    ),
    **ERRORS,
}
