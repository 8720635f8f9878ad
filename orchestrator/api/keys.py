"""Whose key a request carries: Basic auth, or `writeKey` in the body."""

import base64
import binascii
import threading
import time
from typing import Any

from rest_framework.request import Request

from audience.models import KeyKind
from audience.selectors import keys
from audience.selectors.keys import Caller
from orchestrator.api.errors import ApiError

REMEMBER_FOR_S = 5.0
REMEMBER_AT_MOST = 10_000
MAX_KEY = 200

_known: dict[str, tuple[float, Caller]] = {}
_lock = threading.Lock()


def caller(request: Request, in_body: Any = None) -> Caller:
    """Raises ApiError 401. A process that knew a key forgets it seconds after it is revoked."""
    value = basic(request) or (in_body if isinstance(in_body, str) else "")
    if not value:
        raise ApiError(
            401, "no_write_key", "No key was sent", "Send the write key as Basic auth or writeKey"
        )
    return known(value[:MAX_KEY])


def server(request: Request) -> Caller:
    """Whose server calls. Raises ApiError 401, or 403 for a key that apps carry."""
    value = basic(request)
    if not value:
        raise ApiError(
            401, "no_secret_key", "No key was sent", "Send the secret key as Basic auth's user name"
        )
    found = known(value[:MAX_KEY])
    if found.kind != KeyKind.SECRET:
        raise ApiError(
            403, "secret_key_needed", "A write key cannot do this: everybody with the app has it",
            "Use the secret key, from your server only (Setup › Keys)",
        )  # fmt: skip
    return found


def refuse_unknown_header(request: Request) -> None:
    """Raises ApiError 401 for a wrong key in the header, at no cost but a look-up."""
    value = basic(request)
    if value:
        known(value[:MAX_KEY])


def known(value: str) -> Caller:
    found = _known.get(value)
    if found and found[0] > time.monotonic():
        return found[1]
    fresh = keys.caller(value=value)
    if fresh is None:
        raise ApiError(401, "unknown_write_key", "No such write key", "Setup › Keys")
    with _lock:
        if len(_known) >= REMEMBER_AT_MOST:
            _known.clear()
        _known[value] = (time.monotonic() + REMEMBER_FOR_S, fresh)
    return fresh


def forget() -> None:
    """Ask the database again, at once."""
    with _lock:
        _known.clear()


def basic(request: Request) -> str:
    """The user name of Basic auth, or "" where there is none that can be read."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
