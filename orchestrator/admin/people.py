"""People: the list, and one person with traits, ids, devices, events and activity."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.devices import reachable
from audience.admin.plain import plain
from audience.admin.who import name
from audience.models import Device, Identity, Person, Source
from campaigns.models import Campaign, Moment
from orchestrator import clock
from orchestrator.admin import explain
from orchestrator.admin.activity import Line, lines_of
from orchestrator.pipeline.why import ids_of
from triggers.admin.events import url_of
from triggers.models import Event

LAST = 20
MAX_IDS = 70
MAX_TRAITS = 200
FIRST_NAMES = ("first_name", "firstName", "name")


@dataclass(frozen=True)
class Trait:
    name: str
    value: str
    source: str


def traits_of(person: Person) -> list[Trait]:
    sources = dict(Source.choices)
    return [
        Trait(trait, plain(value), sources.get(person.trait_sources.get(trait, ""), ""))
        for trait, value in sorted(person.traits.items())[:MAX_TRAITS]
    ]


def events_of(ids: list[int]) -> list[Event]:
    # No workspace here: the people are its own, and their index is the one to use.
    rows = list(Event.objects.filter(person_id__in=ids).order_by("-occurred_at")[:LAST])
    for row in rows:
        row.url = url_of(row)  # type: ignore[attr-defined]
    return rows


def moments_of(ids: list[int]) -> list[Line]:
    rows = Moment.objects.filter(person_id__in=ids).select_related("campaign")
    return lines_of(rows.order_by("-opened_at")[:LAST])


def campaigns_of(person: Person) -> list[tuple[int, str]]:
    rows = Campaign.objects.filter(workspace_id=person.workspace_id).order_by("name", "pk")
    return list(rows.values_list("pk", "name")[: explain.MOST_CAMPAIGNS])


def devices_of(person: Person) -> list[tuple[Device, str]]:
    rows = Device.objects.filter(person=person).order_by("-last_seen_at")[:LAST]
    return [(device, reachable(device)) for device in rows]


class PersonAdmin(HistoryAdmin):
    ordering = ["-id"]
    search_fields = ["pk"]
    search_help_text = "The exact user id or anonymous id"
    list_display = ["known_as", "first_name", "language", "last_seen", "first_seen"]
    last_seen = when("last_seen_at", "Last seen")
    first_seen = when("first_seen_at", "First seen")
    empty_title = "Nobody yet"
    empty_text = "People appear with the first event that names them."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).prefetch_related("identities")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.why_view)
        why = path("<path:object_id>/why/", view, name="audience_person_why")
        return [why, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        listed = queryset.filter(merged_into=None)
        term = search_term.strip()
        if not term:
            return listed, False
        found = Identity.objects.filter(
            workspace_id=self.workspace_id(request), kind__in=["user", "anonymous"], value=term
        ).values_list("person_id", "person__merged_into_id")
        return listed.filter(pk__in=[merged or person for person, merged in found]), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        person = self.person_of(request, object_id)
        if person.merged_into_id:
            return redirect("admin:audience_person_change", person.merged_into_id)
        return self.person_page(request, person)

    def why_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET ?campaign=…&days=…: what became of each event that the campaign listens to."""
        person = self.person_of(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        if person.merged_into_id:
            url = reverse("admin:audience_person_why", args=[person.merged_into_id])
            return redirect(f"{url}?{request.GET.urlencode()}")
        context = self.admin_site.each_context(request) | {
            "title": f"Why did or didn't {self.known_as(person)} get it?",
            "known_as": self.known_as(person),
            "opts": self.opts,
            **explain.shown(request, person, now=clock.now()),
        }
        return TemplateResponse(request, "admin_pages/why.html", context)

    def person_of(self, request: HttpRequest, object_id: str) -> Person:
        person: Any = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        found: Person = person
        return found

    def person_page(self, request: HttpRequest, person: Person) -> TemplateResponse:
        ids = ids_of(person)
        context = self.admin_site.each_context(request) | {
            "title": self.known_as(person),
            "person": person,
            "traits": traits_of(person),
            "identities": Identity.objects.filter(person_id__in=ids)[:MAX_IDS],
            "devices": devices_of(person),
            "events": events_of(ids),
            "moments": moments_of(ids),
            "campaigns": campaigns_of(person),
        }
        return TemplateResponse(request, "admin_pages/person.html", context)

    @display(description="Person")
    def known_as(self, person: Person) -> str:
        return name(person.pk, person.identities.all())

    @display(description="First name")
    def first_name(self, person: Person) -> str:
        found = (person.traits.get(trait) for trait in FIRST_NAMES)
        return next((plain(value) for value in found if value), "–")

    @display(description="Language")
    def language(self, person: Person) -> str:
        return person.locale or "–"
