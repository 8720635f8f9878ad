"""Ask before a side effect: GET shows the question, only the POST goes on."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.decorators import action

Method = TypeVar("Method", bound=Callable[..., Any])


def detail_action(title: str, *, icon: str, permission: str) -> Callable[[Method], Method]:
    """A button above an object; its link only leads to a question."""
    wrap: Callable[[Method], Method] = action(
        description=title, icon=icon, permissions=[permission]
    )
    return wrap


def question(
    admin: Any, request: HttpRequest, *, title: str, text: str, button: str, back: str
) -> TemplateResponse | None:
    """The page that asks, or None when the answer is yes."""
    if request.method == "POST":
        return None
    context = admin.admin_site.each_context(request) | {
        "title": title,
        "text": text,
        "button": button,
        "back": back,
    }
    return TemplateResponse(request, "admin_pages/confirm.html", context)
