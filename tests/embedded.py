"""The one-command server as a process, as `make run` starts it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.conftest import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent


class EmbeddedServer:
    """`manage.py run` in a folder of its own, on free ports."""

    def __init__(self, folder):
        self.folder = folder
        self.port, self.fcm_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes]

    def start(self):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"FCM_ENDPOINT", "DB_POOL_SIZE", "DATABASE_URL", "DEMO"}
        } | {
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "FCM_PORT": str(self.fcm_port),
            "LOG_LEVEL": "WARNING",
        }
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self.ready, seconds=60, errors=(OSError,))
        return self

    def ready(self):
        assert self.process.poll() is None, self.log
        return self.get("/v1/projects/demo-write-key/settings")

    @property
    def runs(self):
        return hasattr(self, "process") and self.process.poll() is None

    @property
    def log(self):
        return (self.folder / "server.log").read_text()

    @property
    def postgres_pid(self):
        return int((self.folder / "data/postgres/postmaster.pid").read_text().split()[0])

    @property
    def postgres_runs(self):
        return (self.folder / "data/postgres/postmaster.pid").exists()

    def stop(self, number=signal.SIGTERM):
        """The server's exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def kill(self):
        """kill -9 of the server; PostgreSQL lives on, and the fake FCM ends by itself."""
        self.process.kill()
        self.process.wait()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.loads(answer.read())

    @property
    def messages(self):
        url = f"http://127.0.0.1:{self.fcm_port}/messages"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return [one["message"] for one in json.loads(answer.read())["messages"]]

    def pushes_for(self, token):
        return [one for one in self.messages if one.get("token") == token]
