"""What reading a file of places found, as it is kept for its page."""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from orchestrator.uploads.places.sheet import RowFault
from triggers.places.given import PlaceInput

SHOWN_FAULTS = 100
SHOWN_PLACES = 20


class Kind(msgspec.Struct, frozen=True):
    """How many rows have this fault in this column."""

    column: str
    code: str
    rows: int


class Shown(msgspec.Struct, frozen=True):
    row: int
    place: PlaceInput


class Found(msgspec.Struct, kw_only=True):
    """`good` and `wrong` are rows; of the good ones `new` to `unchanged` say what they would do.

    `missing` is how many places of the workspace the file does not name. `lacking` are meanings
    that no column has; with any, or where latitude and longitude look `swapped`, no row was read.
    """

    good: int = 0
    wrong: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    lacking: list[str] = []
    swapped: bool = False
    examples: list[str] = []
    notes: list[str] = []
    faults: list[RowFault] = []
    kinds: list[Kind] = []
    places: list[Shown] = []


_PLACES = msgspec.msgpack.Decoder(list[PlaceInput])


def as_document(found: Found) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(found)
    return document


def from_document(document: dict[str, Any]) -> Found:
    return msgspec.convert(document, Found)


def packed(places: Sequence[PlaceInput]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(places), 1)


def unpacked(chunk: bytes | memoryview) -> list[PlaceInput]:
    return _PLACES.decode(zlib.decompress(bytes(chunk)))


def packed_ids(ids: Sequence[str]) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(ids), 1)


def unpacked_ids(ids: bytes | memoryview) -> list[str]:
    return msgspec.msgpack.decode(zlib.decompress(bytes(ids)), type=list[str])
