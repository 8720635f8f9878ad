"""Values from outside as words for people: no JSON on a screen."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MAX_SHOWN = 200
MAX_ROWS = 100


def plain(value: Any) -> str:
    """One value in one line."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return cut(", ".join(plain(one) for one in value[:20]) or "nothing")
    if isinstance(value, Mapping):
        return cut(", ".join(f"{key}: {plain(one)}" for key, one in list(value.items())[:20]))
    return cut(str(value))


def cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def rows_of(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(path, value) of each leaf: nested names are joined by dots."""
    for name, value in document.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and value:
            yield from rows_of(value, f"{path}.")
        else:
            yield cut(path), plain(value)


def table(document: Any) -> SafeString | str:
    """A document as a list of names and values, escaped."""
    rows = list(rows_of(document))[:MAX_ROWS] if isinstance(document, Mapping) else []
    if not rows:
        return "–"
    lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows)
    return format_html('<dl class="mo-facts">{}</dl>', lines)


def lasted(span: timedelta) -> str:
    """A duration in words: "12 s", "3 min", "2 h", "5 days"."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86_400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} days"
