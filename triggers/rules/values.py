"""What kind of value a fact or an operand is. Nothing is ever turned into another kind."""

import re
from datetime import UTC, date, datetime, time
from enum import Enum
from math import isfinite
from typing import Any, Final

SHOWN_CHARS: Final = 100
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"


class Missing(Enum):
    """Stands where a fact is absent; null is a fact that is there and says nothing."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

_KINDS: Final[dict[type, Kind]] = {
    str: Kind.TEXT,
    bool: Kind.BOOLEAN,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    list: Kind.LIST,
    datetime: Kind.DATE,
    date: Kind.DATE,
}


def kind_of(value: Any) -> Kind | None:
    """The kind of a value by its exact type (True is no number); None for null, NaN, infinity."""
    if type(value) is float and not isfinite(value):
        return None
    return _KINDS.get(type(value))


def as_instant(value: Any) -> datetime | None:
    """An aware datetime from one, from a date, or from ISO 8601 text; None for anything else.

    A day without a time is midnight UTC. A time without a zone is None: we do not guess zones.
    """
    if isinstance(value, str):
        value = _from_iso(value)
    if isinstance(value, datetime):
        return value if value.utcoffset() is not None else None
    if isinstance(value, date):
        return datetime.combine(value, time.min, UTC)
    return None


def _from_iso(text: str) -> date | None:
    if not _ISO_DAY.match(text):
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def printable(text: str) -> str:
    """Text cut at 100 characters, without control and bidi characters, fit to show and store."""
    cut = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return "".join(char if char.isprintable() else "\ufffd" for char in cut)
