"""Messages set aside: what could not be evaluated, to be tried again once the fault is mended."""

from typing import Any

import msgspec
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from audience.access import has_role
from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.confirm import detail_action, question
from audience.models import Role
from orchestrator.models import Quarantine
from orchestrator.pipeline.message import DECODER
from orchestrator.pipeline.requeue import requeue

LIST = "admin:orchestrator_quarantine_changelist"


class QuarantineAdmin(HistoryAdmin):
    ordering = ["-id"]
    list_display = ["what", "short_error", "arrived", "set_aside"]
    fields = ["what", "error", "arrived", "set_aside"]
    readonly_fields = fields
    arrived = when("received_at", "Arrived")
    set_aside = when("quarantined_at", "Set aside")
    actions_detail = ["try_again"]
    empty_title = "Nothing was set aside"
    empty_text = "A message that fails three times is kept here, so that the others go on."

    def has_requeue_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return has_role(request, Role.EDITOR)

    def title_of(self, row: Any) -> str:
        return self.what(row)

    @detail_action("Try again", icon="replay", permission="requeue")
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        message: Any = self.get_object(request, object_id)
        asked = question(
            self,
            request,
            title="Try this message again?",
            text="It goes back in line. Campaigns may send messages because of it, unless it is "
            "too old by now. If it fails again, it comes back here.",
            button="Try again",
            back=reverse("admin:orchestrator_quarantine_change", args=[message.pk]),
        )
        if asked:
            return asked
        requeue(
            quarantine_id=message.pk,
            workspace_id=message.workspace_id,
            now=self.admin_site.now(),
        )
        self.message_user(request, "The message is back in line.")
        return redirect(LIST)

    @display(description="Message")
    def what(self, row: Quarantine) -> str:
        try:
            message = DECODER.decode(bytes(row.body))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "Unreadable message"
        return message.event_name or message.type

    @display(description="What went wrong")
    def short_error(self, row: Quarantine) -> str:
        return row.error if len(row.error) <= 100 else row.error[:99] + "…"
