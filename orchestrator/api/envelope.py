"""The envelope of a request: its key, its send time, and its messages as raw JSON.

One bad message must not lose its neighbours: clients never send a refused batch again. So the
messages are cut out first and decoded one by one, and where the envelope itself cannot be
decoded because of what is inside a message, the cut is made by hand.
"""

import re
from typing import Any

import msgspec

from orchestrator.api.errors import ApiError

MAX_MESSAGES = 2_500
# Possessive, and an unclosed string eats the rest: hostile quotes must not cost square time.
STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\],:]', re.DOTALL)
BROKEN_ESCAPE = re.compile(
    r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


class Envelope(msgspec.Struct, rename="camel"):
    """What stands around the messages; types are checked where they are used."""

    batch: list[msgspec.Raw] = []
    sent_at: Any = None
    write_key: Any = None
    context: Any = None


def opened(body: bytes) -> Envelope:
    """Raises ApiError 400 for what is no JSON object, 413 for too many messages."""
    envelope = decoded(body) or cut(body)
    if envelope is None:
        raise ApiError(
            400, "invalid_json", "The body is not a JSON object with messages", "Check the JSON"
        )
    if len(envelope.batch) > MAX_MESSAGES:
        raise ApiError(
            413, "too_many_messages", f"A batch has at most {MAX_MESSAGES:,} messages",
            "Send smaller batches",
        )  # fmt: skip
    return envelope


def single(body: bytes) -> Envelope:
    """One message as a batch of one. Raises ApiError 400 for what is no JSON."""
    try:
        posted = message(body)
    except ValueError as error:
        raise ApiError(400, "invalid_json", str(error)[:200], "Check the JSON") from error
    envelope = Envelope(batch=[msgspec.Raw(body)])
    if isinstance(posted, dict):
        envelope.write_key = posted.get("writeKey")
        envelope.sent_at = posted.get("sentAt")
    return envelope


def decoded(body: bytes) -> Envelope | None:
    try:
        return msgspec.json.decode(body, type=Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def cut(body: bytes) -> Envelope | None:
    """Find the batch's messages by brackets alone, whatever is in them."""
    spans = spans_of_batch(body)
    if spans is None:
        return None
    start, end, messages = spans
    envelope = decoded(repaired(body[:start] + b"[]" + body[end:]))
    if envelope is not None:
        envelope.batch = [msgspec.Raw(body[a:b]) for a, b in messages]
    return envelope


def spans_of_batch(body: bytes) -> tuple[int, int, list[tuple[int, int]]] | None:
    """Where the batch array starts and ends, and where each of its items does."""
    depth, start, item, items = 0, -1, 0, []
    before: tuple[bytes, bytes] = (b"", b"")
    for token in STRUCTURE.finditer(body):
        mark = token.group()
        if mark in b"{[":
            depth += 1
            if depth == 2 and start < 0 and mark == b"[" and before == (b'"batch"', b":"):
                start, item = token.start(), token.end()
        elif mark in b"}]":
            depth -= 1
            if depth == 1 and start >= 0:
                items.append((item, token.start()))
                kept = [span for span in items if body[slice(*span)].strip()]
                return start, token.end(), kept
        elif mark == b"," and depth == 2 and start >= 0:
            items.append((item, token.start()))
            item = token.end()
        before = (before[1], mark)
    return None


def message(raw: bytes) -> Any:
    """One message decoded, with broken text repaired. Raises ValueError with a sentence."""
    for attempt in (raw, repaired(raw)):
        try:
            return msgspec.json.decode(attempt)
        except RecursionError as error:
            raise ValueError("It is nested too deeply") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            fault = str(error)
    raise ValueError(fault)


def repaired(raw: bytes) -> bytes:
    """Invalid UTF-8 and lone surrogates become U+FFFD."""
    text = raw.decode("utf-8", "replace")
    return BROKEN_ESCAPE.sub(lambda found: found.group(1) or "\\ufffd", text).encode()
