"""Whatever a client sends: a clear answer, and the good messages beside it live."""

import gzip
import json

import pytest

from orchestrator.api import throttle
from orchestrator.models import Inbox, Quarantine, Rejection
from tests import brand
from triggers.models import Event

pytestmark = pytest.mark.django_db

GOOD = [
    {"type": "track", "messageId": f"good-{n}", "userId": "anna", "event": "Good"} for n in (1, 2)
]
TRACK = '{"type": "track", "messageId": "bad", "userId": "anna", "event": "Bad", '


def between_good(raw):
    """A batch with raw bytes as its second message."""
    first, last = (json.dumps(one).encode() for one in GOOD)
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return b'{"batch": [' + first + b", " + raw + b", " + last + b"]}"


REFUSED = {
    "not an object": ("[1, 2]", "not_an_object"),
    "a number": ("7", "not_an_object"),
    "null": ("null", "not_an_object"),
    "no type": ('{"userId": "anna"}', "unknown_type"),
    "type is a list": ('{"type": [], "userId": "anna"}', "unknown_type"),
    "unknown type": ('{"type": "shout", "userId": "anna"}', "unknown_type"),
    "no person": ('{"type": "track", "event": "Bad"}', "no_person"),
    "undefined person": (
        '{"type": "track", "event": "Bad", "userId": "undefined"}', "no_person"
    ),
    "object as person": ('{"type": "track", "event": "Bad", "userId": {}}', "wrong_type"),
    "long id": ('{"type": "track", "event": "Bad", "userId": "' + "x" * 201 + '"}', "id_too_long"),
    "no event name": ('{"type": "track", "userId": "anna"}', "no_event_name"),
    "event is a number": ('{"type": "track", "userId": "anna", "event": 5}', "no_event_name"),
    "long event name": (
        '{"type": "track", "userId": "anna", "event": "' + "x" * 201 + '"}', "name_too_long"
    ),
    "reserved name": (
        '{"type": "track", "userId": "anna", "event": "Push Accepted"}', "reserved_name"
    ),
    "properties are a list": (TRACK + '"properties": []}', "wrong_type"),
    "context is text": (TRACK + '"context": "x"}', "wrong_type"),
    "broken time": (TRACK + '"timestamp": "yesterday"}', "invalid_time"),
    "time is a list": (TRACK + '"timestamp": []}', "invalid_time"),
    "1,001 traits": (
        '{"type": "identify", "userId": "anna", "traits": '
        + json.dumps({f"t{n}": n for n in range(1001)}) + "}", "too_much",
    ),
    "33 levels": (TRACK + '"properties": ' + '{"a":' * 33 + "1" + "}" * 33 + "}", "too_much"),
    "15,000 levels": (
        TRACK + '"properties": ' + "[" * 15_000 + "]" * 15_000 + "}", "invalid_json"
    ),
    "65-bit integer": (TRACK + '"properties": {"n": 18446744073709551616}}', "too_much"),
    "over 32 kB": (TRACK + '"properties": {"a": "' + "x" * 32_000 + '"}}', "message_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_one_bad_message_is_refused_alone(case, workspace, phone, work):
    raw, code = REFUSED[case]

    answer = phone.post("batch", between_good(raw))
    work()

    document = answer.json()
    assert answer.status_code == 200
    assert document["accepted"] == 2
    [refusal] = document["rejected"]
    assert (refusal["index"], refusal["error"]["code"]) == (1, code)
    assert refusal["error"]["message"] and refusal["error"]["fix"]
    assert set(Event.objects.values_list("message_id", flat=True)) == {"good-1", "good-2"}
    assert Rejection.objects.get().code == code


REPAIRED = {
    "NUL in a value": (rb'"properties": {"a": "x\u0000y"}}', {"a": "x\ufffdy"}),
    "NUL in a key": (rb'"properties": {"x\u0000y": 1}}', {"x\ufffdy": 1}),
    "lone surrogate in a value": (rb'"properties": {"a": "\ud800"}}', {"a": "\ufffd"}),
    "lone surrogate in a key": (rb'"properties": {"\udc00k": 1}}', {"\ufffdk": 1}),
    "a pair is no lone surrogate": (rb'"properties": {"a": "\ud83d\ude00"}}', {"a": "😀"}),
    "an escaped backslash": (rb'"properties": {"a": "\\ud800"}}', {"a": "\\ud800"}),
    "invalid UTF-8": (b'"properties": {"a": "\xff\xfe"}}', {"a": "\ufffd\ufffd"}),
    "brackets in text": (rb'"properties": {"a": "]}],{\"\ud800"}}', {"a": ']}],{"\ufffd'}),
    "a huge float": (b'"properties": {"a": 1e15}}', {"a": 1e15}),
}


@pytest.mark.parametrize("case", REPAIRED)
def test_broken_text_is_repaired_and_kept(case, workspace, phone, work):
    raw, properties = REPAIRED[case]

    answer = phone.post("batch", between_good(TRACK.encode() + raw))
    work()

    assert answer.json()["accepted"] == 3, answer.json()
    assert Event.objects.get(message_id="bad").properties == properties
    assert not Quarantine.objects.exists()


UNUSABLE = {
    "empty": (b"", "empty_body"),
    "blank": (b"  \n", "empty_body"),
    "broken JSON": (b'{"batch": [', "invalid_json"),
    "text": (b"hello", "invalid_json"),
    "a list": (b"[]", "invalid_json"),
    "batch is a number": (b'{"batch": 5}', "invalid_json"),
    "cut gzip": (gzip.compress(b'{"batch": []}' * 50)[:-12], "broken_gzip"),
    "gzip header alone": (b"\x1f\x8b", "broken_gzip"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_body_is_a_400_that_says_why(case, workspace, phone):
    raw, code = UNUSABLE[case]

    answer = phone.post("batch", raw)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"] and error["fix"]


TOO_LARGE = {
    "10 MB": b'{"batch": ["' + b"x" * 10_000_000 + b'"]}',
    "gzip bomb": gzip.compress(b'{"batch": ["' + b"0" * 100_000_000 + b'"]}'),
    "2,501 messages": json.dumps({"batch": [{}] * 2501}).encode(),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_too_much_is_a_413(case, workspace, phone):
    answer = phone.post("batch", TOO_LARGE[case])

    assert answer.status_code == 413
    assert answer.json()["error"]["fix"] == "Send smaller batches"
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {}])
def test_gzip_is_known_by_header_or_by_its_bytes(headers, workspace, phone):
    answer = phone.post("b", gzip.compress(json.dumps({"batch": GOOD}).encode()), **headers)

    assert answer.json()["accepted"] == 2


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"],
)
def test_any_content_type_will_do(content_type, workspace, phone):
    answer = phone.client.post(
        "/v1/batch",
        json.dumps({"batch": GOOD, "writeKey": brand.WRITE_KEY}),
        content_type=content_type,
    )

    assert answer.json()["accepted"] == 2


@pytest.mark.parametrize("key", ["", "nonsense", brand.WRITE_KEY + "x", "\x00", "x" * 9000])
def test_an_unknown_key_is_a_401(key, workspace, phone):
    phone.key = key

    answer = phone.batch(*GOOD)

    assert answer.status_code == 401
    assert answer.json()["error"]["fix"]


@pytest.mark.parametrize("header", ["Basic", "Basic ###", "Basic /w==", "Bearer x", "basic"])
def test_a_broken_authorization_header_is_a_401(header, workspace, phone):
    phone.key = ""

    answer = phone.post("batch", {"batch": GOOD}, Authorization=header)

    assert answer.status_code == 401


def test_a_revoked_key_is_a_401(workspace, phone):
    from audience.services.workspaces import revoke_key

    revoke_key(key=workspace.keys.get(kind="write"), now=brand.FOUNDED)

    assert phone.batch(*GOOD).status_code == 401


def test_a_flood_is_told_when_to_come_back(workspace, phone, settings):
    settings.RATE_PER_KEY, settings.BURST_PER_KEY = 1, 3
    throttle.refill()

    first, second = phone.batch(*GOOD), phone.batch(*GOOD)

    assert first.status_code == 200
    assert second.status_code == 429
    assert int(second.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/v1/projects//settings"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_wrong_path_answers_in_the_one_error_shape(path, method, db, client):
    answer = getattr(client, method)(path)

    assert answer.status_code == 404
    assert set(answer.json()["error"]) == {"code", "message", "fix"}


@pytest.mark.parametrize(("method", "path"), [("get", "/v1/batch"), ("post", "/v1/devices/x")])
def test_a_wrong_method_answers_in_the_one_error_shape(method, path, db, client):
    answer = getattr(client, method)(path)

    assert answer.status_code == 405
    assert set(answer.json()["error"]) == {"code", "message", "fix"}


@pytest.mark.parametrize("door", ["track", "t"])
def test_a_single_message_that_is_not_valid_is_a_200_with_its_error(door, workspace, phone):
    answer = phone.post(door, {"userId": "anna"})

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 0
    assert answer.json()["rejected"][0]["error"]["code"] == "no_event_name"


BAD_DEVICES = {
    "platform": {"platform": "toaster"},
    "token": {"token": 5},
    "fid": {"fid": "x" * 5000},
    "push_permission": {"push_permission": "maybe"},
    "user_id": {"user_id": []},
}


@pytest.mark.parametrize("name", BAD_DEVICES)
def test_a_bad_device_is_a_400_that_says_why(name, workspace, phone):
    answer = phone.put("devices/phone-1", BAD_DEVICES[name])

    assert answer.status_code == 400
    assert answer.json()["error"]["fix"]


@pytest.mark.parametrize(
    "id", ["undefined", "null", "x" * 201, "00000000-0000-0000-0000-000000000000"]
)
def test_an_accidental_installation_id_is_refused(id, workspace, phone):
    assert phone.put(f"devices/{id}", {"platform": "ios"}).status_code == 400
    assert phone.delete(f"devices/{id}").status_code == 400


def test_an_apns_token_is_told_from_firebases(workspace, phone):
    answer = phone.put("devices/phone-1", {"platform": "ios", "token": "ab" * 32})

    assert answer.json() == {
        "reachable": False,
        "reason": "apns_token",
        "fix": "Send Firebase's FCM token",
    }


def test_a_deleted_workspaces_messages_are_dropped(workspace, phone, work):
    phone.batch(*GOOD)
    workspace.delete()

    work()

    assert not Inbox.objects.exists()
    assert not Quarantine.objects.exists()
