"""POST /v1/business-events: something that happened to no person."""

import gzip
import json
import threading
from datetime import timedelta
from functools import partial

import pytest

from orchestrator.api import throttle
from orchestrator.models import Expansion, IdempotencyKey
from orchestrator.pipeline.business import report as REPORT
from tests import brand
from tests.conftest import Phone
from tests.flow.test_api_trigger import callable_campaign
from tests.shell.test_idempotency_races import in_threads
from triggers.trigger import BusinessTrigger

pytestmark = pytest.mark.django_db

DOOR = "business-events"
KEY = {"Idempotency-Key": "request-1"}
BACK = {"event": "Back In Stock", "properties": {"sku": "42"}}
RECEIVED = "2026-11-21T12:00:00+00:00"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture(autouse=True)
def reported(monkeypatch):
    """What the pipeline was told; one campaign acts on events whose name begins with B."""
    told = []

    def report(**event):
        told.append(event)
        return ["back-in-stock"] if event["name"].startswith("B") else []

    monkeypatch.setattr("orchestrator.pipeline.business.report", report)
    return told


def key(number):
    return {"Idempotency-Key": f"request-{number}"}


# --- what gets in ---
def test_an_event_is_told_to_the_pipeline_and_the_answer_names_its_campaigns(
    server, workspace, reported, noon
):
    answer = server.post(DOOR, BACK, **KEY)

    assert (answer.status_code, answer.json()) == (202, {"campaigns": ["back-in-stock"]})
    [event] = reported
    assert event.pop("message_id")
    assert event == {
        "workspace_id": workspace.pk,
        "name": "Back In Stock",
        "properties": {"sku": "42"},
        "occurred_at": noon.now,
        "now": noon.now,
    }


def test_an_event_that_nobody_waits_for_is_taken_with_a_hint(server):
    answer = server.post(DOOR, {"event": "Opened"}, **KEY)

    assert answer.status_code == 202
    assert answer.json()["campaigns"] == []
    assert "check its name" in answer.json()["hint"]


