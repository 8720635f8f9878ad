"""The campaign page and the list of campaigns."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.timesince import timesince

from audience.access import current_workspace, has_role
from audience.admin.base import ScopedAdmin
from audience.models import Role, Workspace
from campaigns.admin import try_it
from campaigns.admin.asking import asked
from campaigns.admin.composer import Composer
from campaigns.admin.filters import ChoiceFilter
from campaigns.admin.kinds import short_name
from campaigns.admin.known import Known, known_in
from campaigns.admin.last_sent import CampaignList
from campaigns.admin.prefill import prefilled
from campaigns.admin.publishing import PublishingViews
from campaigns.admin.sheet import Sheet, definition_from
from campaigns.admin.wording import UNFINISHED, trigger_sentence
from campaigns.models import Campaign, CampaignState
from campaigns.services.campaigns import draft

Panel = Callable[[Campaign], str]  # gives HTML; "" for nothing to show
NOT_SAVED = "Not saved yet. Everything you typed is still here; see what is marked in red."
LONGEST_KEY = 60


class StateFilter(ChoiceFilter):
    title = "state"
    parameter_name = column = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(CampaignState.choices)


class CampaignAdmin(PublishingViews, ScopedAdmin):
    """One page in sections; editors save drafts, approvers publish."""

    clock: Callable[[], datetime]
    link_schemes: frozenset[str]
    panels: tuple[Panel, ...]
    list_display = ("name", "state_badge", "trigger", "last_sent")
    list_filter = (StateFilter,)
    list_filter_sheet = True
    list_select_related = ("live_version",)
    search_fields = ("name",)
    search_help_text = "Search by name"
    ordering = ("-changed_at", "-id")
    sortable_by = ()
    actions = None
    empty_title = "Start from a ready-made campaign"
    empty_text = "Nothing is sent until you publish."

    class Media:
        css = {"all": ("campaign_pages/campaign.css", "campaign_pages/kinds.css")}

    # --- the list ---------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CampaignList]:
        return CampaignList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Campaigns", **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was sent must stay explained

    @admin.display(description="State")
    def state_badge(self, campaign: Campaign) -> str:
        return format_html(
            '<span class="cp-badge cp-{}">{}</span>', campaign.state, campaign.get_state_display()
        )

    @admin.display(description="When")
    def trigger(self, campaign: Any) -> str:
        version = campaign.live_version
        definition = definition_from(version.definition if version else campaign.draft)
        text = trigger_sentence(definition, campaign.known) if definition else UNFINISHED
        kind = short_name(definition.trigger) if definition else ""
        return format_html(
            '<span class="cp-cut" title="{}"><span class="cp-kind">{}</span>{}</span>',
            text,
            kind,
            text,
        )

    @admin.display(description="Last sent")
    def last_sent(self, campaign: Any) -> str:
        if campaign.last_sent_at is None:
            return "Not lately" if campaign.has_moments else "Never"
        return f"{timesince(campaign.last_sent_at, self.clock(), depth=1)} ago"

    # --- the page ---------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        own = [
            path("catalogue/", self._guarded(self.catalogue_view), name=self._named("catalogue")),
            path("preview/", self._guarded(self.preview_view), name=self._named("preview")),
            path("try-it/", self._guarded(self.try_it_view), name=self._named("try_it")),
            *(
                path(
                    f"<path:object_id>/{step}/",
                    self._guarded(getattr(self, f"{step}_view")),
                    name=self._named(step),
                )
                for step in ("publish", "pause", "resume")
            ),
        ]
        return [*own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        campaign = self.campaign_of(request, object_id) if object_id else None
        if request.method == "POST":
            return self._save(request, campaign)
        if campaign is None and not self.has_add_permission(request):
            raise PermissionDenied
        if not self.has_view_permission(request):
            raise PermissionDenied
        if campaign and (url := asked(request, campaign).url):
            return HttpResponseRedirect(url)
        return self._page(request, campaign, None)

    def catalogue_view(self, request: HttpRequest) -> HttpResponse:
        """GET ?event=…: what conditions, messages and samples can use. Scoped to the workspace."""
        return self._composer(request).answer_catalogue(request)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """POST the page as it is: the phone, the sentence and what is missing. Saves nothing."""
        return self._composer(request).answer_preview(request)

    def try_it_view(self, request: HttpRequest) -> HttpResponse:
        """POST the page as it is: its rule on the newest events of its name. Saves nothing."""
        composer = self._composer(request)
        return try_it.answer(request, workspace=composer.workspace, known=composer.known)

    def _save(self, request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        known = self._composer(request).known
        sheet = Sheet(campaign=campaign, data=request.POST, known=known)
        if not sheet.is_valid:
            messages.error(request, NOT_SAVED)
            return self._page(request, campaign, sheet)
        saved = self._drafted(request, campaign, sheet)
        if "_publish" in request.POST and self.may_publish(request):
            return HttpResponseRedirect(
                reverse("admin:campaigns_campaign_publish", args=[saved.pk])
            )
        messages.success(request, "Draft saved. Nothing is sent until it is published.")
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[saved.pk]))

    def _drafted(self, request: HttpRequest, campaign: Campaign | None, sheet: Sheet) -> Campaign:
        workspace = self.workspace_of(request)
        with transaction.atomic():
            key = campaign.key if campaign else free_key(workspace=workspace, name=sheet.name)
            saved = draft(
                workspace=workspace,
                key=key,
                name=sheet.name,
                intent=sheet.form.cleaned_data["intent"],
                definition=sheet.definition,
                now=self.clock(),
            )
            self.log_change(request, saved, "Saved the draft.")
        return saved

    def _page(
        self, request: HttpRequest, campaign: Campaign | None, posted: Sheet | None
    ) -> TemplateResponse:
        composer = self._composer(request)
        sheet = posted or Sheet(campaign=campaign or prefilled(request), known=composer.known)
        context = {
            **self.admin_site.each_context(request),
            **composer.page(campaign=campaign, sheet=sheet),
            "panels": [panel(campaign) for panel in self.panels] if campaign else [],
            "title": campaign.name if campaign else "New campaign",
            "opts": self.opts,
            "campaign": campaign,
            "asked": asked(request, campaign) if campaign else None,
            "differs": campaign is not None and differs_from_live(campaign),
            "next_number": campaign.versions.count() + 1 if campaign else 1,
            "may_save": self.has_change_permission(request),
            "may_publish": self.may_publish(request),
        }
        return TemplateResponse(request, "campaign_pages/campaign.html", context)

    def _composer(self, request: HttpRequest) -> Composer:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return Composer(
            workspace=self.workspace_of(request), link_schemes=self.link_schemes, now=self.clock()
        )

    def known(self, request: HttpRequest) -> Known:
        return known_in(workspace=self.workspace_of(request), now=self.clock())

    def _guarded(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def _named(self, view: str) -> str:
        return f"campaigns_campaign_{view}"

    def workspace_of(self, request: HttpRequest) -> Workspace:
        workspace = current_workspace(request)
        if workspace is None:
            raise PermissionDenied
        return workspace

    def may_publish(self, request: HttpRequest) -> bool:
        return has_role(request, Role.APPROVER)


def free_key(*, workspace: Workspace, name: str) -> str:
    """A short name in files and addresses, made from the name and not in use yet.

    Call it in the transaction that uses it: the workspace stays locked, so that two people who
    choose one name at the same moment get two campaigns.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    stem = re.sub(r"[^a-z0-9]+", "-", slugify(name)).strip("-")[:LONGEST_KEY] or "campaign"
    taken = set(
        Campaign.objects.filter(workspace=workspace, key__startswith=stem[:50]).values_list(
            "key", flat=True
        )
    )
    if stem not in taken:
        return stem
    numbered = (f"{stem[:50]}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in numbered if key not in taken)


def differs_from_live(campaign: Campaign) -> bool:
    version = campaign.live_version
    return version is not None and version.definition != campaign.draft
