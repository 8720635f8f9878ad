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
