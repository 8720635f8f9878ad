"""The built-in fake FCM, as a process beside the server; it never outlives the server."""

import json
import subprocess
import sys
import time
import urllib.request

READY_WITHIN_S = 10.0
STOP_WITHIN_S = 3.0
PAUSE_S = 0.05


class FakeFcm:
    def __init__(self, *, port: int) -> None:
        self._port = port
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        module = [sys.executable, "-m", "orchestrator.simulator.fcm"]
        return subprocess.Popen(
            [*module, "--port", str(self._port), "--with-parent"],
            start_new_session=True,  # Ctrl-C is for us; we stop it in its turn
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Until ours answers; raises RuntimeError if it does not.

        After a server was killed its fake FCM has the port for another moment: then try again.
        """
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                self._process = self._started()
            if self._answers():
                return
            time.sleep(PAUSE_S)
        raise RuntimeError(
            f"Port {self._port} for the fake FCM is taken. Choose another: FCM_PORT=9200 make run"
        )

    def _answers(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self._port}/stats"
            with urllib.request.urlopen(url, timeout=1) as answer:
                return bool(json.loads(answer.read()).get("pid") == self._process.pid)
        except (OSError, ValueError):
            return False

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
