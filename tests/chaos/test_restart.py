"""Everything is killed, PostgreSQL too, while a thousand moments wait."""

import json
import os
import signal
import subprocess
import sys
import urllib.request

import psutil
import psycopg
import pytest

from tests import brand
from tests.conftest import wait_for
from tests.embedded import ROOT, EmbeddedServer

pytestmark = pytest.mark.chaos

PEOPLE = 1_000
WAIT_S = 12
FOUND = f"""
from audience.models import Workspace
from campaigns.definition import Definition, Message
from campaigns.services import campaigns
from orchestrator import clock
from triggers.clock import Elapsed
from triggers.trigger import EventTrigger
campaign = campaigns.draft(
    workspace=Workspace.objects.get(key="demo"), key="waits", name="Waits", intent="know",
    definition=Definition(
        trigger=EventTrigger(event="Waited", wait=Elapsed(seconds={WAIT_S})),
        messages={{"default": Message(title="Done", body="waiting")}},
    ),
    now=clock.now(),
)
campaigns.publish(campaign=campaign, user_id=None, now=clock.now())
"""


@pytest.fixture
def server(tmp_path):
    made = EmbeddedServer(tmp_path).start()
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "DB_POOL_SIZE": "0"}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0"],
        cwd=ROOT, env=environment, input=FOUND, text=True, check=True,
    )  # fmt: skip
    yield made
    if made.runs:
        made.stop()


def post(server, messages):
    request = urllib.request.Request(
        f"{server.url}/v1/batch",
        data=json.dumps({"batch": messages}).encode(),
        headers=brand.basic("demo-write-key"),
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.loads(answer.read())["rejected"] == []


def rows(server, sql):
    host = str(server.folder / "data/run")
    with psycopg.connect(host=host, user="postgres", dbname="moments") as connection:
        return connection.execute(sql).fetchall()


def kill_everything(server):
    postgres = psutil.Process(server.postgres_pid)
    server.kill()
    for process in [postgres, *postgres.children()]:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs([postgres], timeout=10)


def test_a_thousand_waiting_moments_survive_and_fire_once_on_time(server):
    people = [f"w{number}" for number in range(PEOPLE)]
    for at in range(0, PEOPLE, 250):
        some = people[at : at + 250]
        post(server, [brand.identify(user) for user in some])
        post(server, [
            {"type": "track", "userId": user, "event": "Waited", "messageId": f"w-{user}"}
            for user in some
        ])  # fmt: skip
    count = "SELECT count(*) FROM campaigns_moment WHERE state = 'waiting'"
    wait_for(lambda: rows(server, count) == [(PEOPLE,)])

    kill_everything(server)
    server.start()
    [(recovered,)] = rows(server, "SELECT clock_timestamp()")

    sent = "SELECT count(*) FROM campaigns_moment WHERE state = 'sent'"
    wait_for(lambda: rows(server, sent) == [(PEOPLE,)], seconds=90)
    times = rows(server, "SELECT due_at, passed_at FROM campaigns_moment")
    late = [(passed - max(due, recovered)).total_seconds() for due, passed in times]
    tags = [one["android"]["notification"]["tag"] for one in server.messages]
    assert all(passed >= due for due, passed in times)
    assert max(late) < 2
    assert len(tags) == len(set(tags)) == PEOPLE
