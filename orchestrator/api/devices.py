"""The doors of one app installation: registering it, and logging out."""

from typing import Any
from uuid import uuid4

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audience.addresses import MAX_ADDRESS, reachability
from audience.identities import is_accident
from audience.models import AddressKind, Permission, Platform
from orchestrator import clock
from orchestrator.api import body, envelope, keys, schema, throttle
from orchestrator.api.errors import ApiError
from orchestrator.api.fields import Fault, identifier
from orchestrator.api.intake import Door, SharedContext, source_of
from orchestrator.api.values import Cleaner, ValueTooBig
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.logout import log_out
from orchestrator.pipeline.message import InboxMessage, Installation

PLATFORMS = [name for name in Platform.values if name != Platform.UNKNOWN]
PERMISSIONS = [name for name in Permission.values if name != Permission.UNKNOWN]


class DeviceDoor(APIView):
    """PUT says where pushes for this installation go; DELETE says its person logged out."""

    @extend_schema(request=schema.DEVICE, responses=schema.REACHABLE)
    def put(self, request: Request, installation_id: str) -> Response:
        posted = read(body.read(request))
        caller = keys.caller(request, posted.get("writeKey"))
        throttle.spend(caller.key_id, 1)
        now = clock.now()
        door = Door(
            caller=caller,
            type="device",
            sent_at=None,
            received_at=now,
            header_token=request.headers.get("X-User-Token", "")[:4096],
            context=SharedContext(),
        )
        message = as_message(posted, installation_id, door)
        accept(workspace_id=caller.workspace_id, key_id=caller.key_id, messages=[message], now=now)
        return Response(reach(message.installation))

    @extend_schema(responses=schema.LOGGED_OUT)
    def delete(self, request: Request, installation_id: str) -> Response:
        caller = keys.caller(request)
        throttle.spend(caller.key_id, 1)
        log_out(
            workspace_id=caller.workspace_id,
            installation_id=known_id(installation_id),
            now=clock.now(),
        )
        return Response({"success": True})


def read(raw: bytes) -> dict[str, Any]:
    try:
        posted = Cleaner().clean(envelope.message(raw))
    except (ValueError, ValueTooBig) as error:
        raise ApiError(400, "invalid_json", str(error)[:200], "Check the JSON") from error
    if not isinstance(posted, dict):
        raise ApiError(400, "invalid_json", "The body is not a JSON object", "Check the JSON")
    return posted


def as_message(posted: dict[str, Any], installation_id: str, door: Door) -> InboxMessage:
    kind = AddressKind.FID if posted.get("fid") else AddressKind.TOKEN
    try:
        return InboxMessage(
            type="device",
            message_id=str(uuid4()),
            occurred_at=door.received_at,
            source=source_of({"userId": posted.get("user_id")}, posted, door),
            key_id=door.caller.key_id,
            user_id=identifier({"user_id": posted.get("user_id")}, "user_id"),
            anonymous_id=identifier({"anonymous_id": posted.get("anonymous_id")}, "anonymous_id"),
            installation=Installation(
                id=known_id(installation_id),
                platform=one_of(posted, "platform", PLATFORMS),
                address_kind=kind.value,
                address=address(posted, kind),
                push_permission=one_of(posted, "push_permission", PERMISSIONS),
            ),
        )
    except Fault as fault:
        status = 403 if fault.code.startswith("user_token") else 400
        raise ApiError(status, fault.code, fault.message, fault.fix) from fault


def known_id(installation_id: str) -> str:
    """The id in the path, unless it is an accident."""
    if len(installation_id) > 200 or is_accident(installation_id) or "\x00" in installation_id:
        raise ApiError(
            400, "bad_installation_id", "That is no installation id",
            "Use the id your SDK sends as context.device.id",
        )  # fmt: skip
    return installation_id


def one_of(posted: dict[str, Any], name: str, allowed: list[str]) -> str | None:
    value = posted.get(name)
    if value is None:
        return None
    if value not in allowed:
        raise Fault("wrong_value", f"`{name}` is not known", f"Send one of {', '.join(allowed)}")
    return str(value)


def address(posted: dict[str, Any], kind: AddressKind) -> str | None:
    value = posted.get(kind.value)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MAX_ADDRESS:
        raise Fault("wrong_type", f"`{kind.value}` must be text", "Send what Firebase gave you")
    return value


def reach(installation: Installation | None) -> dict[str, Any]:
    """Whether this device can be reached as it was described."""
    if installation is None:
        raise msgspec.ValidationError("a device message has an installation")
    found = reachability(
        platform=installation.platform or "",
        kind=installation.address_kind or "",
        address=installation.address or "",
        permission=installation.push_permission or "",
    )
    if found.reachable:
        return {"reachable": True}
    return {"reachable": False, "reason": found.reason, "fix": found.fix}
