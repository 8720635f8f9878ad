"""The fake FCM as a process of its own, seen by firebase-admin and by plain HTTP."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import firebase_admin
import pytest
from firebase_admin import credentials, exceptions, messaging
from google.auth.credentials import AnonymousCredentials
from requests.adapters import HTTPAdapter

from orchestrator.simulator.fcm import main

READY_WITHIN = 20


@dataclass(frozen=True)
class Fake:
    url: str
    process: subprocess.Popen[str]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON; `body` may be bytes, sent as they are."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def send(self, message: Any) -> tuple[int, Any]:
        return self.call("POST", "/v1/projects/demo/messages:send", {"message": message})

    def messages(self, after: int = 0) -> list[Any]:
        return self.call("GET", f"/messages?after={after}")[1]["messages"]


class Anonymous(credentials.Base):
    def get_credential(self) -> AnonymousCredentials:
        return AnonymousCredentials()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while True:
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the fake FCM did not open its port"


def start() -> Fake:
    port = free_port()
    command = [sys.executable, "-m", "orchestrator.simulator.fcm", "--port", str(port)]
    process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until_open(port)
    return Fake(url=f"http://127.0.0.1:{port}", process=process)


@pytest.fixture(scope="module")
def process() -> Iterator[Fake]:
    fake = start()
    with fake.process:
        yield fake
        fake.process.terminate()


@pytest.fixture
def fake(process: Fake) -> Fake:
    assert process.call("DELETE", "/messages")[0] == 200
    assert process.call("PUT", "/behaviour", {})[0] == 200
    return process


@pytest.fixture
def send(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """firebase-admin's own `messaging.send` to a fid, its inner retries off."""
    url = fake.url + "/v1/projects/{0}/messages:send"
    monkeypatch.setattr(messaging._MessagingService, "FCM_URL", url)
    options = {"projectId": "demo", "httpTimeout": 10}
    app = firebase_admin.initialize_app(Anonymous(), options, name="fake-fcm")
    session = messaging._get_messaging_service(app)._client.session
    session.trust_env = False
    session._max_refresh_attempts = 0
    session.mount(fake.url, HTTPAdapter(max_retries=0))

    def send(fid: str, **fields: Any) -> str:
        return messaging.send(messaging.Message(fid=fid, **fields), app=app)

    yield send
    session.close()
    firebase_admin.delete_app(app)


def test_firebase_admin_sends_to_it(fake: Fake, send: Callable[..., str]) -> None:
    data = {"push_id": "p1", "deep_link": "shop://café"}

    name = send("phone-1", data=data, notification=messaging.Notification(title="Hello"))

    (entry,) = fake.messages()
    assert entry["name"] == name
    assert name.startswith("projects/demo/messages/")
    assert entry["message"] == {"fid": "phone-1", "data": data, "notification": {"title": "Hello"}}
    assert entry["received_at"].endswith("Z")


ERRORS = [
    ("unreg:1", messaging.UnregisteredError, 404),
    ("invalid:1", exceptions.InvalidArgumentError, 400),
    ("badpayload:1", exceptions.InvalidArgumentError, 400),
    ("sender:1", messaging.SenderIdMismatchError, 403),
    ("quota:1", messaging.QuotaExceededError, 429),
    ("unavail:1", exceptions.UnavailableError, 503),
    ("internal:1", exceptions.InternalError, 500),
    ("apns:1", messaging.ThirdPartyAuthError, 401),
    ("auth:1", exceptions.UnauthenticatedError, 401),
    ("bad502:1", exceptions.UnknownError, 502),
]


@pytest.mark.parametrize(("fid", "error", "status"), ERRORS)
def test_each_prefix_is_the_error_google_would_send(
    fake: Fake,
    send: Callable[..., str],
    fid: str,
    error: type[exceptions.FirebaseError],
    status: int,
) -> None:
    with pytest.raises(error) as caught:
        send(fid)

    assert type(caught.value) is error
    assert caught.value.http_response.status_code == status
    assert fake.messages() == []


def test_only_an_invalid_token_is_blamed_on_the_token(fake: Fake) -> None:
    _, token = fake.send({"token": "invalid:1"})
    _, payload = fake.send({"token": "badpayload:1"})

    assert "registration token" in token["error"]["message"]
    assert "registration token" not in payload["error"]["message"]
    assert payload["error"]["details"][0]["fieldViolations"][0]["field"].startswith("message.data")


def test_quota_says_when_to_come_back(send: Callable[..., str]) -> None:
    with pytest.raises(messaging.QuotaExceededError) as caught:
        send("quota:1")

    assert caught.value.http_response.headers["Retry-After"] == "60"


def test_a_rule_is_used_up_after_its_times(fake: Fake, send: Callable[..., str]) -> None:
    rule = {"prefix": "", "error": "UNAVAILABLE", "times": 2, "retry_after": 3}
    fake.call("PUT", "/behaviour", {"rules": [rule]})

    for _ in range(2):
        with pytest.raises(exceptions.UnavailableError) as caught:
            send("phone-1")
        assert caught.value.http_response.headers["Retry-After"] == "3"
    send("phone-1")

    assert len(fake.messages()) == 1
    assert fake.call("GET", "/behaviour")[1]["rules"][0]["times"] == 0


def test_the_first_rule_that_matches_wins(fake: Fake) -> None:
    rules = [{"prefix": "vip", "error": "INTERNAL"}, {"error": "UNREGISTERED"}]
    fake.call("PUT", "/behaviour", {"rules": rules})

    assert fake.send({"token": "vip-1"})[0] == 500
    assert fake.send({"fid": "other"})[0] == 404


