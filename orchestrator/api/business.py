"""POST /v1/business-events: something happened to no person, such as “back in stock: sku 42”."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orchestrator import clock
from orchestrator.api import body, hourly, idempotency, intake, keys, posted, schema, throttle
from orchestrator.api.idempotency import Once
from orchestrator.pipeline import business


class BusinessEventDoor(APIView):
    """Tells the campaigns that wait for it; the same request is done once."""

    @extend_schema(
        parameters=[schema.IDEMPOTENCY_KEY],
        request=schema.BUSINESS_EVENT,
        responses=schema.BUSINESS_EVENT_TAKEN,
    )
    def post(self, request: Request) -> Response:
        caller = keys.server(request)
        key = idempotency.key_of(request)
        raw = body.read(request)
        now = clock.now()
        once = Once(
            caller=caller, key=key, fingerprint=idempotency.fingerprint(request, raw), now=now
        )
        event = read(raw, once)
        throttle.spend(caller.key_id, 1)
        return idempotency.once(once, lambda: report(event, once))


def read(raw: bytes, once: Once) -> dict[str, Any]:
    """What happened, as the pipeline takes it. Raises ApiError 400."""
    document = posted.document(raw)
    with posted.refusing_all():
        return {
            "name": intake.event_name(posted.cleaned({"event": document.get("event")})),
            "properties": posted.properties(document),
            "occurred_at": posted.occurred_at(document, now=once.now),
        }


def report(event: dict[str, Any], once: Once) -> dict[str, Any]:
    """Raises ApiError 429."""
    workspace_id = once.caller.workspace_id
    hourly.spend(workspace_id=workspace_id, now=once.now)
    campaigns = business.report(
        workspace_id=workspace_id, message_id=once.message_id(0), now=once.now, **event
    )
    if campaigns:
        return {"campaigns": campaigns}
    return {
        "campaigns": [],
        "hint": "No live campaign starts on this event: check its name, or publish one that does",
    }
