"""What one cell of a file of places says, as triggers.places.given wants it."""

import re
from typing import Any, Final

import msgspec

from orchestrator.uploads.places.columns import DAYS

NUMBER: Final = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,40})?", re.ASCII)
DAY_FIRST: Final = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
INTERVAL: Final = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|—|to|tot)\s*(\d{1,2})(?:[:.](\d\d))?", re.ASCII
)
CLOSED: Final = frozenset({"closed", "gesloten", "geschlossen", "dicht", "-", "–", "x"})
ALL_DAY: Final = frozenset({"24h", "24 h", "24 hours", "24 uur"})
ESCAPED: Final = re.compile(r"'(?=[=+\-@])")
NUMBERS: Final = frozenset({"latitude", "longitude", "radius_m", "approach_m"})
DATES: Final = frozenset({"opens_on", "closes_on"})
SHOWN: Final = 60


class BadCell(ValueError):
    """`code` is the kind of fault; the message tells what to write."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def value(meaning: str, cell: Any) -> Any:
    """A cell that is not empty. Raises BadCell."""
    if meaning in NUMBERS:
        return number(cell)
    if meaning in DAYS:
        return day_hours(cell)
    if meaning == "tags":
        return tags(cell)
    if meaning in DATES:
        return date(cell)
    if meaning == "hours":
        return hours(cell)
    return text(cell)


def text(cell: Any) -> Any:
    """JSON numbers become text: a store's number is its name. Escaping of formulas is undone."""
    if isinstance(cell, str):
        return ESCAPED.sub("", cell, count=1) if cell[0] == "'" else cell
    return str(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


def number(cell: Any) -> Any:
    """With a point or a comma before the decimals."""
    if not isinstance(cell, str):
        return cell
    if NUMBER.fullmatch(cell) is None:
        raise BadCell("not_a_number", f"“{cell[:SHOWN]}” is not a number. Write it like 52.3731.")
    return float(cell.replace(",", "."))


def tags(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return [one for part in re.split(r"[;|]", cell) if (one := part.strip())]


def date(cell: Any) -> Any:
    """Day first, or as 2026-12-31."""
    found = DAY_FIRST.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        return cell
    day, _, month, year = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def day_hours(cell: Any) -> list[list[str]]:
    """Such as "09:00-12:00, 13:00-17:00" or "closed"."""
    written = str(cell).casefold()
    if written in CLOSED:
        return []
    if written in ALL_DAY:
        return [["00:00", "24:00"]]
    found = [INTERVAL.fullmatch(part.strip()) for part in re.split(r"[,;/]", written)]
    if not all(found):
        raise BadCell(
            "bad_hours",
            f"“{str(cell)[:SHOWN]}” are no opening hours. Write 09:00-18:00, or "
            "09:00-12:00, 13:00-17:00, or closed.",
        )
    return [_interval(one) for one in found if one]


def _interval(found: re.Match[str]) -> list[str]:
    from_hour, from_minute, to_hour, to_minute = found.groups(default="00")
    return [f"{from_hour:0>2}:{from_minute}", f"{to_hour:0>2}:{to_minute}"]


def hours(cell: Any) -> Any:
    """A document of triggers.places.hours, also where a table holds it as text."""
    if not isinstance(cell, str):
        return cell
    try:
        return msgspec.json.decode(cell)
    except msgspec.DecodeError as error:
        raise BadCell(
            "bad_hours",
            "The opening hours of all days in one cell must be JSON. Give each day a column of "
            "its own instead, or choose “As an attribute”.",
        ) from error
