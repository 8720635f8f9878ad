"""Segment's own clients, unchanged, against the one-command server."""

import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import segment.analytics as segment

from tests.conftest import wait_for

CLIENTS = Path(__file__).resolve().parents[1] / "clients"


def assert_pushed(embedded, user, body):
    [message] = wait_for(lambda: embedded.pushes_for(f"ok:{user}"))
    assert message["notification"]["body"] == body


@pytest.mark.parametrize("gzip", [False, True])
def test_segments_python_client_makes_a_push(embedded, gzip):
    user = f"python-{gzip}"
    client = segment.Client(
        "demo-write-key", host=embedded.url, gzip=gzip, sync_mode=False, max_retries=1
    )
    device = {"id": f"phone-of-{user}", "type": "ios", "token": f"ok:{user}"}

    client.identify(user, {"firstName": "Pim"}, context={"device": device})
    client.track(user, "Open Day Attended", {"venue": "Utrecht"})
    client.flush()
    client.join()

    assert_pushed(embedded, user, "Hi Pim, thank you for visiting Utrecht")


@pytest.mark.node
def test_segments_node_client_makes_a_push(embedded):
    command = ["node", "node.mjs", embedded.url, "demo-write-key", "node-1"]

    subprocess.run(command, cwd=CLIENTS, check=True, timeout=60)

    assert_pushed(embedded, "node-1", "Hi Noor, thank you for visiting Delft")


@pytest.fixture
def shop(tmp_path):
    """A web shop's page, on another origin than the API."""
    (tmp_path / "index.html").write_text("<h1>Shop</h1>")
    handler = partial(QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.mark.node
@pytest.mark.chromium
def test_segments_browser_client_makes_a_push(embedded, page, shop):
    subprocess.run(["npm", "run", "--silent", "build"], cwd=CLIENTS, check=True, timeout=60)
    page.goto(shop)
    page.add_script_tag(path=CLIENTS / "node_modules" / "browser.bundle.js")

    page.evaluate(
        "([host, key, user]) => { window.attend(host, key, user) }",
        [embedded.url, "demo-write-key", "web-1"],
    )

    assert_pushed(embedded, "web-1", "Hi Wim, thank you for visiting Leiden")
