"""A fake FCM that speaks HTTP v1, for demos, tests and rehearsals. It stands alone.

    python -m orchestrator.simulator.fcm --port 9199

`POST /v1/projects/{project}/messages:send` accepts what FCM would accept; `GET /messages` shows
what arrived (`?after=<next>` only what is new), `DELETE /messages` empties it, `PUT /behaviour`
makes it fail, `GET /stats` counts. A token such as `unreg:1` fails without any behaviour.
"""

import argparse
import asyncio
import ipaddress
import os
import re
import signal
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

import msgspec
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from orchestrator.simulator.fcm_errors import (
    BUILT_IN,
    Behaviour,
    Fault,
    Reply,
    Rule,
    not_a_message,
    refusal,
)

KEPT = 200_000
SEND = re.compile(r"/v1/projects/([^/]+)/messages:send")

# Two lengths that contradict each other: hyper refuses to write such an answer and closes the
# connection. ASGI has no other way to hang up without a word.
NO_ANSWER = Reply(200, b"-", ((b"content-length", b"1"), (b"content-length", b"2")))

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Request(msgspec.Struct):
    message: msgspec.Raw
    validate_only: bool = msgspec.field(name="validateOnly", default=False)


class Target(msgspec.Struct):
    """What is checked of a message; all the rest is kept as it came."""

    token: str | None = None
    fid: str | None = None
    topic: str | None = None
    condition: str | None = None
    data: dict[str, str] | None = None

    def is_one(self) -> bool:
        return sum(map(bool, (self.token, self.fid, self.topic, self.condition))) == 1


class Entry(msgspec.Struct):
    message: msgspec.Raw
    name: str
    received_at: datetime


_request = msgspec.json.Decoder(Request)
_target = msgspec.json.Decoder(Target)
_behaviour = msgspec.json.Decoder(Behaviour)
_encode = msgspec.json.encode


