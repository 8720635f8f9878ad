"""Ask before a side effect: GET shows the question, only the POST goes on."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse


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
