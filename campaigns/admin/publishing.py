"""Publish, pause and resume: each a page that says what will happen, and a POST that does it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from campaigns.admin.known import Known, known_in
from campaigns.admin.missing import Missing
from campaigns.admin.sheet import Sheet, definition_from, draft_of
from campaigns.admin.still_waiting import waiting_moments
from campaigns.admin.wording import comparison, trigger_sentence
from campaigns.definition import content_hash
from campaigns.models import Campaign, CampaignState
from campaigns.services.campaigns import pause, publish, resume

CHANGED_MEANWHILE = "The draft was changed meanwhile. Read it again before you publish it."

if TYPE_CHECKING:
    from audience.admin.base import ScopedAdmin as Base
else:
    Base = object


class PublishingViews(Base):
    """A part of CampaignAdmin. Approvers only; a GET changes nothing."""

    clock: Callable[[], datetime]

    def may_publish(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def campaign_of(self, request: HttpRequest, object_id: str) -> Campaign:
        found = self.get_object(request, unquote(object_id))
        assert isinstance(found, Campaign)  # noqa: S101 - ScopedAdmin raises 404 for anything else
        return found

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign_to_change(request, object_id)
        seen = content_hash(draft_of(campaign))
        missing = Sheet(campaign=campaign, known=self._known(campaign)).missing()
        if request.method != "POST" or missing:
            return self._publish_page(request, campaign, missing=missing, seen=seen)
        if request.POST.get("seen") != seen:
            messages.warning(request, CHANGED_MEANWHILE)
            return self._publish_page(request, campaign, missing=missing, seen=seen)
        version = publish(
            campaign=campaign,
            user_id=request.user.pk,
            now=self.clock(),
            for_waiting=request.POST.get("waiting") == "new",
        )
        return self._done(request, campaign, f"{version} is live.")

    def pause_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign_to_change(request, object_id)
        if request.method != "POST":
            return self._question(request, campaign, "pause", CampaignState.LIVE)
        pause(campaign=campaign, now=self.clock())
        return self._done(request, campaign, "Paused. Nothing more goes out.")

    def resume_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self._campaign_to_change(request, object_id)
        if request.method != "POST":
            return self._question(request, campaign, "resume", CampaignState.PAUSED)
        resume(campaign=campaign, now=self.clock())
        return self._done(request, campaign, "Resumed. The campaign is live again.")

    def _campaign_to_change(self, request: HttpRequest, object_id: str) -> Campaign:
        campaign = self.campaign_of(request, object_id)
        if not self.may_publish(request):
            raise PermissionDenied
        return campaign

    def _done(self, request: HttpRequest, campaign: Campaign, what: str) -> HttpResponse:
        self.log_change(request, campaign, what)
        messages.success(request, what)
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[campaign.pk]))

    def _publish_page(
        self, request: HttpRequest, campaign: Campaign, *, missing: list[Missing], seen: str
    ) -> HttpResponse:
        live, known = campaign.live_version, self._known(campaign)
        before = definition_from(live.definition) if live else None
        after = draft_of(campaign)
        same = before is not None and content_hash(before) == seen
        number = live.number if live and same else campaign.versions.count() + 1
        context = {
            **self._context(request, campaign, "publish"),
            "title": f"Publish “{campaign.name}”?",
            "missing": missing,
            "seen": seen,
            "same": same and campaign.state == CampaignState.LIVE,
            "number": number,
            "live": live,
            "sentence": trigger_sentence(after, known),
            "lines": comparison(before=before, after=after, known=known),
            "waiting": waiting_moments(campaign) if live else "0",
        }
        return TemplateResponse(request, "campaign_pages/publish.html", context)

    def _question(
        self, request: HttpRequest, campaign: Campaign, step: str, needed: CampaignState
    ) -> HttpResponse:
        context = {
            **self._context(request, campaign, step),
            "title": f"{step.capitalize()} “{campaign.name}”?",
            "possible": campaign.state == needed,
            "sentence": trigger_sentence(draft_of(campaign), self._known(campaign)),
        }
        return TemplateResponse(request, f"campaign_pages/{step}.html", context)

    def _known(self, campaign: Campaign) -> Known:
        return known_in(workspace=campaign.workspace, now=self.clock())

    def _context(self, request: HttpRequest, campaign: Campaign, step: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "campaign": campaign,
            "step": step,
        }
