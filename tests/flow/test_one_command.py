"""The one-command server: starts, restarts fast, stops cleanly, and survives kill -9."""

import gzip
import http.client
import json
import signal
import time

import pytest

from tests import brand
from tests.conftest import wait_for
from tests.embedded import EmbeddedServer


@pytest.fixture
def server(tmp_path):
    made = EmbeddedServer(tmp_path)
    yield made
    if made.runs:
        made.stop()
    if made.postgres_runs:
        made.start().stop()


def post(server, *messages):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = json.dumps({"batch": messages})
    connection.request("POST", "/v1/batch", body, brand.basic("demo-write-key"))
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    return answer.status, document


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(server, number):
    server.start()
    post(server, brand.identify("anna"), brand.attended("anna"))

    code = server.stop(number)

    assert code == 0
    assert not server.postgres_runs
    assert "Traceback" not in server.log


def test_a_second_start_is_quick_and_keeps_everything(server):
    server.start()
    post(server, brand.identify("anna"))
    server.stop()

    began = time.monotonic()
    server.start()

    assert time.monotonic() - began < 15  # seconds; the bench has the figure
    post(server, brand.attended("anna"))
    assert wait_for(lambda: server.pushes_for("ok:anna"))


def test_kill_9_and_start_again_finds_its_postgres_and_loses_nothing(server):
    server.start()
    postgres = server.postgres_pid
    status, _ = post(server, brand.identify("anna"), brand.attended("anna"))
    server.kill()

    server.start()

    assert status == 200
    assert server.postgres_pid == postgres
    assert wait_for(lambda: moments_of(server)) == 1


def moments_of(server):
    import psycopg

    host = str(server.folder / "data/run")
    with psycopg.connect(host=host, user="postgres", dbname="moments") as connection:
        [(count,)] = connection.execute(
            "SELECT count(*) FROM campaigns_moment WHERE state = 'sent' AND occurrence = 'm1'"
        ).fetchall()
    return count


def test_a_taken_port_is_said_plainly(server, tmp_path):
    server.start()
    second = EmbeddedServer(tmp_path / "second")
    second.folder.mkdir()
    second.port = server.port

    with pytest.raises(AssertionError, match="is taken"):
        second.start()


def test_a_chunked_gzip_body_from_android_is_read(server):
    server.start()
    body = gzip.compress(
        json.dumps(
            {
                "batch": [brand.identify("kotlin"), brand.attended("kotlin")],
                "writeKey": "demo-write-key",
            }
        ).encode()
    )
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

    connection.request(
        "POST",
        "/v1/b",
        iter([body[:100], body[100:]]),
        {"Content-Type": "text/plain", "Content-Encoding": "gzip"},
        encode_chunked=True,
    )

    assert json.loads(connection.getresponse().read())["accepted"] == 2
    connection.close()


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP"]
)
def test_the_demo_answers_nobody_through_a_proxy(embedded, header):
    connection = http.client.HTTPConnection("127.0.0.1", embedded.port, timeout=10)
    connection.request("GET", "/admin/login/", headers={header: "203.0.113.9"})
    assert connection.getresponse().status == 403
    connection.close()


def test_the_demo_answers_no_foreign_host(embedded):
    connection = http.client.HTTPConnection("127.0.0.1", embedded.port, timeout=10)
    connection.request("GET", "/admin/login/", headers={"Host": "example.com"})
    assert connection.getresponse().status == 400
    connection.close()
