"""What an upload's `rows` hold: the file until it counts, then the messages that still wait."""

import zlib
from collections.abc import Sequence

import msgspec

from orchestrator.pipeline.message import InboxMessage
from orchestrator.uploads.reading import Choices

CHUNK = 500
_MESSAGES = msgspec.msgpack.Decoder(list[InboxMessage])


class Shown(msgspec.Struct, frozen=True, kw_only=True, tag="shown"):
    """A file that is looked at; `source` is its bytes, compressed."""

    source: bytes
    choices: Choices

    @property
    def raw(self) -> bytes:
        return zlib.decompress(self.source)


class Counting(msgspec.Struct, frozen=True, kw_only=True, tag="counting"):
    """Chunks of messages that are not in the inbox yet; `left` is how many messages they hold."""

    chunks: list[bytes]
    left: int


_STORED: msgspec.msgpack.Decoder[Shown | Counting] = msgspec.msgpack.Decoder(Shown | Counting)


def shown(raw: bytes, choices: Choices) -> Shown:
    return Shown(source=zlib.compress(raw), choices=choices)


def counting(messages: Sequence[InboxMessage]) -> Counting:
    cuts = range(0, len(messages), CHUNK)
    chunks = [
        zlib.compress(msgspec.msgpack.encode(messages[start : start + CHUNK]), 1) for start in cuts
    ]
    return Counting(chunks=chunks, left=len(messages))


def taken(stored: Counting) -> tuple[list[InboxMessage], Counting]:
    """The next chunk, and what is left after it."""
    messages = _MESSAGES.decode(zlib.decompress(stored.chunks[0]))
    return messages, Counting(chunks=stored.chunks[1:], left=stored.left - len(messages))


def packed(stored: Shown | Counting) -> bytes:
    return msgspec.msgpack.encode(stored)


def unpacked(rows: bytes | memoryview) -> Shown | Counting:
    return _STORED.decode(bytes(rows))