class FakeFcm:
    """An ASGI application; `stopping` cuts every pending delay short."""

    def __init__(self, *, stopping: asyncio.Future[None]) -> None:
        self.stopping = stopping
        self.behaviour = Behaviour()
        self.log: deque[bytes] = deque(maxlen=KEPT)  # encoded: a fifth of the memory of dicts
        self.next = 0  # index of the next message; a DELETE does not turn it back
        self.requests = 0
        self.accepted = 0
        self.errors: Counter[str] = Counter()
        self.routes: Mapping[str, Mapping[str, Callable[[str, bytes], Reply]]] = {
            "/messages": {"GET": self.show, "DELETE": self.empty},
            "/behaviour": {"GET": self.show_behaviour, "PUT": self.set_behaviour},
            "/stats": {"GET": self.stats},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read(receive)
        match = SEND.fullmatch(scope["path"])
        if match and scope["method"] == "POST":
            reply = await self.send(match[1], body)
        else:
            reply = self.route(scope, body)
        start = {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        await send(start)
        more = reply is NO_ANSWER
        await send({"type": "http.response.body", "body": reply.body, "more_body": more})

    async def send(self, project: str, body: bytes) -> Reply:
        self.requests += 1
        try:
            request = _request.decode(body)
            target = _target.decode(request.message)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return self.unreadable(f"Invalid JSON payload received. {error}")
        if not target.is_one():
            return self.unreadable("Recipient of the message is not set, or set more than once.")
        rule = self.behaviour.rule_for(target.token or target.fid or "")
        reply = self.use(rule) or self.accept(project, request)
        await self.delay(rule)
        return NO_ANSWER if rule and rule.error is Fault.DROP else reply

    def unreadable(self, description: str) -> Reply:
        self.errors[Fault.INVALID_PAYLOAD] += 1
        return not_a_message(description)

    def use(self, rule: Rule | None) -> Reply | None:
        if rule is None:
            return None
        self.errors[rule.error] += 1
        if rule.times is not None:
            rule.times -= 1
        return refusal(rule)

    def accept(self, project: str, request: Request) -> Reply:
        self.accepted += 1
        if request.validate_only:
            return as_json({"name": f"projects/{project}/messages/fake_message_id"})
        nanoseconds = time.time_ns()
        name = f"projects/{project}/messages/0:{nanoseconds // 1000}%{self.next:08x}"
        received_at = datetime.fromtimestamp(nanoseconds / 1e9, UTC)
        self.log.append(_encode(Entry(request.message, name, received_at)))
        self.next += 1
        return as_json({"name": name})

    async def delay(self, rule: Rule | None) -> None:
        milliseconds = self.behaviour.latency_ms
        if rule and rule.error is Fault.SLOW:
            milliseconds += rule.after_ms
        if milliseconds:
            await asyncio.wait({self.stopping}, timeout=milliseconds / 1000)

    def route(self, scope: Scope, body: bytes) -> Reply:
        methods = self.routes.get(scope["path"])
        if methods is None:
            known = ["/v1/projects/{project}/messages:send", *self.routes]
            return problem(404, "not_found", "No such address.", f"Use one of {known}.")
        handler = methods.get(scope["method"])
        if handler is None:
            return problem(405, "bad_method", "Not this method.", f"Use one of {list(methods)}.")
        return handler(scope["query_string"].decode("latin-1"), body)

    def show(self, query: str, _body: bytes) -> Reply:
        after = parse_qs(query).get("after", ["0"])[-1]
        if not after.isdecimal():
            return problem(400, "bad_after", "`after` is no number.", "Use the last `next`.")
        first = self.next - len(self.log)
        entries = islice(self.log, max(int(after) - first, 0), None)
        return Reply(200, b'{"messages":[%b],"next":%d}' % (b",".join(entries), self.next))

    def empty(self, _query: str, _body: bytes) -> Reply:
        self.log.clear()
        return as_json({"messages": [], "next": self.next})

    def show_behaviour(self, _query: str, _body: bytes) -> Reply:
        return as_json(self.behaviour)

    def set_behaviour(self, _query: str, body: bytes) -> Reply:
        try:
            self.behaviour = _behaviour.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return problem(400, "bad_behaviour", str(error), "See `allowed`.", ALLOWED)
        return as_json(self.behaviour)

    def stats(self, _query: str, _body: bytes) -> Reply:
        counts = {"requests": self.requests, "accepted": self.accepted, "errors": self.errors}
        return as_json({**counts, "pid": os.getpid()})


ALLOWED = {
    "rules[]": {
        "error": list(Fault),
        "prefix": "start of the token or fid; left out: every address",
        "times": "how often, then the rule is used up; left out: for ever",
        "retry_after": "seconds, sent as Retry-After",
        "after_ms": "with SLOW: milliseconds before the answer",
    },
    "latency_ms": "milliseconds before every answer",
    "built_in_prefixes": [f"{word}:" for word in BUILT_IN],
}


def as_json(value: object) -> Reply:
    return Reply(200, _encode(value))


def problem(status: int, code: str, message: str, fix: str, allowed: object = None) -> Reply:
    answer = {"error": {"code": code, "message": message, "fix": fix}}
    return Reply(status, _encode(answer | ({"allowed": allowed} if allowed else {})))


async def read(receive: Receive) -> bytes:
    parts = []
    more = True
    while more:
        event = await receive()
        parts.append(event.get("body", b""))
        more = event.get("more_body", False)
    return b"".join(parts)


async def serve(*, host: str, port: int, with_parent: bool = False) -> None:
    """Answers until SIGTERM or Ctrl-C, and, `with_parent`, no longer than its parent lives."""
    loop = asyncio.get_running_loop()
    stopping = loop.create_future()
    server = Server(
        FakeFcm(stopping=stopping),
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        log_level=LogLevels.error,
    )

    def stop() -> None:
        if not stopping.done():
            stopping.set_result(None)
        server.stop()  # type: ignore[no-untyped-call]  # granian's own method has no types

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    watch = asyncio.create_task(when_orphaned(stop)) if with_parent else None
    await server.serve()
    if watch:
        watch.cancel()


async def when_orphaned(stop: Callable[[], None]) -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.5)
    stop()


def claim(*, host: str, port: int) -> None:
    """Raises OSError where the port is taken: granian would silently share it (SO_REUSEPORT)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def loopback(host: str) -> str:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        if ipaddress.ip_address(address).is_loopback:
            return address
    except ValueError:
        pass  # not an address at all: refused in the same words
    raise argparse.ArgumentTypeError(f"{host} is not loopback; the fake FCM is for this machine")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fcm", description="A fake FCM on this machine.")
    parser.add_argument("--host", type=loopback, default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9199)
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    options = parser.parse_args(arguments)
    try:
        claim(host=options.host, port=options.port)
        asyncio.run(serve(host=options.host, port=options.port, with_parent=options.with_parent))
    except OSError as error:
        sys.stderr.write(f"The fake FCM cannot use port {options.port}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Not sys.exit: granian's Rust threads outlive the server for a moment, and one that asks for
    # the GIL while Python tears itself down panics on standard error.
    os._exit(code)
