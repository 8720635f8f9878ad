"""The stores and venues: the list, their map, the page of one, and removal."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import SimpleListFilter, display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.views import ChangeList

from audience.access import current_workspace
from audience.admin.base import ScopedAdmin
from audience.models import Workspace
from triggers.admin.place_form import PlaceForm
from triggers.admin.place_warnings import fence_of, warnings_of
from triggers.admin.places_map import around
from triggers.models import Place
from triggers.places import hours
from triggers.places.given import PlaceInput
from triggers.selectors.place_map import box_of_all, people_inside
from triggers.selectors.place_tags import tags_of
from triggers.services.places import put_places, remove_places

LIST = "admin:triggers_place_changelist"
NOT_SAVED = "Not saved yet. Everything you typed is still here; see what is marked in red."
MOST_TAGS = 200


class TagFilter(SimpleListFilter):
    title = "Tag"
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tags = tags_of(workspace_id=model_admin.workspace_id(request))
        return [(tag, f"{tag} ({count:,})") for tag, count in list(tags.items())[:MOST_TAGS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        tag = self.value()
        return queryset.filter(tags__contains=[tag.replace("\0", "")]) if tag else queryset


class PlaceList(ChangeList):
    """The list, with who is inside of what, in one query for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found: Any = self.result_list  # type: ignore[has-type]
        self.result_list = rows = list(found)
        inside = people_inside(ids=[place.pk for place in rows])
        now, workspace = self.model_admin.admin_site.now(), current_workspace(request)
        for place in rows:
            place.inside = inside.get(place.pk, 0)
            place.opening = opening_of(place, workspace=workspace, now=now)


