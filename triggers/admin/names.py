"""Event names: what this workspace's apps have sent so far, and what comes with it."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import display
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.plain import plain
from triggers.models import EventName

MAX_DETAILS_IN_LIST = 4


def samples_of(found: Any) -> str:
    samples = found.get("samples") if isinstance(found, Mapping) else None
    return ", ".join(plain(one) for one in samples or []) or "–"


class EventNameAdmin(HistoryAdmin):
    ordering = ["name"]
    search_fields = ["name"]
    search_help_text = "Part of a name"
    list_display = ["name", "comes_with", "last_seen", "first_seen"]
    fields = ["name", "first_seen", "last_seen", "details"]
    readonly_fields = fields
    first_seen = when("first_seen_at", "First seen")
    last_seen = when("last_seen_at", "Last seen")
    empty_title = "No event names yet"
    empty_text = "Each name is learnt when it arrives first; campaigns can then choose it."

    @display(description="Comes with")
    def comes_with(self, name: EventName) -> str:
        paths = list(name.properties)
        more = len(paths) - MAX_DETAILS_IN_LIST
        shown = ", ".join(paths[:MAX_DETAILS_IN_LIST])
        return f"{shown} and {more} more" if more > 0 else shown or "–"

    @display(description="Details and examples")
    def details(self, name: EventName) -> SafeString | str:
        rows = [(path, samples_of(found)) for path, found in name.properties.items()]
        if not rows:
            return "–"
        lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows)
        return format_html('<dl class="mo-facts">{}</dl>', lines)
