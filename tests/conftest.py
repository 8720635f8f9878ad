import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from audience.sql import run
from orchestrator import clock, gateway
from orchestrator.api import keys, throttle
from orchestrator.pipeline import dispatch, evaluate, plan, programs
from orchestrator.places import kept
from tests import brand
from triggers.services import catalogue


@pytest.fixture(autouse=True)
def fresh_process():
    """What a process remembers must not reach the next test."""
    yield
    keys.forget()
    throttle.refill()
    programs.forget()
    plan.forget()
    catalogue.forget()
    kept.forget()


@pytest.fixture(autouse=True)
def lanes(request):
    """A transactional test empties every table, and lanes come with the migration."""
    marked = request.node.get_closest_marker("django_db")
    if not marked and not {"db", "transactional_db"} & set(request.fixturenames):
        return
    if not marked:
        request.getfixturevalue("db")
    run(
        "INSERT INTO orchestrator_lane (lane, attempt, fresh_low_id, bulk_low_id, fresh_mark_id, "
        "bulk_mark_id) SELECT lane, '{}', 0, 0, 0, 0 FROM generate_series(0, 15) AS lane "
        "ON CONFLICT DO NOTHING"
    )


class VirtualClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def virtual_clock():
    source = VirtualClock(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    with clock.set_to(source):
        yield source


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FakeFcm:
    """The fake FCM as a process; talks its own protocol."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "orchestrator.simulator.fcm", "--port", str(port)]
        self.process = subprocess.Popen(command, env={**os.environ})
        wait_for(lambda: self.call("GET", "/stats"), errors=(OSError,))

    def call(self, method, path, document=None):
        data = json.dumps(document).encode() if document is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read() or b"{}")

    @property
    def messages(self):
        return [one["message"] for one in self.call("GET", "/messages")["messages"]]

    def behave(self, *rules, latency_ms=0):
        self.call("PUT", "/behaviour", {"rules": list(rules), "latency_ms": latency_ms})

    def reset(self):
        self.behave()
        self.call("DELETE", "/messages")


def wait_for(question, *, seconds=20, errors=()):
    """Ask until the answer is true, for at most so many seconds."""
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(*errors):
            if answer := question():
                return answer
        if time.monotonic() > until:
            raise AssertionError(f"gave up after {seconds} s")
        time.sleep(0.02)


@pytest.fixture(scope="session")
def fcm_process():
    fake = FakeFcm(free_port())
    yield fake
    fake.process.terminate()
    fake.process.wait(5)


@pytest.fixture
def fcm(fcm_process, settings):
    """A fake FCM with an empty log, and a gateway that sends to it."""
    fcm_process.reset()
    settings.FCM_ENDPOINT = fcm_process.url
    gateway.close()
    yield fcm_process
    gateway.close()


class Phone:
    """Posts to the API as an app with this key would."""

    def __init__(self, key):
        self.client = Client(raise_request_exception=False)
        self.key = key

    def post(self, door, document, **headers):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.client.post(
            f"/v1/{door}", body, content_type="application/json", headers=self.headers(headers)
        )

    def put(self, path, document, **headers):
        return self.client.put(
            f"/v1/{path}",
            json.dumps(document),
            content_type="application/json",
            headers=self.headers(headers),
        )

    def delete(self, path):
        return self.client.delete(f"/v1/{path}", headers=self.headers({}))

    def headers(self, more):
        return {**brand.basic(self.key), **more} if self.key else more

    def batch(self, *messages, **more):
        return self.post("batch", {"batch": list(messages), **more})


@pytest.fixture
def phone(workspace):
    return Phone(brand.WRITE_KEY)


@pytest.fixture
def server(workspace):
    return Phone(brand.SECRET_KEY)


@pytest.fixture
def workspace(db):
    return brand.workspace_with_keys()


@pytest.fixture
def work():
    """Evaluate and dispatch until nothing is left to do now."""

    def until_idle():
        for _ in range(4):
            evaluate.evaluate(clock=clock.now)
            evaluate.evaluate_bulk(clock=clock.now)
            if settings.FCM_ENDPOINT != "http://127.0.0.1:9":
                for bulk in (False, True):
                    dispatch.dispatch(
                        gateway=gateway.gateway(),
                        clock=clock.now,
                        stopping=gateway.stopping,
                        bulk=bulk,
                    )

    return until_idle


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """The one-command server with its demo, shared by tests that only add to it."""
    from tests.embedded import EmbeddedServer

    server = EmbeddedServer(tmp_path_factory.mktemp("embedded")).start()
    yield server
    server.stop()


CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; nothing is downloaded. Its event loop must not outlive the module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A page that fails its test when it asks anything but this machine."""
    foreign = []
    context = browser.new_context()
    tab = context.new_page()
    tab.on("request", lambda one: foreign.append(one.url) if is_foreign(one.url) else None)
    yield tab
    context.close()
    assert not foreign


def is_foreign(url):
    return not url.startswith(("http://127.0.0.1", "http://localhost", "data:", "about:", "blob:"))