class PlaceAdmin(ScopedAdmin):
    list_display = ("called", "tagged", "opening", "radius", "inside")
    list_filter = (TagFilter,)
    search_fields = ("name", "external_id", "address")
    search_help_text = "Search by name, address or your own number"
    ordering = ("name", "id")
    sortable_by = ()
    actions = None
    list_before_template = "admin_pages/places_above.html"
    empty_title = "No places yet"
    empty_text = (
        "Add your first store, or import all of them from a file. A campaign can then greet "
        "people who come near one."
    )

    class Media:
        css = {"all": ("admin_pages/places.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        rows: QuerySet[Place] = super().get_queryset(request)
        return rows.filter(removed_at=None)

    # --- the list ---------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlaceList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Places", **(extra_context or {})})

    @display(description="Place")
    def called(self, place: Place) -> SafeString:
        return format_html(
            '<bdi>{}</bdi><small class="pl-address">{}</small>', place.name, place.address
        )

    @display(description="Tags")
    def tagged(self, place: Place) -> str:
        return ", ".join(place.tags) or "–"

    @display(description="Now")
    def opening(self, place: Any) -> str:
        return str(place.opening)

    @display(description="Fence")
    def radius(self, place: Place) -> str:
        return "Area" if place.area else f"{place.radius_m:,.0f} m"

    @display(description="People inside")
    def inside(self, place: Any) -> str:
        return f"{place.inside:,}" if place.inside else "–"

    # --- the map ----------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("map/", guarded(self.map_view), name="triggers_place_map"),
            path("around/", guarded(self.around_view), name="triggers_place_around"),
            *super().get_urls(),
        ]

    def map_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        workspace = self._workspace(request)
        context = self._context(request) | {
            "title": "Map of places",
            "box": box_of_all(workspace_id=workspace.pk),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin_pages/place_map.html", context)

    def around_view(self, request: HttpRequest) -> HttpResponse:
        """GET south, west, north, east in degrees: the places there, at most 2,000."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = around(request, workspace_id=self._workspace(request).pk)
        if found is None:
            return HttpResponseBadRequest("south, west, north and east are degrees")
        for place in found["places"]:
            place["url"] = reverse("admin:triggers_place_change", args=[place["id"]])
        return JsonResponse(found)

    # --- the page ---------------------------------------------------------------------------
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        place = self._place(request, object_id) if object_id else None
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._save(request, place)
        if place is None and not self.has_add_permission(request):
            raise PermissionDenied
        return self._page(request, place, self._form(request, None, place))

    def _place(self, request: HttpRequest, object_id: str) -> Place:
        found = self.get_object(request, unquote(object_id))
        assert isinstance(found, Place)  # noqa: S101 - ScopedAdmin raises 404 for anything else
        return found

    def _form(self, request: HttpRequest, data: Any, place: Place | None) -> PlaceForm:
        return PlaceForm(data, stored=place, workspace_zone=self._workspace(request).time_zone)

    def _save(self, request: HttpRequest, place: Place | None) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = self._form(request, request.POST, place)
        given = form.read()
        if given and place is None:
            self._refuse_twin(request, form, given)
        if given is None or form.errors:
            messages.error(request, NOT_SAVED)
            return self._page(request, place, form)
        saved = self._saved(request, given)
        messages.success(request, f"“{saved.name}” is saved.")
        return HttpResponseRedirect(reverse("admin:triggers_place_change", args=[saved.pk]))

    def _refuse_twin(self, request: HttpRequest, form: PlaceForm, given: PlaceInput) -> None:
        twin = self.get_queryset(request).filter(external_id=given.external_id).first()
        if twin:
            form.add_error("external_id", f"“{twin.name}” has this one already. Give another.")

    def _saved(self, request: HttpRequest, given: PlaceInput) -> Place:
        workspace, now = self._workspace(request), self.admin_site.now()
        with transaction.atomic():
            put_places(workspace=workspace, places=[given], now=now)
            saved = self.get_queryset(request).get(external_id=given.external_id)
            self.log_change(request, saved, "Saved the place.")
        return saved

    def _page(self, request: HttpRequest, place: Place | None, form: PlaceForm) -> TemplateResponse:
        workspace = self._workspace(request)
        context = self._context(request) | {
            "title": place.name if place else "New place",
            "place": place,
            "form": form,
            "warnings": _warnings(place, workspace_id=workspace.pk) if place else [],
            "box": None if place else box_of_all(workspace_id=workspace.pk),
            "may_save": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin_pages/place.html", context)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "tile_url": settings.MAP_TILE_URL,
            "attribution": settings.MAP_ATTRIBUTION,
        }

    # --- removal ----------------------------------------------------------------------------
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        place = self._place(request, object_id)
        if not self.has_delete_permission(request, place):
            raise PermissionDenied
        if request.method != "POST":
            return self._question(request, place)
        now = self.admin_site.now()
        with transaction.atomic():
            self.log_deletions(request, [place])
            remove_places(
                workspace_id=place.workspace_id, external_ids=[place.external_id], now=now
            )
        messages.success(request, f"“{place.name}” is removed.")
        return HttpResponseRedirect(reverse(LIST))

    def _question(self, request: HttpRequest, place: Place) -> TemplateResponse:
        context = self._context(request) | {
            "title": f"Remove “{place.name}”?",
            "text": "Nobody comes near it or enters it any more. What happened there stays in the "
            "log, and adding the same number or name again brings it back.",
            "button": "Remove the place",
            "back": reverse("admin:triggers_place_change", args=[place.pk]),
        }
        return TemplateResponse(request, "admin_pages/confirm.html", context)

    def _workspace(self, request: HttpRequest) -> Workspace:
        workspace = current_workspace(request)
        if workspace is None:
            raise PermissionDenied
        return workspace


def _warnings(place: Place, *, workspace_id: int) -> list[str]:
    fence = fence_of(place.latitude, place.longitude, place.radius_m, place.area)
    return warnings_of(fence, workspace_id=workspace_id, own_id=place.pk)


def opening_of(place: Place, *, workspace: Workspace | None, now: datetime) -> str:
    """Such as “Open until 21:00”, by the place's own clock."""
    zone = ZoneInfo(place.time_zone or (workspace.time_zone if workspace else "UTC"))
    found = hours.opening(
        hours.read(place.hours), now, zone, opens_on=place.opens_on, closes_on=place.closes_on
    )
    if found.is_open:
        if found.until is None:
            return "Open"
        return f"Open until {_clock(found.until, now, zone)}"
    if found.opens_at is None:
        return "Closed"
    return f"Closed, opens {_clock(found.opens_at, now, zone)}"


def _clock(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    shown = at.astimezone(zone)
    is_today = shown.date() == now.astimezone(zone).date()
    return date_format(shown, "H:i" if is_today else "D H:i")