GOOD = {
    "no properties": ({"event": "B"}, "B", {}),
    "null properties": ({"event": "B", "properties": None}, "B", {}),
    "NUL": ({"event": "B\0", "properties": {"\0": "\0"}}, "B\ufffd", {"\ufffd": "\ufffd"}),
    "lone surrogates": ({"event": "B\ud800", "properties": {"a": "\udc00"}}, "B\ufffd",
                        {"a": "\ufffd"}),
    "the longest name": ({"event": "B" * 200}, "B" * 200, {}),
    "words from tomorrow": ({"event": "B", "user_id": "anna", "colour": "red"}, "B", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_what_is_usable_is_taken(case, server, reported):
    body, name, properties = GOOD[case]

    answer = server.post(DOOR, body, **KEY)

    assert answer.status_code == 202
    assert [(one["name"], one["properties"]) for one in reported] == [(name, properties)]


TIMES = {
    "none": (None, RECEIVED),
    "the past": ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"),
    "another zone": ("2026-11-21T10:00:00+01:00", "2026-11-21T09:00:00+00:00"),
    "the future is now": ("2126-01-01T00:00:00Z", RECEIVED),
}


@pytest.mark.parametrize("time", TIMES)
def test_when_it_occurred(time, server, reported):
    given, kept = TIMES[time]

    server.post(DOOR, {**BACK, "occurred_at": given}, **KEY)

    assert [one["occurred_at"].isoformat() for one in reported] == [kept]


def test_the_campaign_that_starts_on_it_begins_once(server, workspace, reported, monkeypatch):
    monkeypatch.setattr("orchestrator.pipeline.business.report", REPORT)
    callable_campaign(workspace, "back", trigger=BusinessTrigger(event="Back In Stock"))

    first, again = server.post(DOOR, BACK, **KEY), server.post(DOOR, BACK, **KEY)

    assert [one.json() for one in (first, again)] == [{"campaigns": ["back"]}] * 2
    assert Expansion.objects.count() == 1


# --- what does not ---
def nested(depth):
    return json.loads('{"a":' * depth + "1" + "}" * depth)


UNUSABLE = {
    "empty": (b"", 400, "empty_body"),
    "broken JSON": (b'{"event": ', 400, "invalid_json"),
    "a list": ([BACK], 400, "invalid_json"),
    "a number": (b"7", 400, "invalid_json"),
    "no event": ({"properties": {}}, 400, "no_event_name"),
    "a blank event": ({"event": " "}, 400, "no_event_name"),
    "event is a number": ({"event": 5}, 400, "no_event_name"),
    "event is an object": ({"event": {"name": "B"}}, 400, "no_event_name"),
    "event is deep": ({"event": nested(40)}, 400, "too_much"),
    "a long name": ({"event": "x" * 201}, 400, "name_too_long"),
    "a reserved name": ({"event": "Push Accepted"}, 400, "reserved_name"),
    "properties are a list": ({**BACK, "properties": [1]}, 400, "wrong_type"),
    "33 levels": ({**BACK, "properties": nested(33)}, 400, "too_much"),
    "1,001 values": (
        {**BACK, "properties": {str(n): n for n in range(1001)}}, 400, "too_much",
    ),
    "a 65-bit number": ({**BACK, "properties": {"n": 2**64}}, 400, "too_much"),
    "over 32 kB": ({**BACK, "properties": {"a": "x" * 32_000}}, 400, "message_too_large"),
    "time is a number": ({**BACK, "occurred_at": 1700000000}, 400, "invalid_time"),
    "time is a word": ({**BACK, "occurred_at": "yesterday"}, 400, "invalid_time"),
    "10 MB": (b'{"event": "' + b"x" * 10_000_000 + b'"}', 413, "body_too_large"),
    "gzip bomb": (gzip.compress(b'{"a": "' + b"0" * 50_000_000 + b'"}'), 413, "body_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_request_says_why_and_leaves_its_key_free(case, server, reported):
    body, status, code = UNUSABLE[case]

    answer = server.post(DOOR, body, **KEY)
    mended = server.post(DOOR, BACK, **KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"] and answer.json()["error"]["fix"]
    assert mended.status_code == 202
    assert len(reported) == 1


WHO = {
    "nobody": ("", 401, "no_secret_key"),
    "a stranger": ("nonsense", 401, "unknown_write_key"),
    "an app": (brand.WRITE_KEY, 403, "secret_key_needed"),
}


@pytest.mark.parametrize("who", WHO)
def test_only_the_secret_key_reports(who, server, reported):
    server.key, status, code = WHO[who]

    answer = server.post(DOOR, {**BACK, "writeKey": brand.SECRET_KEY}, **KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert reported == []
    assert not IdempotencyKey.objects.exists()


def test_a_flood_waits(server, settings):
    settings.RATE_PER_KEY, settings.BURST_PER_KEY = 1, 1
    throttle.refill()

    assert [server.post(DOOR, BACK, **key(n)).status_code for n in (1, 2)] == [202, 429]


# --- once ---
def test_the_same_request_is_reported_once(server, reported):
    first, again = server.post(DOOR, BACK, **KEY), server.post(DOOR, BACK, **KEY)

    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(reported) == 1


def test_another_event_under_the_same_key_is_a_422(server, reported):
    server.post(DOOR, BACK, **KEY)

    answer = server.post(DOOR, {"event": "Bargain"}, **KEY)

    assert answer.status_code == 422
    assert len(reported) == 1


def test_a_key_of_a_report_cannot_call_a_campaign(server):
    server.post(DOOR, BACK, **KEY)

    assert server.post("campaigns/receipt/trigger", {"user_id": "anna"}, **KEY).status_code == 422


def test_two_reports_have_message_ids_of_their_own(server, reported):
    server.post(DOOR, BACK, **key(1))
    server.post(DOOR, BACK, **key(2))

    assert len({one["message_id"] for one in reported}) == 2


# --- an hour ---
def test_an_hour_is_any_60_minutes(server, settings, noon):
    settings.BUSINESS_EVENTS_PER_HOUR = 2
    minutes, answers = [0, 50, 55, 59, 60, 61, 109, 110], []
    begin = noon.now

    for minute in minutes:
        noon.now = begin + timedelta(minutes=minute)
        answers.append(server.post(DOOR, BACK, **key(minute)))

    assert [one.status_code for one in answers] == [202, 202, 429, 429, 202, 429, 429, 202]
    waits = [int(one.headers["Retry-After"]) for one in answers if one.status_code == 429]
    assert waits == [5 * 60, 60, 49 * 60, 60]
    assert answers[2].json()["error"]["code"] == "too_many_business_events"
    assert answers[2].json()["error"]["fix"]


def test_what_was_refused_or_replayed_does_not_count(server, settings, reported):
    settings.BUSINESS_EVENTS_PER_HOUR = 2
    server.post(DOOR, {"event": ""}, **key(1))
    for _ in range(3):
        server.post(DOOR, BACK, **key(1))
    server.post(DOOR, {"event": "Bargain"}, **key(1))

    assert [server.post(DOOR, BACK, **key(n)).status_code for n in (2, 3)] == [202, 429]
    assert server.post(DOOR, BACK, **key(1)).headers["Idempotent-Replayed"] == "true"
    assert len(reported) == 2


def test_a_report_that_breaks_does_not_count(server, settings, monkeypatch):
    settings.BUSINESS_EVENTS_PER_HOUR = 1
    with monkeypatch.context() as broken:
        broken.setattr("orchestrator.pipeline.business.report", lambda **_: 1 / 0)
        assert server.post(DOOR, BACK, **key(1)).status_code == 500

    assert server.post(DOOR, BACK, **key(1)).status_code == 202


def test_each_workspace_has_an_hour_of_its_own(server, settings):
    settings.BUSINESS_EVENTS_PER_HOUR = 1
    brand.workspace_with_keys(key="other", prefix="other-")
    other = Phone(f"other-{brand.SECRET_KEY}")

    assert [one.post(DOOR, BACK, **KEY).status_code for one in (server, other)] == [202, 202]


def test_a_limit_of_nothing_closes_the_door(server, settings):
    settings.BUSINESS_EVENTS_PER_HOUR = 0

    assert server.post(DOOR, BACK, **KEY).headers["Retry-After"] == "3600"


@pytest.mark.django_db(transaction=True)
def test_the_hour_is_exact_whoever_reports_at_once(server, settings, reported):
    settings.BUSINESS_EVENTS_PER_HOUR = 5
    together, answers = threading.Barrier(12), []

    def post(number):
        together.wait(20)
        answers.append(Phone(brand.SECRET_KEY).post(DOOR, BACK, **key(number)).status_code)

    with in_threads(*[partial(post, number) for number in range(12)]):
        pass

    assert sorted(answers) == [202] * 5 + [429] * 7
    assert len(reported) == 5
