"""The filters a template may use: an allow-list of the engine's, and our own registry.

Every filter stands behind a guard that checks sizes before and after, because the engine itself
would build a text of a gigabyte if a template asked for it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any
from urllib.parse import quote

from liquid import Environment, RenderContext
from liquid.filter import with_context
from liquid.undefined import Undefined

from campaigns.content.failure import Failure, MissingValueError, TemplateFailedError
from campaigns.content.values import (
    BIGGEST_NUMBER,
    LinkPart,
    as_number,
    as_text,
    is_blank,
    refuse_long_list,
)

LONGEST_TEXT = 2_048

TEXT_FILTERS = frozenset(
    {
        "append",
        "capitalize",
        "downcase",
        "escape",
        "lstrip",
        "newline_to_br",
        "prepend",
        "remove",
        "remove_first",
        "replace",
        "replace_first",
        "replace_last",
        "rstrip",
        "split",
        "strip",
        "strip_html",
        "strip_newlines",
        "truncate",
        "truncatewords",
        "upcase",
    }
)
NUMBER_FILTERS = frozenset(
    {
        "abs",
        "at_least",
        "at_most",
        "ceil",
        "divided_by",
        "floor",
        "minus",
        "modulo",
        "plus",
        "round",
        "times",
    }
)
LIST_FILTERS = frozenset(
    {
        "compact",
        "concat",
        "first",
        "last",
        "reverse",
        "size",
        "slice",
        "sort",
        "sort_natural",
        "sum",
        "uniq",
        "where",
    }
)

Filter = Callable[..., Any]
OWN_FILTERS: dict[str, Filter] = {}

_LATEST_SECOND = 253_402_300_799
_PATTERN = re.compile(r"(?:[^%]|%-?[aAbBdeHIjklmMpSyYzZ%])*")


def own_filter(name: str) -> Callable[[Filter], Filter]:
    """Register one of our own filters under the name that templates use."""

    def register(function: Filter) -> Filter:
        OWN_FILTERS[name] = function
        return function

    return register


def allowed_filters(environment: Environment) -> dict[str, Filter]:
    """Every filter a template may use, guarded."""
    lent = TEXT_FILTERS | NUMBER_FILTERS | LIST_FILTERS
    chosen = {name: environment.filters[name] for name in lent} | OWN_FILTERS
    return {
        # `default` is the one filter whose work begins with a missing value.
        name: filter_ if name == "default" else guarded(name, filter_)
        for name, filter_ in chosen.items()
    }


def guarded(name: str, function: Filter) -> Filter:
    """The filter with its inputs and its result checked. A missing value passes it untouched."""
    prepare = _preparation(name)

    @wraps(function)
    def guard(value: object, *args: object, **kwargs: Any) -> object:
        if isinstance(value, Undefined):
            return value
        value, args = prepare(_bounded(value)), tuple(prepare(_known(arg)) for arg in args)
        if name == "replace":
            _refuse_growth(str(value), *(str(arg) for arg in args))
        return _bounded(function(value, *args, **kwargs))

    return guard


def _preparation(name: str) -> Callable[[object], object]:
    if name in NUMBER_FILTERS:
        return as_number
    if name in TEXT_FILTERS:
        return as_text
    return lambda value: value


def _known(argument: object) -> object:
    if isinstance(argument, Undefined):
        raise MissingValueError(argument.name)
    return _bounded(argument)


def _bounded(value: object) -> object:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise TemplateFailedError(Failure.TEXT_TOO_LONG)
    if isinstance(value, list | tuple | Mapping) and not isinstance(value, Undefined):
        refuse_long_list(value)
    if isinstance(value, int | float) and not abs(value) <= BIGGEST_NUMBER:
        raise TemplateFailedError(Failure.NUMBER_TOO_BIG)
    if isinstance(value, range):
        raise TemplateFailedError(Failure.RANGE_OUTSIDE_FOR)
    return value


def _refuse_growth(text: str, old: str = "", new: str = "", *_more: str) -> None:
    if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST_TEXT:
        raise TemplateFailedError(Failure.TEXT_TOO_LONG)


@own_filter("default")
def default(value: object, fallback: object = "", *, allow_false: object = False) -> object:
    """The fallback for a value that is missing, null, false, blank or an empty list."""
    if value is False:
        return value if allow_false is True else fallback
    empty = isinstance(value, list | dict) and not value
    return fallback if empty or is_blank(value) else value


@own_filter("join")
def join(value: object, separator: object = " ") -> str:
    """The items of a list as one text; blank items are left out."""
    items = value if isinstance(value, list | tuple) else [value]
    return as_text(separator).join(as_text(item) for item in items if not is_blank(item))


@own_filter("map")
def map_(value: object, key: object) -> list[object]:
    """One property of every item of a list; None where an item has no such property."""
    items: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    name = as_text(key)
    return [item.get(name) if isinstance(item, Mapping) else None for item in items]


@own_filter("url_encode")
def url_encode(value: object) -> LinkPart:
    """Escaped as one part of a link, and marked so that a link does not escape it twice."""
    return LinkPart(quote(as_text(value), safe=""))


@own_filter("date")
@with_context
def format_date(value: object, pattern: object, *, context: RenderContext) -> str:
    """A date or time in strftime's language. 'now' and 'today' are the caller's `now`.

    The engine's own filter reads the clock and lets a pattern ask for a billion digits.
    """
    if value in ("now", "today"):
        value = _known(context.get(["now"], token=None))
    wanted = as_text(pattern)
    if not _PATTERN.fullmatch(wanted):
        raise TemplateFailedError(Failure.DATE_PATTERN)
    return _moment(value).strftime(wanted)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str) and not value.isdecimal():
        return _parsed_moment(value)
    seconds = as_number(value)
    if not 0 <= seconds <= _LATEST_SECOND:
        raise TemplateFailedError(Failure.NOT_A_DATE)
    return datetime.fromtimestamp(seconds, UTC)


def _parsed_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise TemplateFailedError(Failure.NOT_A_DATE) from None
