"""The built-in fake FCM, as a process beside the server."""

import subprocess
import sys
import time
import urllib.error
import urllib.request

READY_WITHIN_S = 10.0
STOP_WITHIN_S = 3.0


class FakeFcm:
    def __init__(self, *, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "orchestrator.simulator.fcm", "--port", str(port)]
        self._process = subprocess.Popen(command, start_new_session=True)

    def wait(self) -> None:
        """Until it answers; raises RuntimeError if it does not."""
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self._url}/stats", timeout=1).close()  # noqa: S310
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(
            f"The fake FCM did not start at {self._url}. Is the port taken? Set FCM_PORT."
        )

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
