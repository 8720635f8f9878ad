"""Values from outside: made short and harmless on the way in, turned into text on the way out."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from math import isfinite
from typing import NoReturn
from uuid import UUID

from liquid.undefined import Undefined

from campaigns.content.failure import Failure, MissingValueError, TemplateFailedError

LONGEST_VALUE = 100
MOST_ITEMS = 200
LONGEST_NUMBER_BITS = 64
# Numbers that filters work with; up to here, floats are exact to a tenth.
BIGGEST_NUMBER = 10**15

# A datetime is a date.
_PRINTED = (int, float, Decimal, date, time, UUID)
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
# Control characters, direction marks, invisible spaces and halves of surrogate pairs. The
# joiners U+200C and U+200D stay: emoji and several scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


class Missing(Undefined):
    """A value that is absent, null, empty or blank. It is false, and can never become text."""

    def __str__(self) -> NoReturn:
        raise MissingValueError(self.name)


class LinkPart(str):
    """Text that is already escaped for use in a link."""

    __slots__ = ()


def tidy_text(text: str) -> str:
    """At most 100 characters on one line, without control or direction characters."""
    if len(text) <= LONGEST_VALUE and text.isprintable():
        return text
    # Ten times the room is more than enough to clean; a megabyte would only cost time.
    text = _UNSEEN.sub("", _BREAKS.sub(" ", text[: 10 * LONGEST_VALUE]))
    if len(text) > LONGEST_VALUE:
        text = text[: LONGEST_VALUE - 1] + "…"
    return text


def tidy(value: object, spend: Callable[[], None]) -> object:
    """A copy of an outside value with every text in it tidied; `spend` is called for each part."""
    spend()
    if isinstance(value, str):
        return tidy_text(value)
    if isinstance(value, Mapping):
        refuse_long_list(value)
        return {tidy_text(str(key)): tidy(item, spend) for key, item in value.items()}
    if isinstance(value, list | tuple):
        refuse_long_list(value)
        return [tidy(item, spend) for item in value]
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER_BITS:
        raise TemplateFailedError(Failure.NUMBER_TOO_BIG)
    return value


def refuse_long_list(items: list | tuple | Mapping) -> None:
    if len(items) > MOST_ITEMS:
        raise TemplateFailedError(Failure.LIST_TOO_LONG)


def is_blank(value: object) -> bool:
    """True for nothing at all: None, missing, or text without a visible character."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or isinstance(value, Undefined)


def as_text(value: object) -> str:
    """The text that a value prints as. Lists, mappings and the like have none."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and not isfinite(value):
        raise TemplateFailedError(Failure.NUMBER_TOO_BIG)
    if isinstance(value, _PRINTED):
        return str(value)
    if isinstance(value, Undefined):
        raise MissingValueError(value.name)
    raise TemplateFailedError(Failure.LIST_PRINTED)


def as_number(value: object) -> int | float:
    """A number of reasonable size, from a number or from text that is one."""
    number = _parsed_number(value) if isinstance(value, str) else value
    if isinstance(number, Decimal):
        number = float(number)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TemplateFailedError(Failure.NOT_A_NUMBER)
    if not isfinite(number) or abs(number) > BIGGEST_NUMBER:
        raise TemplateFailedError(Failure.NUMBER_TOO_BIG)
    return number


def _parsed_number(text: str) -> int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise TemplateFailedError(Failure.NOT_A_NUMBER)
