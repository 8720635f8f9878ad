"""From a posted message to an inbox message, or to what is wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast
from uuid import uuid4

import msgspec

from audience.selectors.keys import Caller
from campaigns.engine.hearing import OWN_EVENTS
from orchestrator.api import envelope, location, times
from orchestrator.api.envelope import Envelope
from orchestrator.api.fields import MAX_ID, Fault, identifier, text
from orchestrator.api.installation import installation
from orchestrator.api.user_token import BadUserToken, subject
from orchestrator.api.values import Cleaner, ValueTooBig
from orchestrator.pipeline.accept import Refused
from orchestrator.pipeline.message import InboxMessage, Type

MAX_MESSAGE = 32_000  # bytes
MAX_NAME = 200
TYPES = ("track", "identify", "screen", "page", "group", "alias")
# What of a context stays in the log. Addresses, coordinates and tokens never do.
KEPT_CONTEXT = ("app", "os", "locale", "timezone", "library", "page", "campaign", "screen")
KEPT_DEVICE = ("type", "model", "manufacturer", "name")


@dataclass(frozen=True)
class SharedContext:
    """The batch's own context, which every message of it inherits, and its size in bytes."""

    values: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Door:
    """What all messages of one request share."""

    caller: Caller
    type: str | None  # None: each message of a batch names its own
    sent_at: datetime | None
    received_at: datetime
    header_token: str
    context: "SharedContext"


def taken(posted: Envelope, door: Door) -> tuple[list[InboxMessage], list[Refused]]:
    """Every message of a request, good ones and bad ones apart."""
    good: list[InboxMessage] = []
    bad: list[Refused] = []
    for index, raw in enumerate(posted.batch):
        seen: dict[str, Any] = {}
        try:
            good.append(read(bytes(raw), door, seen))
        except Fault as fault:
            bad.append(refused(index, fault, seen, door))
    return good, bad


def refused(index: int, fault: Fault, seen: dict[str, Any], door: Door) -> Refused:
    return Refused(
        index=index,
        code=fault.code,
        message=fault.message,
        fix=fault.fix,
        message_id=text(seen.get("messageId")),
        type=text(seen.get("type") or door.type),
        name=text(seen.get("event") or seen.get("name")),
        held_for_s=held_for(seen, door),
    )


def held_for(seen: dict[str, Any], door: Door) -> float | None:
    """Seconds the phone kept the message before it sent it."""
    try:
        occurred = occurred_at(seen, door)
    except Fault:
        return None
    return (door.received_at - occurred).total_seconds()


def read(raw: bytes, door: Door, seen: dict[str, Any]) -> InboxMessage:
    """Raises Fault. `seen` is filled with what could be read, for the event debugger."""
    posted = decoded(raw, shared=door.context)
    seen.update(posted)
    kind = door.type or posted.get("type")
    if kind not in TYPES:
        raise Fault("unknown_type", "`type` is not known", f"Send one of {', '.join(TYPES)}")
    context = {**door.context.values, **section(posted, "context")}
    message = InboxMessage(
        type=cast("Type", kind),
        message_id=message_id(posted),
        occurred_at=occurred_at(posted, door),
        source=source_of(posted, context, door),
        key_id=door.caller.key_id,
        user_id=identifier(posted, "userId"),
        anonymous_id=identifier(posted, "anonymousId"),
        previous_id=identifier(posted, "previousId") if kind == "alias" else None,
        name=event_name(posted) if kind == "track" else "",
        properties=location.properties_kept(posted, properties(posted, kind)),
        traits=location.without_positions(traits(posted, context)) if kind == "identify" else {},
        context=location.without_positions(kept(context)),
        locale=text(context.get("locale"), 35),
        time_zone=text(context.get("timezone"), 64),
        installation=installation(context, posted),
        where=location.where(posted, context),
        locatable=location.locatable(context),
    )
    if not message.user_id and not message.anonymous_id:
        raise Fault("no_person", "The message names nobody", "Send a real userId or anonymousId")
    return message


