"""Idempotency-Key: the same request is done once and answered alike, for 24 hours."""

from datetime import timedelta

import pytest

from campaigns.services import campaigns
from orchestrator.models import IdempotencyKey, Inbox
from orchestrator.pipeline.message import DECODER
from orchestrator.pipeline.upkeep import upkeep
from tests import brand
from tests.conftest import Phone
from tests.flow.test_api_trigger import callable_campaign

pytestmark = pytest.mark.django_db

DOOR = "campaigns/receipt/trigger"
ANNA = {"user_id": "anna"}
HEADER = "Idempotency-Key"


@pytest.fixture
def receipt(workspace):
    return callable_campaign(workspace)


# --- the header ---
GOOD_KEYS = ["k", "8e03978e-40d5-43dd-bc93-6894a57f9324", "x" * 255, '"quoted"', "~!%';--"]
BAD_KEYS = {
    "": "no_idempotency_key",
    "x" * 256: "bad_idempotency_key",
    "two words": "bad_idempotency_key",
    "tab\there": "bad_idempotency_key",
    "café": "bad_idempotency_key",
    "\x7f": "bad_idempotency_key",
    "nul\0": "bad_idempotency_key",
    " business events": "bad_idempotency_key",
}


@pytest.mark.parametrize("key", GOOD_KEYS)
def test_visible_ascii_is_a_key(key, server, receipt):
    assert server.post(DOOR, ANNA, **{HEADER: key}).status_code == 202


@pytest.mark.parametrize("key", BAD_KEYS, ids=lambda key: ascii(key)[:20])
def test_anything_else_is_a_400_with_the_fix(key, server, receipt):
    answer = server.post(DOOR, ANNA, **{HEADER: key})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, BAD_KEYS[key])
    assert error["fix"]
    assert not Inbox.objects.exists()


def test_a_missing_header_is_a_400_with_the_fix(server, receipt):
    answer = server.post(DOOR, ANNA)

    assert answer.json()["error"]["code"] == "no_idempotency_key"


# --- again ---
def test_the_same_request_gets_the_same_answer_and_is_not_done_again(server, receipt):
    body = {"recipients": [ANNA, {"user_id": "undefined"}]}

    first = server.post(DOOR, body, **{HEADER: "k1"})
    campaigns.pause(campaign=receipt, now=brand.FOUNDED)
    again = server.post(DOOR, body, **{HEADER: "k1"})

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Inbox.objects.count() == 1


DIFFERENT = {
    "another body": (DOOR, {"user_id": "bram"}),
    "another campaign": ("campaigns/other/trigger", ANNA),
    "other spaces": (DOOR, b'{"user_id":"anna"}'),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_another_request_under_the_same_key_is_a_422(case, server, workspace, receipt):
    callable_campaign(workspace, "other")
    server.post(DOOR, ANNA, **{HEADER: "k1"})

    answer = server.post(*DIFFERENT[case], **{HEADER: "k1"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "key_used_before")
    assert answer.json()["error"]["fix"]
    assert Inbox.objects.count() == 1


def test_another_key_is_another_request(server, receipt):
    server.post(DOOR, ANNA, **{HEADER: "k1"})
    server.post(DOOR, ANNA, **{HEADER: "K1"})

    assert len({one.message_id for one in waiting()}) == 2


def test_each_workspace_has_keys_of_its_own(server, receipt):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    callable_campaign(other)

    server.post(DOOR, ANNA, **{HEADER: "k1"})
    answer = Phone(f"other-{brand.SECRET_KEY}").post(DOOR, ANNA, **{HEADER: "k1"})

    assert "Idempotent-Replayed" not in answer.headers
    assert len({one.message_id for one in waiting()}) == 2


def waiting():
    return [DECODER.decode(bytes(one.body)) for one in Inbox.objects.all()]


# --- for 24 hours ---
LAST = timedelta(hours=24) - timedelta(microseconds=1)


@pytest.mark.parametrize(("later", "done"), [(LAST, 1), (timedelta(hours=24), 2)])
def test_a_key_counts_for_24_hours(later, done, server, receipt, virtual_clock):
    server.post(DOOR, ANNA, **{HEADER: "k1"})
    virtual_clock.now += later

    answer = server.post(DOOR, ANNA, **{HEADER: "k1"})

    assert answer.status_code == 202
    assert len({one.message_id for one in waiting()}) == done
    assert IdempotencyKey.objects.get().created_at == virtual_clock.now - later * (2 - done)


@pytest.mark.parametrize(("later", "left"), [(timedelta(hours=24), 1), (timedelta(hours=25), 0)])
def test_upkeep_deletes_what_no_longer_counts(later, left, server, receipt, virtual_clock):
    server.post(DOOR, ANNA, **{HEADER: "k1"})

    upkeep(now=virtual_clock.now + later)

    assert IdempotencyKey.objects.count() == left


def test_a_clock_that_went_back_frees_no_key(server, receipt, virtual_clock):
    server.post(DOOR, ANNA, **{HEADER: "k1"})
    virtual_clock.forward(hours=-1)

    assert server.post(DOOR, ANNA, **{HEADER: "k1"}).headers["Idempotent-Replayed"] == "true"
