"""Events: the log, newest first, and one event with all it said."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.admin import display
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.views import ChangeList

from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.plain import lasted, table
from audience.admin.who import names_of
from triggers.admin.window import newest_since
from triggers.models import Event

SEARCHED = 50_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MAX_ID = 2**63 - 1


def address_of(event: Event) -> str:
    """The log is partitioned by time: an id alone would be looked for in every month."""
    return f"{(event.received_at - EPOCH) // MICROSECOND}-{event.pk}"


def url_of(event: Event) -> str:
    return reverse("admin:triggers_event_change", args=[address_of(event)])


def parts_of(address: str) -> tuple[datetime, int] | None:
    time, _, id_ = address.partition("-")
    if not (time.isascii() and time.isdecimal() and id_.isascii() and id_.isdecimal()):
        return None
    if len(time) > 16 or len(id_) > 19 or int(id_) > MAX_ID:
        return None
    return EPOCH + int(time) * MICROSECOND, int(id_)


def with_names(events: list[Event]) -> list[Event]:
    """Events that know by which name their person goes; no query a row."""
    names = names_of(event.person_id for event in events)
    for event in events:
        event.who_name = names[event.person_id]  # type: ignore[attr-defined]
    return events


class EventList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = self.result_list  # type: ignore[has-type]
        self.result_list = with_names(list(rows))

    def url_for_result(self, result: Event) -> str:
        return url_of(result)


class EventAdmin(HistoryAdmin):
    ordering = ["-received_at", "-id"]
    search_fields = ["name"]
    search_help_text = "The exact event name"
    list_display = ["name", "who", "arrived", "sent_after", "source_in_words"]
    fields = [
        "name",
        "who",
        "happened",
        "arrived",
        "sent_after",
        "source_in_words",
        "details",
        "about",
        "message_id",
    ]
    readonly_fields = fields
    happened = when("occurred_at", "Happened")
    arrived = when("received_at", "Arrived")
    empty_title = "No events yet"
    empty_text = "They appear the moment your app sends one. Setup › Event debugger helps."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EventList

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model:
        parts = parts_of(object_id)
        rows = self.get_queryset(request)
        found = rows.filter(received_at=parts[0], id=parts[1]).first() if parts else None
        if found is None:
            raise Http404
        return with_names([found])[0]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        name = search_term.strip()
        if not name:
            return queryset, False
        since = newest_since(workspace_id=self.workspace_id(request), rows=SEARCHED)
        if since:
            queryset = queryset.filter(received_at__gte=since)
        return queryset.filter(name=name), False

    @display(description="Who")
    def who(self, event: Event) -> SafeString:
        url = reverse("admin:audience_person_change", args=[event.person_id])
        return format_html('<a href="{}">{}</a>', url, event.who_name)  # type: ignore[attr-defined]

    @display(description="Arrived after")
    def sent_after(self, event: Event) -> str:
        return lasted(event.received_at - event.occurred_at)

    @display(description="Known from")
    def source_in_words(self, event: Event) -> str:
        return event.get_source_display()

    @display(description="Details")
    def details(self, event: Event) -> SafeString | str:
        return table(event.properties)

    @display(description="App and phone")
    def about(self, event: Event) -> SafeString | str:
        return table(event.context)
