"""Event debugger: what arrives from the apps now, taken or refused, with what to mend."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from audience.access import current_workspace
from audience.admin.plain import lasted
from audience.admin.who import names_of
from audience.models import ApiKey, KeyKind, Workspace
from orchestrator.models import Rejection
from triggers.admin.events import url_of
from triggers.admin.window import newest_since
from triggers.models import Event

SHOWN = 50
LOOKED_AT = 20_000
HELD_LONG = timedelta(seconds=20)
OURS = "settled"  # what the flow tells itself is no message of an app
TYPES = {
    "track": "Event",
    "identify": "Sign-in",
    "screen": "Screen",
    "page": "Page",
    "group": "Group",
    "alias": "Alias",
    "device": "Device",
}
CURL = """curl {url}/v1/track -u {key}: -H 'Content-Type: application/json' \\
  -d '{{"userId": "u42", "event": "Open Day Attended", "properties": {{"venue": "Utrecht"}}}}'"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message as a developer looks for it."""

    at: datetime
    type: str
    name: str
    who: str
    person_url: str
    url: str
    key: str
    held: str
    held_long: bool
    accepted: bool
    error: str = ""
    fix: str = ""


def shown(request: HttpRequest) -> dict[str, Any]:
    """What the page and its refreshed rows show."""
    workspace = current_workspace(request)
    if workspace is None:
        raise PermissionDenied
    keys = list(ApiKey.objects.filter(workspace=workspace).order_by("id"))
    chosen = next((key for key in keys if str(key.pk) == request.GET.get("key")), None)
    rows = rows_of(workspace, keys, chosen)
    return {
        "title": "Event debugger",
        "rows": rows,
        "keys": keys,
        "chosen": chosen,
        "curl": curl(keys),
    }


def rows_of(workspace: Workspace, keys: list[ApiKey], chosen: ApiKey | None) -> list[Row]:
    """Taken and refused, newest first."""
    events = accepted(workspace, chosen)
    refused = Rejection.objects.filter(workspace_id=workspace.pk).order_by("-id")
    if chosen:
        refused = refused.filter(key_id=chosen.pk)
    by_id = {key.pk: key for key in keys}
    who = names_of(event.person_id for event in events)
    rows = [
        event_row(event, who[event.person_id], by_id.get(event.key_id or 0)) for event in events
    ]
    rows += [refused_row(one, by_id.get(one.key_id or 0)) for one in refused[:SHOWN]]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:SHOWN]


def accepted(workspace: Workspace, chosen: ApiKey | None) -> list[Event]:
    events = Event.objects.filter(workspace_id=workspace.pk).exclude(type=OURS)
    since = newest_since(workspace_id=workspace.pk, rows=LOOKED_AT)
    if since:
        events = events.filter(received_at__gte=since)
    if chosen:
        events = events.filter(key_id=chosen.pk)
    return list(events.order_by("-received_at", "-id")[:SHOWN])


def event_row(event: Event, who: str, key: ApiKey | None) -> Row:
    held = event.received_at - event.occurred_at
    return Row(
        at=event.received_at,
        type=TYPES.get(event.type, event.type),
        name=event.name,
        who=who,
        person_url=reverse("admin:audience_person_change", args=[event.person_id]),
        url=url_of(event),
        key=key.name if key else "",
        held=held_in_words(held, key),
        held_long=held > HELD_LONG and on_a_phone(key),
        accepted=True,
    )


def refused_row(one: Rejection, key: ApiKey | None) -> Row:
    held = timedelta(seconds=min(one.held_for_s, 1e9)) if one.held_for_s is not None else None
    return Row(
        at=one.received_at,
        type=TYPES.get(one.type, one.type or "?"),
        name=one.name,
        who="",
        person_url="",
        url="",
        key=key.name if key else "",
        held=held_in_words(held, key) if held is not None else "",
        held_long=held is not None and held > HELD_LONG and on_a_phone(key),
        accepted=False,
        error=one.message,
        fix=one.fix,
    )


def on_a_phone(key: ApiKey | None) -> bool:
    return key is None or key.kind == KeyKind.WRITE


def held_in_words(held: timedelta, key: ApiKey | None) -> str:
    if on_a_phone(key):
        return f"held on the phone for {lasted(held)}"
    return f"sent {lasted(held)} after it happened"


def curl(keys: list[ApiKey]) -> str:
    """A command that makes the first row appear; empty without a write key."""
    usable = [key for key in keys if key.kind == KeyKind.WRITE and key.revoked_at is None]
    if not usable:
        return ""
    return CURL.format(url=settings.PUBLIC_URL, key=quote(usable[0].hint))
