"""Attributes of a place: whatever JSON a brand keeps about it, within bounds."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from triggers.places.faults import Fault, printable, storable

MAX_BYTES: Final = 4_096
MAX_DEPTH: Final = 3  # the attributes themselves are the first
MAX_KEY: Final = 63
MAX_INTEGER: Final = 2**63 - 1


def attributes_fault(given: Any) -> Fault | None:
    """The first thing that is wrong with them, or None."""
    if not isinstance(given, dict):
        return Fault("attributes", "wrong_type", "The attributes are no object.",
                     'Give {"name": value}.')  # fmt: skip
    fault = next(_faults(given, "attributes", 1), None)
    if fault is None and len(msgspec.json.encode(given)) > MAX_BYTES:
        return Fault("attributes", "too_large", f"The attributes are over {MAX_BYTES:,} bytes.",
                     "Give fewer or shorter ones.")  # fmt: skip
    return fault


def _faults(value: Any, path: str, depth: int) -> Iterator[Fault]:
    if isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            yield Fault(path, "too_deep", f"Attributes are at most {MAX_DEPTH} levels deep.",
                        "Give them with fewer levels.")  # fmt: skip
            return
        named = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in named:
            if isinstance(value, dict):
                yield from _key_faults(key, path)
            yield from _faults(one, f"{path}.{printable(key)}", depth + 1)
    else:
        yield from _value_faults(value, path)


def _key_faults(key: Any, path: str) -> Iterator[Fault]:
    if not isinstance(key, str) or not key or not storable(key):
        yield Fault(path, "bad_key", "An attribute has no usable name.", "Give it a name.")
    elif len(key) > MAX_KEY:
        yield Fault(path, "too_long", f"An attribute's name has more than {MAX_KEY} characters.",
                    "Give a shorter name.")  # fmt: skip


def _value_faults(value: Any, path: str) -> Iterator[Fault]:
    if isinstance(value, str):
        if not storable(value):
            yield Fault(path, "bad_text", "An attribute holds a NUL or half a character.",
                        "Take it out, or save the file as UTF-8.")  # fmt: skip
    elif isinstance(value, int | float):  # true and false are numbers to Python
        if not abs(value) <= (MAX_INTEGER if isinstance(value, int) else 1e300):
            yield Fault(path, "out_of_range", "An attribute is no usable number.",
                        "Give a number of at most 64 bits.")  # fmt: skip
    elif value is not None:
        yield Fault(path, "wrong_type", "An attribute is neither text, number, true nor false.",
                    "Give JSON; a date as text.")  # fmt: skip
