"""Event catalogue: which events the apps send, how many of each came lately, and with what."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import display
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.views import ChangeList

from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from triggers.admin.bars import picture
from triggers.models import EventCount, EventName
from triggers.selectors.catalogue import DAYS, OWN_NAMES, daily, last_days
from triggers.services.catalogue import MAX_NAMES

MAX_DETAILS_IN_LIST = 4
BY_US = mark_safe(' <span class="mo-tag">by Moments</span>')


@dataclass(frozen=True)
class Own:
    """What Moments itself writes into the log: a line below the list."""

    name: str
    bars: SafeString
    total: int


class NameList(ChangeList):
    """The busiest first, with each name's days, in one query for the page."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[EventName]) -> list[str]:
        return ["-lately", "name"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found: Any = self.result_list  # type: ignore[has-type]
        self.result_list = rows = list(found)
        now = self.model_admin.admin_site.now()
        self.days = last_days(now=now)
        counted = daily(
            workspace_id=self.model_admin.workspace_id(request),
            names={row.name for row in rows} | set(OWN_NAMES),
            now=now,
        )
        for row in rows:
            row.days, row.daily = self.days, counted[row.name]
        self.left_out = sum(counted[""])
        shown = {row.name for row in rows}
        self.own = [
            Own(name, picture(self.days, counted[name]), sum(counted[name]))
            for name in OWN_NAMES
            if any(counted[name]) and name not in shown
        ]


class CatalogueAdmin(HistoryAdmin):
    """The list of names; the page of one is in orchestrator, which knows the campaigns."""

    ordering = ["name"]
    search_fields = ["name"]
    search_help_text = "Part of a name"
    list_display = ["called", "bars", "total", "comes_with", "last_seen"]
    list_before_template = "admin_pages/catalogue_above.html"
    list_after_template = "admin_pages/catalogue_below.html"
    last_seen = when("last_seen_at", "Last seen")
    empty_title = "No events yet"
    empty_text = (
        "Each event is learnt when your app first sends it. The Event debugger has a line to "
        "paste that sends one now."
    )
    kept_names = MAX_NAMES
    shown_days = DAYS

    class Media:
        css = {"all": ("admin_pages/catalogue.css",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NameList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        titled = {"title": "Event catalogue", **(extra_context or {})}
        return super().changelist_view(request, titled)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventName]:
        days = last_days(now=self.admin_site.now())
        lately = (
            EventCount.objects.filter(
                workspace_id=OuterRef("workspace_id"),
                name=OuterRef("name"),
                day__range=(days[0], days[-1]),
            )
            .order_by()
            .values("name")
            .annotate(sum=Sum("events"))
        )
        rows: QuerySet[EventName] = super().get_queryset(request)
        return rows.annotate(lately=Coalesce(Subquery(lately.values("sum")), Value(0)))

    @display(description="Event")
    def called(self, name: EventName) -> SafeString:
        own = BY_US if name.name in OWN_NAMES else ""
        return format_html('<bdi class="ec-name">{}</bdi>{}', name.name, own)

    @display(description=f"Last {DAYS} days")
    def bars(self, name: Any) -> SafeString:
        return picture(name.days, name.daily)

    @display(description="How many")
    def total(self, name: Any) -> str:
        return f"{sum(name.daily):,}"

    @display(description="Comes with")
    def comes_with(self, name: EventName) -> SafeString:
        paths = list(name.properties)
        more = len(paths) - MAX_DETAILS_IN_LIST
        shown = ", ".join(paths[:MAX_DETAILS_IN_LIST])
        text = f"{shown} and {more} more" if more > 0 else shown or "–"
        return format_html('<bdi class="ec-cut">{}</bdi>', text)