def test_a_dropped_message_was_accepted_but_never_answered(
    fake: Fake, send: Callable[..., str]
) -> None:
    with pytest.raises(exceptions.UnavailableError) as caught:
        send("drop:1")

    assert caught.value.http_response is None
    assert [entry["message"]["fid"] for entry in fake.messages()] == ["drop:1"]


LATE = [
    ({"rules": [{"prefix": "lazy", "error": "SLOW", "after_ms": 300}]}, "lazy", 200),
    ({"latency_ms": 300}, "unreg:1", 404),
]


@pytest.mark.parametrize(("behaviour", "token", "status"), LATE)
def test_an_answer_can_be_made_late(fake: Fake, behaviour: Any, token: str, status: int) -> None:
    fake.call("PUT", "/behaviour", behaviour)
    began = time.monotonic()

    answered, _ = fake.send({"token": token})

    assert answered == status
    assert time.monotonic() - began >= 0.3


def test_the_log_is_oldest_first_and_can_be_followed(fake: Fake) -> None:
    fake.send({"token": "a"})
    _, first = fake.call("GET", "/messages")
    fake.send({"token": "b"})

    assert [entry["message"]["token"] for entry in fake.messages(first["next"])] == ["b"]
    assert [entry["message"]["token"] for entry in fake.messages()] == ["a", "b"]


def test_delete_empties_the_log_and_following_goes_on(fake: Fake) -> None:
    fake.send({"token": "a"})
    _, emptied = fake.call("DELETE", "/messages")
    fake.send({"token": "b"})

    assert emptied["messages"] == []
    assert [entry["message"]["token"] for entry in fake.messages(emptied["next"])] == ["b"]
    assert len(fake.messages()) == 1


def test_stats_count_what_was_accepted_and_what_failed(fake: Fake) -> None:
    _, before = fake.call("GET", "/stats")
    fake.send({"token": "phone"})
    fake.send({"token": "sender:1"})

    _, after = fake.call("GET", "/stats")

    assert after["requests"] - before["requests"] == 2
    assert after["accepted"] - before["accepted"] == 1
    mismatches = before["errors"].get("SENDER_ID_MISMATCH", 0)
    assert after["errors"]["SENDER_ID_MISMATCH"] - mismatches == 1


def test_a_dry_run_is_accepted_and_not_logged(fake: Fake) -> None:
    body = {"validateOnly": True, "message": {"token": "phone"}}

    _, answer = fake.call("POST", "/v1/projects/demo/messages:send", body)

    assert answer == {"name": "projects/demo/messages/fake_message_id"}
    assert fake.messages() == []


NOT_MESSAGES = [
    *[b"", b"{", b"[]", b'"\xff"', b"{}", b'{"message": {}}', b'{"message": {"token": 12}}'],
    b'{"message": {"token": "a", "topic": "b"}}',
    b'{"message": {"token": "a", "data": {"n": 1}}}',
]


@pytest.mark.parametrize("body", NOT_MESSAGES)
def test_what_is_no_message_is_googles_invalid_argument(fake: Fake, body: bytes) -> None:
    status, answer = fake.call("POST", "/v1/projects/demo/messages:send", body)

    assert status == 400
    assert answer["error"]["status"] == "INVALID_ARGUMENT"
    assert fake.messages() == []


BAD_BEHAVIOURS = [b"{", b"[]", b'{"rule": []}', b'{"rules": [{"error": "OOPS"}]}']


@pytest.mark.parametrize("body", BAD_BEHAVIOURS)
def test_bad_behaviour_is_refused_with_what_is_allowed(fake: Fake, body: bytes) -> None:
    kept = {"rules": [], "latency_ms": 1}
    fake.call("PUT", "/behaviour", kept)

    status, answer = fake.call("PUT", "/behaviour", body)

    assert status == 400
    assert "UNREGISTERED" in answer["allowed"]["rules[]"]["error"]
    assert fake.call("GET", "/behaviour")[1] == kept


STRAY = [("GET", "/nothing", 404), ("POST", "/stats", 405), ("GET", "/messages?after=x", 400)]


@pytest.mark.parametrize(("method", "path", "status"), STRAY)
def test_a_stray_request_is_told_what_exists(
    fake: Fake, method: str, path: str, status: int
) -> None:
    answered, answer = fake.call(method, path, b"{}" if method == "POST" else None)

    assert answered == status
    assert answer["error"]["fix"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.com"])
def test_it_binds_loopback_alone(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--host", host, "--port", "0"])

    assert "not loopback" in capsys.readouterr().err


def test_it_does_not_share_a_port_that_is_taken(
    fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--port", fake.url.rpartition(":")[2]])

    assert code == 1
    assert "cannot use port" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_in_silence(number: signal.Signals) -> None:
    fake = start()
    body = b'{"message": {"token": "slow:1"}}'
    head = (
        f"POST /v1/projects/demo/messages:send HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}"
    )
    host, _, port = fake.url.removeprefix("http://").partition(":")

    with fake.process, socket.create_connection((host, int(port))) as waiting:
        waiting.sendall(head.encode() + b"\r\n\r\n" + body)
        while not fake.messages():  # the slow answer is under way
            pass
        fake.process.send_signal(number)
        output, _ = fake.process.communicate(timeout=3)

    assert fake.process.returncode == 0
    assert output == ""
