"""The list of rows that were left out, to be corrected and uploaded again."""

import csv
import zlib
from collections.abc import Sequence
from io import StringIO
from typing import Any

import msgspec

from orchestrator.uploads.places import cells
from orchestrator.uploads.places.columns import OUR_OWN
from orchestrator.uploads.places.sheet import RowFault

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it Excel does not read UTF-8


class LeftOut:
    """A CSV file that is compressed as it grows."""

    def __init__(self, header: Sequence[str]) -> None:
        self._packer = zlib.compressobj(1)
        self._parts: list[bytes] = []
        self._add(BOM + line([*OUR_OWN, *header]))

    def add(self, number: int, given: Sequence[Any], faults: Sequence[RowFault]) -> None:
        why = " ".join(f"{one.column}: {one.sentence}" if one.column else one.sentence
                       for one in faults)  # fmt: skip
        self._add(line([str(number), why, *given]))

    def packed(self) -> bytes:
        return b"".join([*self._parts, self._packer.flush()])

    def _add(self, text: str) -> None:
        self._parts.append(self._packer.compress(text.encode()))


def line(given: Sequence[Any]) -> str:
    out = StringIO()
    csv.writer(out).writerow([escaped(one) for one in given])
    return out.getvalue()


def escaped(cell: Any) -> str:
    """A spreadsheet must not run what a file brought along; a number is no formula."""
    text = cell if isinstance(cell, str) else msgspec.json.encode(cell).decode()
    if text.startswith(FORMULAS) and not cells.NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unpacked(packed: bytes | memoryview) -> bytes:
    return zlib.decompress(bytes(packed))
