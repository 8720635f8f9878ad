"""Activity: everyone a campaign considered, and what happened. To be read, never changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.views import ChangeList

from audience.access import current_workspace
from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.who import names_of
from campaigns.admin.filters import ChoiceFilter
from campaigns.admin.still_waiting import told_of
from campaigns.admin.story import next_step_url, story
from campaigns.engine.states import MomentState, Reason
from campaigns.models import Campaign, Moment
from campaigns.reasons import title_of
from campaigns.state_names import STATE_NAMES


class CampaignFilter(ChoiceFilter):
    title = "campaign"
    parameter_name = "campaign"
    column = "campaign_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        workspace = current_workspace(request)
        mine = Campaign.objects.filter(workspace=workspace).order_by("name", "pk")
        return [(str(pk), name) for pk, name in mine.values_list("pk", "name")]


class StateFilter(ChoiceFilter):
    title = "what happened"
    parameter_name = column = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, STATE_NAMES[state]) for state in MomentState]


class ReasonFilter(ChoiceFilter):
    title = "why"
    parameter_name = column = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(reason.value, title_of(reason)) for reason in Reason]


class MomentList(ChangeList):
    """The list, with `person_name` on each moment, in two queries for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = names_of(moment.person_id for moment in self.result_list)
        for moment in self.result_list:
            moment.person_name = names[moment.person_id]


class ActivityAdmin(HistoryAdmin):
    clock: Callable[[], datetime]
    link_schemes: frozenset[str]
    list_display = ("opened", "campaign_link", "person", "state_badge", "why")
    list_filter = (StateFilter, CampaignFilter, ReasonFilter)
    list_filter_sheet = True
    list_select_related = ("campaign",)
    opened = when("opened_at", "When")
    list_max_show_all = 0
    list_before_template = "campaign_pages/_activity_intro.html"
    ordering = ("-opened_at", "-id")
    empty_title = "Nothing has happened yet"
    empty_text = (
        "When an event arrives that a live campaign waits for, you see here what became of it."
    )

    class Media:
        css = {"all": ("campaign_pages/campaign.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("trace", "content")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[MomentList]:
        return MomentList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Activity", **(extra_context or {})})

    @admin.display(description="Campaign")
    def campaign_link(self, moment: Moment) -> str:
        url = reverse("admin:campaigns_campaign_change", args=[moment.campaign_id])
        return format_html('<a class="cp-link" href="{}">{}</a>', url, moment.campaign.name)

    @admin.display(description="Person")
    def person(self, moment: Any) -> str:
        url = reverse("admin:audience_person_change", args=[moment.person_id])
        return format_html('<a class="cp-link" href="{}">{}</a>', url, moment.person_name)

    @admin.display(description="What happened")
    def state_badge(self, moment: Moment) -> str:
        name = STATE_NAMES.get(MomentState(moment.state), moment.state)
        return format_html('<span class="cp-badge cp-{}">{}</span>', moment.state, name)

    @admin.display(description="Why")
    def why(self, moment: Moment) -> str:
        told = told_of(moment)
        url = next_step_url(moment, told.place)
        if not url:
            text = f"{told.sentence} {told.next}." if told.next else told.sentence
            return format_html('<span class="cp-cut">{}</span>', text)
        link = '<span class="cp-cut">{} <a class="cp-next" href="{}">{}</a></span>'
        return format_html(link, told.sentence, url, told.next)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        moment = self.get_object(request, unquote(object_id))
        assert isinstance(moment, Moment)  # noqa: S101 - ScopedAdmin raises 404 otherwise
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        workspace = current_workspace(request)
        name = names_of([moment.person_id])[moment.person_id]
        context = {
            **self.admin_site.each_context(request),
            **story(moment, app=workspace.name if workspace else "").as_context(),
            "title": f"{moment.campaign.name} for {name}",
            "opts": self.opts,
            "person_name": name,
        }
        return TemplateResponse(request, "campaign_pages/moment.html", context)
