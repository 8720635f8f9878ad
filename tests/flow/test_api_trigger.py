"""POST /v1/campaigns/<key>/trigger: the brand's server calls a campaign for people it names."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.definition import Definition, Message
from campaigns.models import Campaign, CampaignState
from campaigns.services import campaigns
from orchestrator.api import throttle
from orchestrator.models import IdempotencyKey, Inbox, Quarantine
from orchestrator.pipeline.message import DECODER
from tests import brand
from triggers.clock import Recurrence
from triggers.models import Event
from triggers.trigger import ApiTrigger, EventTrigger, ScheduleTrigger

pytestmark = pytest.mark.django_db

DOOR = "campaigns/receipt/trigger"
KEY = {"Idempotency-Key": "request-1"}
ANNA = {"user_id": "anna"}
RECEIVED = "2026-11-21T12:00:00+00:00"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def receipt(workspace):
    return callable_campaign(workspace)


def callable_campaign(at, key="receipt", *, state=CampaignState.LIVE, trigger=None):
    message = Message(title="Thank you", body="Your order {{ event.properties.order }}")
    made = campaigns.draft(
        workspace=at,
        key=key,
        name="Receipt",
        intent="know",
        definition=Definition(trigger=trigger or ApiTrigger(), messages={"default": message}),
        now=brand.FOUNDED,
    )
    campaigns.publish(campaign=made, user_id=None, now=brand.FOUNDED)
    since = brand.FOUNDED if state == CampaignState.LIVE else None
    Campaign.objects.filter(pk=made.pk).update(state=state, live_since=since)
    made.refresh_from_db()
    return made


def waiting():
    """The messages in the inbox."""
    return [DECODER.decode(bytes(one.body)) for one in Inbox.objects.order_by("id")]


# --- what gets in ---
FORMS = {
    "a list": ({"recipients": [ANNA]}, "anna", None, {}),
    "one person": ({"user_id": "anna", "properties": {"a": 1}}, "anna", None, {"a": 1}),
    "one guest": ({"anonymous_id": "g-1"}, None, "g-1", {}),
    "Segment's spelling": ({"userId": "anna", "anonymousId": "g-1"}, "anna", "g-1", {}),
    "Segment's in a list": ({"recipients": [{"anonymousId": "g-1"}]}, None, "g-1", {}),
    "an accident beside a real id": ({"user_id": "null", "anonymousId": "g"}, None, "g", {}),
    "an accident in one spelling": ({"user_id": "null", "userId": "anna"}, "anna", None, {}),
    "a number as id": ({"user_id": 42}, "42", None, {}),
    "shared properties": (
        {"recipients": [ANNA], "properties": {"a": 1, "b": 1}}, "anna", None, {"a": 1, "b": 1},
    ),
    "own ones win": (
        {"recipients": [{**ANNA, "properties": {"b": 2}}], "properties": {"a": 1, "b": 1}},
        "anna", None, {"a": 1, "b": 2},
    ),
    "no properties": ({"recipients": [{**ANNA, "properties": None}]}, "anna", None, {}),
    "NUL": (
        {"user_id": "an\0na", "properties": {"\0": "\0"}}, "an\ufffdna", None,
        {"\ufffd": "\ufffd"},
    ),
    "lone surrogates": (
        {"user_id": "\ud800x", "properties": {"\udc00": "\ud83d"}}, "\ufffdx", None,
        {"\ufffd": "\ufffd"},
    ),
    "words from tomorrow": ({"user_id": "anna", "colour": "red"}, "anna", None, {}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_one_recipient_is_one_message_to_the_campaign(form, server, receipt, workspace):
    body, user, anonymous, properties = FORMS[form]

    answer = server.post(DOOR, body, **KEY)

    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "rejected": []})
    [message] = waiting()
    assert (message.type, message.campaign, message.source) == ("trigger", "receipt", "server")
    assert (message.user_id, message.anonymous_id) == (user, anonymous)
    assert (message.name, message.properties) == ("", properties)
    assert message.key_id == workspace.keys.get(kind="secret").pk
    assert message.event_name == "Campaign Triggered"


TIMES = {
    "none": (None, RECEIVED),
    "now": (RECEIVED, RECEIVED),
    "the past": ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"),
    "another zone": ("2026-11-21T10:00:00+01:00", "2026-11-21T09:00:00+00:00"),
    "the future is now": ("2126-01-01T00:00:00Z", RECEIVED),
}


@pytest.mark.parametrize("time", TIMES)
def test_when_it_occurred(time, server, receipt):
    given, kept = TIMES[time]

    server.post(DOOR, {**ANNA, "occurred_at": given}, **KEY)

    assert [one.occurred_at.isoformat() for one in waiting()] == [kept]


def test_a_thousand_people_are_a_thousand_messages_with_ids_of_their_own(server, receipt):
    everyone = [{"user_id": f"u{number}"} for number in range(1000)]

    answer = server.post(DOOR, {"recipients": everyone}, **KEY)

    assert answer.json() == {"accepted": 1000, "rejected": []}
    assert [one.user_id for one in waiting()] == [one["user_id"] for one in everyone]
    assert len({one.message_id for one in waiting()}) == 1000


def test_gzip_is_welcome(server, receipt):
    answer = server.post(DOOR, gzip.compress(json.dumps(ANNA).encode()), **KEY)

    assert answer.json()["accepted"] == 1


# --- which campaigns ---
LATER = Recurrence(once_at=datetime(2027, 1, 1, 9, 0, tzinfo=UTC))
NOT_CALLABLE: dict[str, tuple[dict[str, Any], str, str]] = {
    "draft": ({"state": CampaignState.DRAFT}, "campaign_not_live", "is a draft"),
    "paused": ({"state": CampaignState.PAUSED}, "campaign_not_live", "is paused"),
    "ended": ({"state": CampaignState.ENDED}, "campaign_not_live", "has ended"),
    "on an event": (
        {"trigger": EventTrigger(event="Ordered")}, "campaign_not_callable", "your server calls",
    ),
    "on a schedule": (
        {"trigger": ScheduleTrigger(recurrence=LATER)}, "campaign_not_callable",
        "your server calls",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_CALLABLE)
def test_a_campaign_that_cannot_be_called_is_a_409_that_says_why(case, server, workspace):
    made_so, code, words = NOT_CALLABLE[case]
    callable_campaign(workspace, **made_so)

    answer = server.post(DOOR, ANNA, **KEY)
    callable_campaign(workspace)
    mended = server.post(DOOR, ANNA, **KEY)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, code)
    assert words in error["message"] and error["fix"]
    assert mended.json() == {"accepted": 1, "rejected": []}


def test_a_draft_that_was_never_published_is_a_409(server, workspace):
    made = callable_campaign(workspace, state=CampaignState.DRAFT)
    made.live_version = None
    made.save()

    assert server.post(DOOR, ANNA, **KEY).json()["error"]["code"] == "campaign_not_live"


HOSTILE = ["nothing", "RECEIPT", "re%00ceipt", "%00", "x" * 5_000, "%ff%fe", "'; --", "%ED%A0%80"]


@pytest.mark.parametrize("name", HOSTILE)
def test_an_unknown_campaign_is_a_404(name, server, receipt):
    answer = server.post(f"campaigns/{name}/trigger", ANNA, **KEY)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_campaign"
    assert not IdempotencyKey.objects.exists()


def test_a_campaign_of_another_brand_is_unknown(server, workspace):
    callable_campaign(brand.workspace_with_keys(key="other", prefix="other-"))

    assert server.post(DOOR, ANNA, **KEY).status_code == 404


# --- who may ---
WHO = {
    "nobody": ("", 401, "no_secret_key"),
    "a stranger": ("nonsense", 401, "unknown_write_key"),
    "an app": (brand.WRITE_KEY, 403, "secret_key_needed"),
}


@pytest.mark.parametrize("who", WHO)
def test_only_the_secret_key_calls(who, server, receipt):
    server.key, status, code = WHO[who]

    answer = server.post(DOOR, {**ANNA, "writeKey": brand.SECRET_KEY}, **KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Inbox.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_write_key_is_told_to_use_the_secret_key(phone, receipt):
    answer = phone.post(DOOR, ANNA, **KEY)

    assert "secret key" in answer.json()["error"]["fix"]


def test_each_recipient_counts_as_a_message_and_a_flood_waits(server, receipt, settings):
    settings.RATE_PER_KEY, settings.BURST_PER_KEY = 1, 3
    throttle.refill()
    two = {"recipients": [ANNA, {"user_id": "bram"}]}

    first = server.post(DOOR, two, **KEY)
    second = server.post(DOOR, two, **{"Idempotency-Key": "request-2"})

    assert (first.status_code, second.status_code) == (202, 429)
    assert int(second.headers["Retry-After"]) >= 1
    assert [one.key for one in IdempotencyKey.objects.all()] == ["request-1"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_wrong_method_is_a_405(method, server, receipt):
    answer = getattr(server.client, method)(f"/v1/{DOOR}", headers=server.headers(KEY))

    assert answer.status_code == 405


# --- and then ---
def test_a_call_becomes_a_push_to_each_person_it_names(server, receipt, fcm, work):
    server.batch(brand.identify("anna"), brand.identify("bram"), brand.identify("cleo"))
    orders = [
        {"user_id": "anna", "properties": {"order": "A1"}},
        {"user_id": "bram", "properties": {"order": "B2"}},
    ]

    for _ in range(2):
        server.post(DOOR, {"recipients": orders}, **KEY)
        work()

    sent = {one["token"]: one["notification"]["body"] for one in fcm.messages}
    assert sent == {"ok:anna": "Your order A1", "ok:bram": "Your order B2"}
    assert len(fcm.messages) == 2


def test_a_call_starts_no_other_campaign(server, workspace, receipt, fcm, work):
    callable_campaign(workspace, "other")
    server.batch(brand.identify("anna"))

    server.post(DOOR, {**ANNA, "properties": {"order": "A1"}}, **KEY)
    work()

    assert [one["data"]["campaign"] for one in fcm.messages] == ["receipt"]


def test_the_call_stands_in_the_log_as_the_servers_word(server, receipt, work):
    server.post(DOOR, {**ANNA, "properties": {"order": "A1"}}, **KEY)
    work()

    event = Event.objects.get()
    assert (event.name, event.source) == ("Campaign Triggered", "server")
    assert event.properties["order"] == "A1"
    assert not Quarantine.objects.exists()