def shared_context(value: Any) -> SharedContext:
    """Bounded and cleaned like a message; what is wrong with it is told at each message."""
    if not isinstance(value, dict):
        return SharedContext()
    try:
        return SharedContext(Cleaner().clean(value), len(msgspec.json.encode(value)))
    except (ValueTooBig, RecursionError) as error:
        return SharedContext(problem=str(error))


def decoded(raw: bytes, *, shared: SharedContext) -> dict[str, Any]:
    if shared.problem:
        raise Fault("too_much", f"The batch's context: {shared.problem}", "Send fewer values")
    if len(raw) + shared.size > MAX_MESSAGE:
        raise Fault(
            "message_too_large", f"A message with its context has at most {MAX_MESSAGE:,} bytes",
            "Send fewer or shorter values",
        )  # fmt: skip
    try:
        posted = Cleaner().clean(envelope.message(raw))
    except ValueTooBig as error:
        raise Fault("too_much", str(error), "Send fewer values") from error
    except ValueError as error:
        raise Fault("invalid_json", str(error)[:200], "Check the JSON") from error
    if not isinstance(posted, dict):
        raise Fault("not_an_object", "A message is a JSON object", "Check the JSON")
    return posted


def section(posted: dict[str, Any], name: str) -> dict[str, Any]:
    value = posted.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Fault("wrong_type", f"`{name}` must be an object", f"Send {name} as {{…}}")
    return value


def message_id(posted: dict[str, Any]) -> str:
    value = posted.get("messageId")
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value):
        return str(uuid4())
    value = str(value)
    if len(value) > MAX_ID:
        return blake2b(value.encode(errors="replace"), digest_size=16).hexdigest()
    return value


def event_name(posted: dict[str, Any]) -> str:
    name = posted.get("event")
    if not isinstance(name, str) or not name.strip():
        raise Fault("no_event_name", "`event` must name what happened", 'Send "event": "…"')
    if len(name) > MAX_NAME:
        raise Fault(
            "name_too_long", f"An event name has at most {MAX_NAME} characters",
            "Put what varies into properties",
        )  # fmt: skip
    if name in OWN_EVENTS:
        raise Fault("reserved_name", f"“{name}” is the server's own", "Choose another name")
    return name


def traits(posted: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    return section(posted, "traits") or section(context, "traits")


def properties(posted: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "identify":
        return {}
    if kind == "group":
        return {**section(posted, "traits"), "group_id": text(posted.get("groupId"))}
    given = section(posted, "properties")
    name = text(posted.get("name"))
    return {**given, "name": name} if kind in {"screen", "page"} and name else given


def occurred_at(posted: dict[str, Any], door: Door) -> datetime:
    try:
        occurred = times.parsed(posted.get("originalTimestamp") or posted.get("timestamp"))
        sent = times.parsed(posted.get("sentAt")) or door.sent_at
    except times.BadTime as error:
        raise Fault(
            "invalid_time", str(error), "Send ISO 8601, such as 2026-11-21T09:30:00Z"
        ) from error
    return times.corrected(occurred=occurred, sent=sent, received=door.received_at)


def source_of(posted: dict[str, Any], context: dict[str, Any], door: Door) -> str:
    """How far the message can be trusted; a verified workspace lets nobody name a user freely."""
    if door.caller.kind == "secret":
        return "server"
    user = identifier(posted, "userId")
    token = text(context.get("user_token"), 4096) or door.header_token
    if token and user:
        try:
            if subject(token, workspace_id=door.caller.workspace_id, now=door.received_at) == user:
                return "verified"
            fault = "The user token is another user's"
        except BadUserToken as error:
            fault = str(error)
        if door.caller.verified:
            raise Fault("user_token_invalid", fault, "Fetch a new token from your server")
    if door.caller.verified and (user or posted.get("previousId")):
        raise Fault(
            "user_token_required", "This workspace asks for a signed user token",
            "Send context.user_token or X-User-Token",
        )  # fmt: skip
    return "public"


def kept(context: dict[str, Any]) -> dict[str, Any]:
    result = {name: context[name] for name in KEPT_CONTEXT if name in context}
    device = context.get("device")
    if isinstance(device, dict):
        result["device"] = {name: device[name] for name in KEPT_DEVICE if name in device}
    return result
