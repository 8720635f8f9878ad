"""The one-command server: PostgreSQL, web, worker, beat and a fake FCM, started and stopped
in order."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.db import close_old_connections, connection

from orchestrator import gateway
from orchestrator.embedded import database, demo, postgres
from orchestrator.embedded.fake_fcm import FakeFcm
from orchestrator.embedded.workers import Workers

WEB_THREADS = 8
LOOPBACK = "127.0.0.1"


class PortTaken(RuntimeError):
    """Something else listens on PORT."""


def serve(say: Callable[[str], None]) -> None:
    """Runs until SIGTERM or Ctrl-C, then stops: listener, beat, worker, sends, PostgreSQL."""
    refuse_taken_port(settings.PORT)
    with ExitStack() as stack:
        say(f"Starting PostgreSQL in {settings.DATA.path} …")
        postgres.start(settings.DATA)
        stack.callback(stop_database)
        say("Preparing the database …")
        database.prepare()
        if settings.DEMO:
            demo.load(say)
        if settings.FCM_ENDPOINT.endswith(f":{settings.FCM_PORT}"):
            fake = FakeFcm(port=settings.FCM_PORT)
            stack.callback(fake.stop)
            fake.wait()
        workers = Workers()
        workers.start()
        stack.callback(stop_work, workers)
        listen(say)
        say("Stopping: finishing what has begun …")


def listen(say: Callable[[str], None]) -> None:
    """The web server, until a signal closes it."""
    from waitress.server import create_server

    from orchestrator.wsgi import application

    server = create_server(
        application,
        host=LOOPBACK,
        port=settings.PORT,
        threads=WEB_THREADS,
        channel_timeout=60,
        max_request_body_size=64 * 1024 * 1024,
        clear_untrusted_proxy_headers=False,  # the demo refuses them aloud
        ident="moments",
    )
    on_signal()
    welcome(say)
    server.run()  # returns on the signal, with its threads done
    server.close()


def on_signal() -> None:
    """The first signal drains, the second ends at once."""
    stopping = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        if stopping.is_set():
            os._exit(1)
        stopping.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def stop_work(workers: Workers) -> None:
    workers.stop_beat()
    gateway.stopping.set()
    workers.stop()
    gateway.close()


def stop_database() -> None:
    close_old_connections()
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    postgres.stop(settings.DATA)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} is taken. Stop what runs there, or choose another: PORT=8001 make run"
            ) from error


def welcome(say: Callable[[str], None]) -> None:
    url = settings.PUBLIC_URL
    say("")
    say(f"  Moments is ready:  {url}/phones/" if settings.DEMO else f"  Moments is ready:  {url}/")
    say("")
    say(f"  Admin      {url}/admin/" + ("   admin / admin" if settings.DEMO else ""))
    say(f"  API        {url}/docs/" + ("   write key demo-write-key" if settings.DEMO else ""))
    say(f"  Fake FCM   {settings.FCM_ENDPOINT}/messages")
    say(f"  Data       {settings.DATA.path}")
    say("")
    say("  Ctrl-C stops everything.")
