"""One event of the catalogue: its days, what comes with it, and which campaigns listen to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from audience.access import has_role
from audience.admin.plain import cut, plain
from audience.models import Role
from campaigns.selectors.listening import Listener, listening
from triggers.admin.bars import bars_of, in_words
from triggers.admin.catalogue import CatalogueAdmin
from triggers.models import EventName
from triggers.selectors.catalogue import OWN_NAMES, daily, last_days

KINDS = {"text": "Text", "number": "Number", "boolean": "Yes or no", "list": "List"}


@dataclass(frozen=True)
class Property:
    path: str
    kind: str
    samples: list[str]


def properties_of(name: EventName) -> list[Property]:
    return [
        Property(cut(path), KINDS.get(found.get("kind", ""), "–"), samples_of(found))
        for path, found in sorted(name.properties.items())
    ]


def samples_of(found: Mapping[str, Any]) -> list[str]:
    return [plain(one) for one in found.get("samples") or []]


def does(one: Listener) -> str:
    """What the event does in a campaign."""
    if one.starts:
        return "Starts it"
    return "Ends its wait" if one.stops else "Its conditions ask for it"


class EventNameAdmin(CatalogueAdmin):
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        name: Any = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, name):
            raise PermissionDenied
        return self.name_page(request, name)

    def name_page(self, request: HttpRequest, name: EventName) -> TemplateResponse:
        now = self.admin_site.now()
        days = last_days(now=now)
        events = daily(workspace_id=name.workspace_id, names=[name.name], now=now)[name.name]
        found = listening(workspace_id=name.workspace_id, event=name.name)
        context = self.admin_site.each_context(request) | {
            "title": name.name,
            "name": name,
            "bars": bars_of(days, events),
            "bars_in_words": in_words(days, events),
            "total": sum(events),
            "properties": properties_of(name),
            "listeners": [(one, does(one)) for one in found],
            "is_own": name.name in OWN_NAMES,
            "make_url": make_url(name) if has_role(request, Role.EDITOR) else "",
        }
        return TemplateResponse(request, "admin_pages/event_name.html", context)


def make_url(name: EventName) -> str:
    """A new campaign that this event starts."""
    return f"{reverse('admin:campaigns_campaign_add')}?{urlencode({'event': name.name})}"
