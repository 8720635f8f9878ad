"""Google's answers as data: what the fake FCM says, and how often, when told to fail."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import msgspec

Header = tuple[bytes, bytes]

JSON: tuple[Header, ...] = ((b"content-type", b"application/json; charset=UTF-8"),)
HTML: tuple[Header, ...] = ((b"content-type", b"text/html; charset=UTF-8"),)

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"
WRONG_TYPE = "Invalid value at 'message.data[0].value' (TYPE_STRING), 12"

DEFAULT_SLOW_MS = 5_000
QUOTA_RETRY_AFTER = 60


class Fault(StrEnum):
    UNREGISTERED = "UNREGISTERED"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    INVALID_PAYLOAD = "INVALID_PAYLOAD"
    SENDER_ID_MISMATCH = "SENDER_ID_MISMATCH"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"
    THIRD_PARTY_AUTH_ERROR = "THIRD_PARTY_AUTH_ERROR"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    BAD_GATEWAY = "BAD_GATEWAY"
    SLOW = "SLOW"
    DROP = "DROP"


class Reply(NamedTuple):
    status: int
    body: bytes
    headers: tuple[Header, ...] = JSON


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """One fault for every address (token or fid) that starts with `prefix`; "" is everybody."""

    error: Fault
    prefix: str = ""
    times: Annotated[int, msgspec.Meta(ge=0)] | None = None  # what is left; None: for ever
    retry_after: Annotated[int, msgspec.Meta(ge=0, le=86_400)] | None = None  # seconds
    after_ms: Annotated[int, msgspec.Meta(ge=0, le=600_000)] = DEFAULT_SLOW_MS  # SLOW alone


class Behaviour(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[Rule] = []
    latency_ms: Annotated[int, msgspec.Meta(ge=0, le=600_000)] = 0

    def rule_for(self, address: str) -> Rule | None:
        """The first rule that matches and is not used up, else a built-in prefix."""
        for rule in self.rules:
            if rule.times != 0 and address.startswith(rule.prefix):
                return rule
        return BUILT_IN.get(address.partition(":")[0]) if ":" in address else None


BUILT_IN: Mapping[str, Rule] = {
    "unreg": Rule(Fault.UNREGISTERED),
    "invalid": Rule(Fault.INVALID_ARGUMENT),
    "badpayload": Rule(Fault.INVALID_PAYLOAD),
    "sender": Rule(Fault.SENDER_ID_MISMATCH),
    "quota": Rule(Fault.QUOTA_EXCEEDED),
    "unavail": Rule(Fault.UNAVAILABLE),
    "internal": Rule(Fault.INTERNAL),
    "apns": Rule(Fault.THIRD_PARTY_AUTH_ERROR),
    "auth": Rule(Fault.UNAUTHENTICATED),
    "bad502": Rule(Fault.BAD_GATEWAY),
    "slow": Rule(Fault.SLOW),
    "drop": Rule(Fault.DROP),
}


def google_error(status: int, code: str, message: str, *details: dict[str, Any]) -> Reply:
    error: dict[str, Any] = {"code": status, "message": message, "status": code}
    if details:
        error["details"] = list(details)
    return Reply(status, json.dumps({"error": error}).encode())


def fcm_code(code: str) -> dict[str, Any]:
    return {"@type": FCM_ERROR, "errorCode": code}


def violation(field: str, description: str) -> dict[str, Any]:
    wrong = [{"field": field, "description": description}]
    return {"@type": BAD_REQUEST, "fieldViolations": wrong}


def not_a_message(description: str) -> Reply:
    """Google's answer to a body that is no message; it blames the request, never the token."""
    return google_error(400, "INVALID_ARGUMENT", description, violation("message", description))


REFUSALS: Mapping[Fault, Reply] = {
    Fault.UNREGISTERED: google_error(
        404, "NOT_FOUND", "Requested entity was not found.", fcm_code("UNREGISTERED")
    ),
    Fault.INVALID_ARGUMENT: google_error(
        400,
        "INVALID_ARGUMENT",
        "The registration token is not a valid FCM registration token",
        fcm_code("INVALID_ARGUMENT"),
    ),
    Fault.INVALID_PAYLOAD: google_error(
        400, "INVALID_ARGUMENT", WRONG_TYPE, violation("message.data[0].value", WRONG_TYPE)
    ),
    Fault.SENDER_ID_MISMATCH: google_error(
        403, "PERMISSION_DENIED", "SenderId mismatch", fcm_code("SENDER_ID_MISMATCH")
    ),
    Fault.QUOTA_EXCEEDED: google_error(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Messages sent' and limit 'Messages sent per minute'.",
        fcm_code("QUOTA_EXCEEDED"),
        {"@type": QUOTA_FAILURE},
    ),
    Fault.UNAVAILABLE: google_error(
        503, "UNAVAILABLE", "The service is currently unavailable.", fcm_code("UNAVAILABLE")
    ),
    Fault.INTERNAL: google_error(
        500, "INTERNAL", "Internal error encountered.", fcm_code("INTERNAL")
    ),
    Fault.THIRD_PARTY_AUTH_ERROR: google_error(
        401,
        "UNAUTHENTICATED",
        "Auth error from APNS or Web Push Service",
        fcm_code("THIRD_PARTY_AUTH_ERROR"),
    ),
    Fault.UNAUTHENTICATED: google_error(
        401, "UNAUTHENTICATED", "Request had invalid authentication credentials."
    ),
    Fault.BAD_GATEWAY: Reply(
        502, b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title></html>", HTML
    ),
}


def refusal(rule: Rule) -> Reply | None:
    """What FCM answers under this rule; None where it accepts the message (SLOW, DROP)."""
    reply = REFUSALS.get(rule.error)
    if reply is None:
        return None
    seconds = rule.retry_after
    if seconds is None and rule.error is Fault.QUOTA_EXCEEDED:
        seconds = QUOTA_RETRY_AFTER
    if seconds is None:
        return reply
    return reply._replace(headers=(*reply.headers, (b"retry-after", b"%d" % seconds)))
