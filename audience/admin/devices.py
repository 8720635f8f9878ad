"""Devices: each app installation, and whether a message can reach it."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audience.addresses import reachability
from audience.admin.base import HistoryAdmin
from audience.admin.columns import when
from audience.admin.plain import table
from audience.admin.who import name
from audience.models import Device

SHOWN_OF_ADDRESS = 8

RETIRED = "No: Firebase does not know it any more. The app was removed or has a new token."
WHY_NOT = {
    "no_address": "No: it has no push token yet",
    "apns_token": "No: this is Apple's token",
    "push_not_allowed": "No: notifications are not allowed",
}


def reachable(device: Device) -> str:
    """ "Yes", or "No" with the reason and what to mend."""
    if device.retired_at:
        return RETIRED
    found = reachability(
        platform=device.platform,
        kind=device.address_kind,
        address=device.address,
        permission=device.push_permission,
    )
    return "Yes" if found.reachable else f"{WHY_NOT.get(found.reason, 'No')}. {found.fix}."


class DeviceAdmin(HistoryAdmin):
    ordering = ["-id"]
    search_fields = ["installation_id"]
    search_help_text = "The exact installation id"
    list_display = ["label", "belongs_to", "can_be_reached", "permission", "last_seen"]
    fields = [
        "label",
        "installation_id",
        "belongs_to",
        "can_be_reached",
        "permission",
        "token",
        "about",
        "source_in_words",
        "last_seen",
        "retired",
    ]
    readonly_fields = fields
    last_seen = when("last_seen_at", "Last seen")
    retired = when("retired_at", "Gone since")
    empty_title = "No devices yet"
    empty_text = "A device appears when the app sends its first event with a push token."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        return super().get_queryset(request).prefetch_related("person__identities")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Device], search_term: str
    ) -> tuple[QuerySet[Device], bool]:
        term = search_term.strip()
        return (queryset.filter(installation_id=term) if term else queryset), False

    @display(description="Device")
    def label(self, device: Device) -> str:
        return str(device)

    @display(description="Belongs to")
    def belongs_to(self, device: Device) -> SafeString | str:
        person: Any = device.person
        if person is None:
            return "Nobody (signed out)"
        url = reverse("admin:audience_person_change", args=[person.pk])
        return format_html('<a href="{}">{}</a>', url, name(person.pk, person.identities.all()))

    @display(description="Can be reached")
    def can_be_reached(self, device: Device) -> str:
        return reachable(device)

    @display(description="Notifications")
    def permission(self, device: Device) -> str:
        return device.get_push_permission_display()

    @display(description="Push token")
    def token(self, device: Device) -> str:
        kind = device.get_address_kind_display()
        return f"{device.address[:SHOWN_OF_ADDRESS]}… ({kind})" if device.address else "–"

    @display(description="About the phone")
    def about(self, device: Device) -> SafeString | str:
        return table(device.facts)

    @display(description="Known from")
    def source_in_words(self, device: Device) -> str:
        return device.get_source_display()
