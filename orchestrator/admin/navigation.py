"""The menu as this staff member sees it."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse

from audience.access import current_workspace
from orchestrator.admin.menu import MENU, Entry


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of entries, in django-unfold's shape."""
    return [
        {"title": title, "separator": bool(title), "items": items}
        for title, entries in MENU
        if (items := [item(entry) for entry in entries if visible(entry, request)])
    ]


def item(entry: Entry) -> dict[str, Any]:
    return {"title": entry.title, "icon": entry.icon, "link": reverse(entry.url)}


def visible(entry: Entry, request: HttpRequest) -> bool:
    if not entry.model:
        return entry.url == "admin:index" or current_workspace(request) is not None
    from orchestrator.admin.site import site

    page = site._registry.get(apps.get_model(entry.model))
    return page is not None and page.has_module_permission(request)


def account_links(request: HttpRequest) -> list[dict[str, str]]:
    return [{"title": "Change password", "link": reverse("admin:password_change")}]


def here(groups: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The menu entry of the page that is shown."""
    items = [one for group in groups for one in group["items"] if one["active"]]
    return items[0] if items else None
