"""The admin's menu and look: what django-unfold reads as UNFOLD.

Settings import this file, so that it may import neither models nor the site. An entry appears
when its page is registered and the staff member may see it (orchestrator.admin.navigation).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


@dataclass(frozen=True)
class Entry:
    """A page in the menu; `model` is its label for a list, empty for a page of its own."""

    title: str
    icon: str
    url: str
    model: str = ""


def of_model(title: str, icon: str, label: str) -> Entry:
    return Entry(title, icon, f"admin:{label.replace('.', '_')}_changelist", label)


MENU: list[tuple[str, list[Entry]]] = [
    (
        "",
        [
            Entry("Home", "home", "admin:index"),
            of_model("Campaigns", "campaign", "campaigns.campaign"),
        ],
    ),
    (
        "People",
        [
            of_model("People", "group", "audience.person"),
            of_model("Segments", "groups", "triggers.segment"),
            of_model("Devices", "smartphone", "audience.device"),
            of_model("Upload attendees", "upload_file", "orchestrator.upload"),
        ],
    ),
    (
        "",
        [
            of_model("Places", "location_on", "triggers.place"),
            of_model("Activity", "history", "campaigns.moment"),
        ],
    ),
    (
        "Setup",
        [
            of_model("Workspaces", "workspaces", "audience.workspace"),
            of_model("Team", "badge", "audience.membership"),
            of_model("Keys", "key", "audience.apikey"),
            of_model("User token keys", "encrypted", "audience.usertokenkey"),
            Entry("Event debugger", "bug_report", "admin:event_debugger"),
            of_model("Event catalogue", "bar_chart", "triggers.eventname"),
            of_model("Events", "list", "triggers.event"),
            of_model("Messages set aside", "report", "orchestrator.quarantine"),
        ],
    ),
]


def stylesheet(request: HttpRequest) -> str:
    return static("admin_pages/pages.css")


def favicon(request: HttpRequest) -> str:
    return static("admin_pages/favicon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Moments",
    "SITE_HEADER": "Moments",
    "SITE_SUBHEADER": "The right message, in the moment",
    "SITE_SYMBOL": "notifications_active",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [stylesheet],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "orchestrator.admin.navigation.navigation",
    },
    "ACCOUNT": {"navigation": "orchestrator.admin.navigation.account_links"},
}
