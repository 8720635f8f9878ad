"""Ask before a side effect: GET shows the question, only the POST goes on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action

Method = TypeVar("Method", bound=Callable[..., Any])


def detail_action(title: str, *, icon: str, permission: str) -> Callable[[Method], Method]:
    """A button above an object; its link only leads to a question.

    The object is looked for before the role is: another workspace's is a 404 to everybody.
    """
    guard = action(description=title, icon=icon, permissions=[permission])

    def wrap(method: Method) -> Method:
        guarded = guard(method)

        @wraps(guarded)  # with the title, icon and permissions that unfold put on it
        def found_first(admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
            admin.get_object(request, object_id)
            answer: HttpResponse = guarded(admin, request, object_id=object_id)
            return answer

        return cast(Method, found_first)

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
