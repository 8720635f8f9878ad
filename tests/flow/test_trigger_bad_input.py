"""Whatever a server posts to a campaign: a clear answer, and the good recipients beside it live."""

import gzip
import json

import pytest

from orchestrator.models import Rejection
from tests.flow.test_api_trigger import ANNA, DOOR, KEY, callable_campaign, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def receipt(workspace):
    return callable_campaign(workspace)


def refusals(answer):
    return [(one["index"], one["error"]["code"]) for one in answer.json()["rejected"]]


def nested(depth):
    return json.loads('{"a":' * depth + "1" + "}" * depth)


BAD_RECIPIENTS = {
    "text": ("anna", "not_an_object"),
    "null": (None, "not_an_object"),
    "a list": ([ANNA], "not_an_object"),
    "nobody": ({}, "no_person"),
    "an accident": ({"user_id": "undefined"}, "no_person"),
    "two accidents": ({"user_id": "[object Object]", "anonymous_id": "0"}, "no_person"),
    "zeros": ({"anonymousId": "00000000-0000-0000-0000-000000000000"}, "no_person"),
    "blank": ({"user_id": "  "}, "no_person"),
    "true": ({"user_id": True}, "no_person"),
    "an object as id": ({"user_id": {"$ne": ""}}, "wrong_type"),
    "a list as id": ({"user_id": ["anna"]}, "wrong_type"),
    "a long id": ({"user_id": "x" * 201}, "id_too_long"),
    "properties are a list": ({**ANNA, "properties": []}, "wrong_type"),
    "properties are text": ({**ANNA, "properties": "sku"}, "wrong_type"),
    "33 levels": ({**ANNA, "properties": nested(33)}, "too_much"),
    "1,001 values": ({**ANNA, "properties": {str(n): n for n in range(1001)}}, "too_much"),
    "a 65-bit number": ({**ANNA, "properties": {"n": 2**64}}, "too_much"),
    "over 32 kB": ({**ANNA, "properties": {"a": "x" * 32_000}}, "message_too_large"),
    "the same again": ({"user_id": "first"}, "duplicate"),
    "the same in other words": ({"userId": "first", "properties": {}}, "duplicate"),
}


@pytest.mark.parametrize("case", BAD_RECIPIENTS)
def test_one_bad_recipient_is_refused_alone(case, server):
    bad, code = BAD_RECIPIENTS[case]

    answer = server.post(
        DOOR, {"recipients": [{"user_id": "first"}, bad, {"user_id": "last"}]}, **KEY
    )

    assert answer.status_code == 202
    assert answer.json()["accepted"] == 2
    assert refusals(answer) == [(1, code)]
    error = answer.json()["rejected"][0]["error"]
    assert error["message"] and error["fix"]
    assert [one.user_id for one in waiting()] == ["first", "last"]
    [kept] = Rejection.objects.all()
    assert (kept.code, kept.type, kept.name) == (code, "trigger", "Campaign Triggered")


def test_one_person_may_be_called_for_two_carts(server):
    carts = [{**ANNA, "properties": {"cart_id": cart}} for cart in ("c1", "c2", "c1")]

    answer = server.post(DOOR, {"recipients": carts}, **KEY)

    assert answer.json()["accepted"] == 2
    assert refusals(answer) == [(2, "duplicate")]


def test_shared_properties_count_against_each_message(server):
    large = {**ANNA, "properties": {"b": "x" * 20_000}}

    answer = server.post(
        DOOR,
        {"recipients": [large, {"user_id": "bram"}], "properties": {"a": "x" * 20_000}},
        **KEY,
    )

    assert refusals(answer) == [(0, "message_too_large")]


UNUSABLE = {
    "empty": (b"", 400, "empty_body"),
    "blank": (b" \n", 400, "empty_body"),
    "broken JSON": (b'{"recipients": [', 400, "invalid_json"),
    "a list": (b'[{"user_id": "anna"}]', 400, "invalid_json"),
    "text": (b'"anna"', 400, "invalid_json"),
    "100,000 levels": (b"[" * 100_000 + b"]" * 100_000, 400, "invalid_json"),
    "nobody": ({}, 400, "no_recipients"),
    "nobody but properties": ({"properties": {}}, 400, "no_recipients"),
    "an empty list": ({"recipients": []}, 400, "no_recipients"),
    "recipients are text": ({"recipients": "anna"}, 400, "no_recipients"),
    "recipients are one": ({"recipients": ANNA}, 400, "no_recipients"),
    "both forms": ({"recipients": [ANNA], "userId": "bram"}, 400, "two_forms"),
    "1,001 recipients": ({"recipients": [ANNA] * 1001}, 413, "too_many_recipients"),
    "shared are a list": ({"recipients": [ANNA], "properties": [1]}, 400, "wrong_type"),
    "shared too deep": ({"recipients": [ANNA], "properties": nested(33)}, 400, "too_much"),
    "shared too large": (
        {"recipients": [ANNA], "properties": {"a": "x" * 32_001}}, 400, "message_too_large",
    ),
    "time is a number": ({**ANNA, "occurred_at": 1700000000}, 400, "invalid_time"),
    "time is a word": ({**ANNA, "occurred_at": "yesterday"}, 400, "invalid_time"),
    "10 MB": (b'{"user_id": "' + b"x" * 10_000_000 + b'"}', 413, "body_too_large"),
    "gzip bomb": (gzip.compress(b'{"a": "' + b"0" * 50_000_000 + b'"}'), 413, "body_too_large"),
    "cut gzip": (gzip.compress(b'{"user_id": "anna"}' * 50)[:-12], 400, "broken_gzip"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_request_says_why_and_leaves_its_key_free(case, server):
    body, status, code = UNUSABLE[case]

    answer = server.post(DOOR, body, **KEY)
    mended = server.post(DOOR, ANNA, **KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"] and answer.json()["error"]["fix"]
    assert mended.json() == {"accepted": 1, "rejected": []}
    assert "Idempotent-Replayed" not in mended.headers
