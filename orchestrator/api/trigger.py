"""POST /v1/campaigns/<key>/trigger: the brand's server calls a campaign for people it names."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.models import Campaign, CampaignState
from orchestrator import clock
from orchestrator.api import body, idempotency, keys, posted, recipients, schema, throttle
from orchestrator.api.errors import ApiError
from orchestrator.api.idempotency import Once
from orchestrator.api.recipients import Called
from orchestrator.pipeline.accept import Refused, accept

MAX_KEY = 63
NOT_LIVE = {
    CampaignState.DRAFT: ("is a draft", "Publish it in the admin"),
    CampaignState.PAUSED: ("is paused", "Resume it in the admin"),
    CampaignState.ENDED: ("has ended", "Publish another campaign, and call that one"),
}


class TriggerDoor(APIView):
    """Calls a campaign for up to 1,000 people; the same request is done once."""

    @extend_schema(
        parameters=[schema.IDEMPOTENCY_KEY], request=schema.TRIGGER, responses=schema.TRIGGERED
    )
    def post(self, request: Request, campaign_key: str) -> Response:
        caller = keys.server(request)
        key = idempotency.key_of(request)
        raw = body.read(request)
        now = clock.now()
        call = recipients.called(posted.document(raw), now=now)
        throttle.spend(caller.key_id, len(call.recipients))
        once = Once(
            caller=caller, key=key, fingerprint=idempotency.fingerprint(request, raw), now=now
        )
        return idempotency.once(once, lambda: trigger(campaign_key, call, once))


def trigger(campaign_key: str, call: Called, once: Once) -> dict[str, Any]:
    """Raises ApiError 404 or 409."""
    refuse_uncallable(campaign_key, once.caller.workspace_id)
    good, bad = recipients.taken(call, campaign=campaign_key, once=once)
    accept(
        workspace_id=once.caller.workspace_id,
        key_id=once.caller.key_id,
        messages=good,
        refused=bad,
        now=once.now,
    )
    return {"accepted": len(good), "rejected": [told(one) for one in bad]}


def refuse_uncallable(key: str, workspace_id: int) -> None:
    found = None
    if len(key) <= MAX_KEY and "\x00" not in key:
        found = (
            Campaign.objects.filter(workspace_id=workspace_id, key=key)
            .values_list("state", "live_version__definition__trigger__kind")
            .first()
        )
    if found is None:
        raise ApiError(
            404, "unknown_campaign", "This workspace has no campaign with that key",
            "Look up its key in the admin: it stands under Goal on the campaign's page",
        )  # fmt: skip
    state, kind = found
    if state != CampaignState.LIVE:
        why, fix = NOT_LIVE[CampaignState(state)]
        raise ApiError(409, "campaign_not_live", f"The campaign “{key}” {why}", fix)
    if kind != "api":
        raise ApiError(
            409, "campaign_not_callable",
            f"The campaign “{key}” does not start when your server calls it",
            "Choose “When your server calls it” under When, and publish it",
        )  # fmt: skip


def told(one: Refused) -> dict[str, Any]:
    return {
        "index": one.index,
        "error": {"code": one.code, "message": one.message, "fix": one.fix},
    }
