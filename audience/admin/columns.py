"""Columns that several pages share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.admin import display
from django.utils.formats import date_format
from django.utils.timezone import localtime
from unfold.decorators import display as unfold_display

Column = TypeVar("Column", bound=Callable[..., Any])
TIME = "j M Y H:i:s"


def when(field: str, title: str) -> Callable[[Any, Any], str | None]:
    """A time under a name that people use, by the clock of the workspace."""

    def shown(page: Any, row: Any) -> str | None:
        value = getattr(row, field)
        return date_format(localtime(value), TIME) if value else None

    return display(description=title)(shown)


def tagged(title: str, tones: dict[str, str]) -> Callable[[Column], Column]:
    """A column whose words are shown as coloured labels."""
    wrap: Callable[[Column], Column] = unfold_display(description=title, label=tones)
    return wrap
