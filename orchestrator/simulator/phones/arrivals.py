"""What arrived at the built-in fake FCM for the demo workspace, read over HTTP."""

import http.client
import urllib.request
from typing import Any, Literal

import msgspec
from django.conf import settings

from orchestrator.simulator.phones.cast import BY_TOKEN, WORKSPACE

TIMEOUT_S = 1.0
NEWEST = 2_000  # a flood of other people's pushes is not read to its end
BEYOND = 10**15  # an index no log reaches: the answer has no messages, only `next`
MINE = f"projects/{WORKSPACE}/"

State = Literal["ok", "down", "foreign"]

# No proxies: the fake is on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Entry(msgspec.Struct):
    message: dict[str, Any]
    name: str
    received_at: str


class Log(msgspec.Struct):
    messages: list[Entry]
    next: int


class Push(msgspec.Struct, kw_only=True):
    """A push as its phone shows it; one with the tag of an older one replaces that.

    `phone` is empty while nothing but the address says whose it is.
    """

    phone: str
    id: str
    tag: str
    title: str
    body: str
    link: str
    arrived_at: str


class Arrivals(msgspec.Struct, kw_only=True):
    """`cursor` asks for what comes after these."""

    state: State
    cursor: int
    pushes: list[Push] = []


class FakeDown(Exception):
    """The fake FCM did not answer, or not as the fake FCM would."""


def is_built_in() -> bool:
    """Whether pushes go to the fake that these phones stand for."""
    hosts = ("127.0.0.1", "localhost", "[::1]")
    return settings.FCM_ENDPOINT in {f"http://{host}:{settings.FCM_PORT}" for host in hosts}


def after(*, cursor: int) -> Arrivals:
    """Pushes of the demo workspace since `cursor`, oldest first."""
    if not is_built_in():
        return Arrivals(state="foreign", cursor=cursor)
    try:
        newest = read(BEYOND).next
        since = cursor if cursor <= newest else 0  # the fake was started anew
        log = read(max(since, newest - NEWEST))
    except FakeDown:
        return Arrivals(state="down", cursor=cursor)
    shown = [push for entry in log.messages if (push := as_push(entry))]
    return Arrivals(state="ok", cursor=log.next, pushes=shown)


def empty() -> bool:
    """Forget what arrived; False if the fake does not answer. Somebody else's log stays."""
    if not is_built_in():
        return True
    try:
        request("DELETE", "/messages")
    except FakeDown:
        return False
    return True


def read(index: int) -> Log:
    try:
        return msgspec.json.decode(request("GET", f"/messages?after={index}"), type=Log)
    except msgspec.MsgspecError as error:
        raise FakeDown from error


def request(method: str, path: str) -> bytes:
    asked = urllib.request.Request(settings.FCM_ENDPOINT + path, method=method)  # noqa: S310
    try:
        with _opener.open(asked, timeout=TIMEOUT_S) as answer:
            return bytes(answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise FakeDown from error


def as_push(entry: Entry) -> Push | None:
    """None for a push of another workspace."""
    if not entry.name.startswith(MINE):
        return None
    message = entry.message
    phone = BY_TOKEN.get(text(message.get("token")))
    shown, data = part(message, "notification"), part(message, "data")
    return Push(
        phone=phone.key if phone else "",
        id=text(data.get("push_id")) or entry.name,
        tag=text(data.get("moment_id")) or entry.name,
        title=text(shown.get("title")),
        body=text(shown.get("body")),
        link=text(data.get("deep_link")),
        arrived_at=entry.received_at,
    )


def part(message: dict[str, Any], name: str) -> dict[str, Any]:
    value = message.get(name)
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""
