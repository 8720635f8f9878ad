"""The segments of people: the list, the page with its rule, the count, and deletion."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.views import ChangeList

from audience.access import current_workspace
from audience.admin.base import ScopedAdmin
from audience.models import Workspace
from campaigns.admin import catalogue
from campaigns.admin.rule_text import sentence
from campaigns.admin.segment_form import SegmentForm, free_key, in_words
from campaigns.admin.segment_people import People, people_of
from campaigns.selectors.headcount import headcount
from campaigns.selectors.segments import asking_of
from campaigns.services import segments as services
from triggers.models import Segment
from triggers.segments import segments_asking
from triggers.selectors.segments import keys_of, segments_of
from triggers.services.segments import SegmentError, SegmentInUseError

COUNT_FOR_S = 4.0
LIST = "admin:triggers_segment_changelist"
NOT_SAVED = "Not saved yet. Everything you typed is still here; see what is marked in red."
NOT_COUNTED = "Not counted. See what is marked in red."
UNREADABLE = "Not readable by this version"


class SegmentList(ChangeList):
    """The list, with the campaigns that ask each segment."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        asking = asking_of(workspace_id=self.model_admin.workspace_id(request))
        for segment in self.result_list:
            segment.asking = asking.get(segment.key, [])


class SegmentAdmin(ScopedAdmin):
    """Editors write; what is saved counts at once, also for campaigns that are live."""

    clock: Callable[[], datetime]
    list_display = ("name", "who", "used")
    search_fields = ("name", "key")
    search_help_text = "Search by name"
    ordering = ("name", "id")
    sortable_by = ()
    actions = None
    empty_title = "No segments yet"
    empty_text = "A segment names a group of people once, so that many campaigns can ask for it."

    class Media:
        css = {"all": ("campaign_pages/campaign.css",)}

    # --- the list ---------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SegmentList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Segments", **(extra_context or {})})

    @admin.display(description="Who is in it")
    def who(self, segment: Segment) -> str:
        text = sentence(segment.rule) or UNREADABLE
        return format_html('<span class="cp-cut" title="{}">{}</span>', text, text)

    @admin.display(description="Used by")
    def used(self, segment: Any) -> str:
        number = len(segment.asking)
        return f"{number} campaign{'' if number == 1 else 's'}" if number else "–"

    # --- the page ---------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.sentence_view)
        return [path("sentence/", view, name="triggers_segment_sentence"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        segment = self._segment(request, object_id) if object_id else None
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "_count" in request.POST:
            return self._count(request, segment)
        if request.method == "POST":
            return self._save(request, segment)
        if segment is None and not self.has_add_permission(request):
            raise PermissionDenied
        return self._page(request, segment, SegmentForm(stored=segment))

    def sentence_view(self, request: HttpRequest) -> HttpResponse:
        """POST the rule as it is: the sentence. Saves nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return JsonResponse({"sentence": SegmentForm(request.POST, stored=None).sentence})

    def _segment(self, request: HttpRequest, object_id: str) -> Segment:
        found = self.get_object(request, unquote(object_id))
        assert isinstance(found, Segment)  # noqa: S101 - ScopedAdmin raises 404 for anything else
        return found

    def _save(self, request: HttpRequest, segment: Segment | None) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = SegmentForm(request.POST, stored=segment)
        saved = self._saved(request, segment, form) if form.is_valid() else None
        if saved is None:
            messages.error(request, NOT_SAVED)
            return self._page(request, segment, form)
        messages.success(request, f"“{saved.name}” is saved.")
        return HttpResponseRedirect(reverse("admin:triggers_segment_change", args=[saved.pk]))

    def _saved(
        self, request: HttpRequest, segment: Segment | None, form: SegmentForm
    ) -> Segment | None:
        """None where services object; the form then says why."""
        workspace, typed = self._workspace(request), form.cleaned_data
        taken = keys_of(workspace_id=workspace.pk)
        key = segment.key if segment else typed["key"] or free_key(typed["name"], taken=taken)
        try:
            with transaction.atomic():
                saved = services.save(
                    workspace=workspace,
                    key=key,
                    name=typed["name"],
                    rule=typed["rule"],
                    now=self.clock(),
                    only_new=segment is None,
                )
                self.log_change(request, saved, "Saved the segment.")
        except SegmentError as error:
            form.explain(error.problems)
            return None
        return saved

    def _count(self, request: HttpRequest, segment: Segment | None) -> HttpResponse:
        """Of the rule as typed, so that it can be tried before it is saved."""
        workspace = self._workspace(request)
        typed = request.POST if self.has_change_permission(request) else None
        form = SegmentForm(typed, stored=segment) if typed else _as_stored(segment)
        rule = form.parsed(known=keys_of(workspace_id=workspace.pk))
        if rule is None:
            messages.error(request, NOT_COUNTED)
            return self._page(request, segment, form)
        until = time.monotonic() + COUNT_FOR_S
        counted = headcount(
            workspace=workspace,
            rule=rule,
            now=self.clock(),
            is_late=lambda: time.monotonic() > until,
        )
        form.errors.pop("name", None)  # counting needs none
        return self._page(request, segment, form, people=people_of(counted))

    def _page(
        self,
        request: HttpRequest,
        segment: Segment | None,
        form: SegmentForm,
        people: People | None = None,
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            **self._builder(self._workspace(request), segment),
            "title": segment.name if segment else "New segment",
            "opts": self.opts,
            "segment": segment,
            "form": form,
            "people": people,
            "may_save": self.has_change_permission(request),
        }
        return TemplateResponse(request, "campaign_pages/segment.html", context)

    def _builder(self, workspace: Workspace, segment: Segment | None) -> dict[str, Any]:
        others = segments_of(workspace_id=workspace.pk)
        key = segment.key if segment else ""
        facts = catalogue.facts_of_people(
            traits=catalogue.traits_of(workspace=workspace),
            segments=[one for one in others if one.key != key],
        )
        names = [one.name for one in catalogue.event_names(workspace=workspace)]
        return {
            "facts_json": json.dumps(facts),
            "operators_json": json.dumps(catalogue.operators()),
            "events_json": json.dumps(names),
            "asking": asking_of(workspace_id=workspace.pk).get(key, []),
            "asking_segments": segments_asking(key, others),
        }

    # --- deletion ---------------------------------------------------------------------------
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        segment = self._segment(request, object_id)
        if not self.has_delete_permission(request, segment):
            raise PermissionDenied
        if request.method != "POST":
            return self._question(request, segment)
        try:
            with transaction.atomic():
                self.log_deletions(request, [segment])
                services.delete(segment=segment)
        except SegmentInUseError:
            return self._question(request, segment)
        messages.success(request, f"“{segment.name}” is deleted.")
        return HttpResponseRedirect(reverse(LIST))

    def _question(self, request: HttpRequest, segment: Segment) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **self._builder(self._workspace(request), segment),
            "title": f"Delete “{segment.name}”?",
            "opts": self.opts,
            "segment": segment,
            "sentence": in_words(segment.rule),
        }
        return TemplateResponse(request, "campaign_pages/segment_delete.html", context)

    def _workspace(self, request: HttpRequest) -> Workspace:
        workspace = current_workspace(request)
        if workspace is None:
            raise PermissionDenied
        return workspace


def _as_stored(segment: Segment | None) -> SegmentForm:
    """What somebody who may only look counts."""
    if segment is None:
        raise PermissionDenied
    stored = SegmentForm(stored=segment)
    return SegmentForm(stored.initial, stored=segment)
