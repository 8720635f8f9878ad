"""The production shape: granian, Celery's own worker and beat, PostgreSQL and Redis."""

import gzip
import http.client
import json
import socket
import subprocess
import sys

import pytest

from tests import brand
from tests.conftest import wait_for
from tests.house import ROOT, House


@pytest.fixture(scope="module")
def house(tmp_path_factory, worker_id, request):
    made = House(tmp_path_factory.mktemp("house"), f"production_{worker_id}")
    request.addfinalizer(made.close)
    made.open()
    made.start_web()
    made.start_worker()
    made.start_beat()
    return made


def pushed(house, user):
    return wait_for(lambda: [one for one in house.fcm.messages if one["token"] == f"ok:{user}"])


def test_an_event_becomes_a_push_through_real_processes(house):
    house.posted(brand.identify("anna"), brand.attended("anna"))

    [message] = pushed(house, "anna")
    assert message["notification"]["body"] == "Hi Anna, thank you for visiting Utrecht"


@pytest.mark.parametrize("size", [400, 700_000])
def test_granian_reads_a_chunked_gzip_body(house, size):
    traits = {"firstName": "Kim", "text": "x" * size}
    messages = [brand.identify(f"kim-{size}", traits=traits)]
    body = gzip.compress(json.dumps({"batch": messages, "writeKey": brand.WRITE_KEY}).encode())
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)

    chunks = iter([body[:50], body[50:]])
    connection.request("POST", "/v1/b", chunks, {"Content-Encoding": "gzip"}, encode_chunked=True)
    answer = connection.getresponse()

    assert answer.status == (200 if size == 400 else 413)
    connection.close()


def test_a_dead_redis_costs_nobody_an_event(house):
    house.posted(brand.identify("bo"))
    usual = min(house.posted(brand.attended("bo", f"usual {n}")) for n in range(5))
    house.redis.stop()

    slowest = max(house.posted(brand.attended("bo", f"dead {n}")) for n in range(5))
    house.redis.start()

    assert slowest < usual + 0.5  # seconds; the ringer alone talks to Redis
    wait_for(lambda: len(pushed(house, "bo")) == 10, seconds=60)


def test_a_redis_that_never_answers_costs_nobody_an_event(house, tmp_path):
    with socket.create_server(("127.0.0.1", 0), backlog=1) as hole:
        url = f"redis://127.0.0.1:{hole.getsockname()[1]}/0"
        web = house.processes.pop("web")
        house.start_web(CELERY_BROKER_URL=url, CACHE_URL=url)
        house.posted(brand.identify("cor"))

        slowest = max(house.posted(brand.attended("cor", f"hole {n}")) for n in range(5))

        assert slowest < 1
        wait_for(lambda: len(pushed(house, "cor")) == 5, seconds=60)
        house.kill("web")
        house.processes["web"] = web


def test_a_plain_stop_loses_nothing_and_doubles_nothing(house):
    house.posted(brand.identify("dirk"))
    for number in range(40):
        house.posted(brand.attended("dirk", f"stop {number}"))
        if number in {10, 25}:
            house.processes["worker"].terminate()
            house.processes.pop("worker").wait(60)
            house.start_worker()

    wait_for(lambda: len(pushed(house, "dirk")) == 40, seconds=60)
    tags = {one["android"]["notification"]["tag"] for one in pushed(house, "dirk")}
    assert len(tags) == 40


UNSAFE = {
    "a local cache": {"CACHE_URL": ""},
    "a local broker": {"CELERY_BROKER_URL": "memory://"},
    "real credentials in rehearsal": {"FIREBASE_CREDENTIALS_DIR": "/tmp"},
    "the default secret": {"FCM_ENDPOINT": "", "SECRET_KEY": "not-a-secret"},
    "the demo in rehearsal": {"DEMO": "1"},
    "the demo in production": {"FCM_ENDPOINT": "", "DEMO": "1"},
    "no credentials in production": {"FCM_ENDPOINT": ""},
}


@pytest.mark.parametrize("case", UNSAFE)
def test_an_unsafe_installation_does_not_start(case, house):
    environment = {**house.environment, **UNSAFE[case]}

    done = subprocess.run(
        [sys.executable, "-c", "import orchestrator.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "Not starting in" in done.stderr
