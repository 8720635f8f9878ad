"""Whom a call of a campaign names: a list, or one person; each good or refused alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from orchestrator.api.errors import ApiError
from orchestrator.api.fields import Fault, identifier
from orchestrator.api.idempotency import Once
from orchestrator.api.posted import cleaned, occurred_at, properties, refusing_all
from orchestrator.pipeline.accept import Refused
from orchestrator.pipeline.message import EVENT_NAMES, InboxMessage

MAX_RECIPIENTS = 1_000
# Our spelling and Segment's.
USER = ("user_id", "userId")
ANONYMOUS = ("anonymous_id", "anonymousId")


@dataclass(frozen=True, kw_only=True)
class Called:
    """A call of a campaign as it was posted; `properties` are every recipient's."""

    recipients: list[Any]
    properties: dict[str, Any]
    size: int  # of these properties, in bytes
    occurred_at: datetime


def called(posted: dict[str, Any], *, now: datetime) -> Called:
    """Raises ApiError 400 or 413 for what is wrong for every recipient."""
    recipients = listed(posted)
    with refusing_all():
        shared = {} if recipients is None else properties(posted)
        return Called(
            recipients=[posted] if recipients is None else recipients,
            properties=shared,
            size=len(msgspec.json.encode(shared)),
            occurred_at=occurred_at(posted, now=now),
        )


def listed(posted: dict[str, Any]) -> list[Any] | None:
    """None where the body itself is the one recipient."""
    alone = any(name in posted for name in (*USER, *ANONYMOUS))
    recipients = posted.get("recipients")
    if alone and recipients is None:
        return None
    if alone:
        raise ApiError(
            400, "two_forms", "There are `recipients`, and an id beside them",
            "Put everybody into recipients",
        )  # fmt: skip
    if not isinstance(recipients, list) or not recipients:
        raise ApiError(
            400, "no_recipients", "The request names nobody",
            'Send "recipients": [{"user_id": "…"}], or "user_id": "…" for one person',
        )  # fmt: skip
    if len(recipients) > MAX_RECIPIENTS:
        raise ApiError(
            413, "too_many_recipients", f"A request has at most {MAX_RECIPIENTS:,} recipients",
            "Send several requests, each with a key of its own",
        )  # fmt: skip
    return recipients


def taken(call: Called, *, campaign: str, once: Once) -> tuple[list[InboxMessage], list[Refused]]:
    """Every recipient as a message to the campaign, good ones and bad ones apart."""
    good: list[InboxMessage] = []
    bad: list[Refused] = []
    seen: set[bytes] = set()
    for index, posted in enumerate(call.recipients):
        try:
            good.append(
                InboxMessage(
                    type="trigger",
                    message_id=once.message_id(index),
                    occurred_at=call.occurred_at,
                    source="server",
                    key_id=once.caller.key_id,
                    campaign=campaign,
                    **read(posted, call, seen),
                )
            )
        except Fault as fault:
            bad.append(refused(index, fault))
    return good, bad


def read(posted: Any, call: Called, seen: set[bytes]) -> dict[str, Any]:
    """Who one recipient is, and with which properties. Raises Fault."""
    if not isinstance(posted, dict):
        raise Fault("not_an_object", "A recipient is a JSON object", "Check the JSON")
    user, anonymous = either(posted, USER), either(posted, ANONYMOUS)
    if not user and not anonymous:
        raise Fault(
            "no_person", "The recipient is nobody", "Send a real user_id or anonymous_id"
        )  # fmt: skip
    own = properties(posted, beside=call.size)
    refuse_twin(msgspec.json.encode((user, anonymous, own), order="deterministic"), seen)
    return {
        "user_id": user,
        "anonymous_id": anonymous,
        "properties": {**call.properties, **own},
    }


def refuse_twin(recipient: bytes, seen: set[bytes]) -> None:
    """One person may be called for two carts, and not twice for the same."""
    if recipient in seen:
        raise Fault(
            "duplicate", "The same person with the same properties stands earlier in the list",
            "Name each once",
        )  # fmt: skip
    seen.add(recipient)


def either(posted: dict[str, Any], names: tuple[str, str]) -> str | None:
    """An id in either spelling."""
    found = (identifier(cleaned({name: posted.get(name)}), name) for name in names)
    return next((one for one in found if one), None)


def refused(index: int, fault: Fault) -> Refused:
    return Refused(
        index=index,
        code=fault.code,
        message=fault.message,
        fix=fault.fix,
        type="trigger",
        name=EVENT_NAMES["trigger"],
    )
