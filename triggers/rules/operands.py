"""Reads the value of a leaf: from the document's JSON to what the operator's check takes."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from triggers.rules.errors import RuleError, closest
from triggers.rules.operators import Operator, Takes
from triggers.rules.values import Kind, as_instant, kind_of, printable

LARGEST_NUMBER: Final = 2**63 - 1
LONGEST_SPAN: Final = timedelta(days=3650)
YEARS: Final = range(1900, 2201)
UNITS: Final = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_WANTED: Final = {
    Kind.TEXT: "a text",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: 'a date such as "2026-03-01" or "2026-03-01T09:00:00Z"',
}


def read_operand(*, operator: Operator, kinds: tuple[Kind, ...], raw: Any, pointer: str) -> Any:
    """What operator.build takes. Raises RuleError at pointer, or below it, on a wrong value.

    kinds: those of the operator's kinds that the field can be.
    """
    match operator.takes:
        case Takes.NOTHING:
            return None
        case Takes.ONE:
            return _one(operator, kinds, raw, pointer)
        case Takes.MANY:
            return _many(operator, kinds, raw, pointer)
        case Takes.RANGE:
            return _range(operator, kinds, raw, pointer)
        case Takes.SPAN:
            return read_span(raw, pointer, name=operator.name)


def has_unstorable(text: str) -> bool:
    """NUL and lone surrogates: PostgreSQL's jsonb takes neither."""
    return _UNSTORABLE.search(text) is not None


def _one(operator: Operator, kinds: tuple[Kind, ...], raw: Any, pointer: str) -> Any:
    if kinds == (Kind.DATE,):
        return _instant(operator, raw, pointer)
    kind = kind_of(raw)
    if kind not in kinds:
        raise RuleError(pointer, _give(operator, kinds, raw), _as_number(raw, kinds))
    _LIMITS.get(kind, _no_limit)(raw, pointer)
    if not operator.blank_allowed and not raw.strip():
        raise RuleError(pointer, f'Type the text to look for after "{operator.words}".')
    return raw


def _give(operator: Operator, kinds: tuple[Kind, ...], raw: Any) -> str:
    wanted = " or ".join(_WANTED[kind] for kind in kinds)
    return f'"{operator.name}" takes {wanted}; replace {_found(raw)}.'


def _found(raw: Any) -> str:
    if isinstance(raw, list | dict):
        return "the list" if isinstance(raw, list) else "the object"
    if raw is None:
        return "null"
    return printable(f'the text "{raw}"' if isinstance(raw, str) else str(raw).lower())


def _as_number(raw: Any, kinds: tuple[Kind, ...]) -> str | None:
    """Builders hand over typed numbers as text; say so rather than turn them."""
    if Kind.NUMBER not in kinds or not isinstance(raw, str):
        return None
    number = re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", raw.strip())
    return f"{number[0]}, without quotes" if number else None


def _check_number(raw: float, pointer: str) -> None:
    if abs(raw) > LARGEST_NUMBER:
        raise RuleError(pointer, f"Give a number between -{LARGEST_NUMBER} and {LARGEST_NUMBER}.")


def _check_text(raw: str, pointer: str) -> None:
    if has_unstorable(raw):
        raise RuleError(pointer, "Type the text again; it holds characters that cannot be stored.")


def _no_limit(_raw: Any, _pointer: str) -> None:
    return None


_LIMITS: Final[dict[Kind | None, Callable[[Any, str], None]]] = {
    Kind.NUMBER: _check_number,
    Kind.TEXT: _check_text,
}


def _many(operator: Operator, kinds: tuple[Kind, ...], raw: Any, pointer: str) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise RuleError(pointer, f'"{operator.name}" takes a list; put {_found(raw)} in [ ].')
    if not raw:
        raise RuleError(pointer, f'Add at least one value after "{operator.words}".')
    values = tuple(_one(operator, kinds, item, f"{pointer}/{at}") for at, item in enumerate(raw))
    if len({kind_of(value) for value in values}) > 1:
        raise RuleError(pointer, "Use only texts or only numbers in one list.")
    return values


def _range(
    operator: Operator, kinds: tuple[Kind, ...], raw: Any, pointer: str
) -> tuple[float, float]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise RuleError(pointer, f'"{operator.name}" takes two numbers, [lowest, highest].')
    low, high = (_one(operator, kinds, item, f"{pointer}/{at}") for at, item in enumerate(raw))
    if low > high:
        raise RuleError(pointer, "Put the lower number first.", f"[{high}, {low}]")
    return low, high


def _instant(operator: Operator, raw: Any, pointer: str) -> datetime:
    instant = as_instant(raw)
    if instant is None:
        raise RuleError(pointer, _give(operator, (Kind.DATE,), raw), _with_zone(raw))
    if instant.year not in YEARS:
        raise RuleError(pointer, f"Give a year between {YEARS[0]} and {YEARS[-1]}.")
    return instant


def _with_zone(raw: Any) -> str | None:
    """A time without a zone is the usual slip."""
    return f"{raw}Z" if isinstance(raw, str) and as_instant(f"{raw}Z") else None


def read_span(raw: Any, pointer: str, *, name: str) -> timedelta:
    """{"n": 3, "unit": "days"} as a duration; name is what takes it, for the message."""
    if not isinstance(raw, dict) or set(raw) != {"n", "unit"}:
        message = f'"{name}" takes an object such as {{"n": 3, "unit": "days"}}.'
        raise RuleError(pointer, message)
    count, unit = raw["n"], raw["unit"]
    if not isinstance(unit, str) or unit not in UNITS:
        message = f"Use one of {', '.join(UNITS)}."
        raise RuleError(f"{pointer}/unit", message, closest(str(unit), UNITS))
    most = LONGEST_SPAN // UNITS[unit]
    if type(count) is not int or not 1 <= count <= most:
        raise RuleError(f"{pointer}/n", f"Give a whole number of {unit} between 1 and {most}.")
    return count * UNITS[unit]
