"""What rules and messages may use of a workspace's places, and a place to try them on."""

from datetime import datetime, timedelta
from typing import Any

from audience.models import Workspace
from campaigns.engine.place_facts import opening_of
from triggers.clock import zone_of
from triggers.models import Place
from triggers.services.catalogue import merged

NEWEST_PLACES = 200
OPEN_EITHER_SIDE = timedelta(hours=3)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DISTANCE_M = 150
INVENTED = {
    "id": 0,
    "external_id": "store-12",
    "name": "Our store",
    "tags": [],
    "attributes": {},
    "address": "Damrak 12",
    "phone": "",
    "time_zone": "UTC",
    "hours": None,
    "opens_on": None,
    "closes_on": None,
}

Entries = dict[str, dict[str, Any]]


def attributes_of(*, workspace: Workspace) -> Entries:
    """Attributes of the places added last, with kind and samples."""
    newest = Place.objects.filter(workspace=workspace, removed_at=None).order_by("-id")
    known: Entries = {}
    for attributes in newest.values_list("attributes", flat=True)[:NEWEST_PLACES]:
        known = merged(known, attributes).properties
    return known


def example_place(*, workspace: Workspace, now: datetime) -> dict[str, Any]:
    """A snapshot as an event has it: of the place added last, or one made up. It is open now."""
    newest = Place.objects.filter(workspace=workspace, removed_at=None).order_by("-id").first()
    snapshot = {
        **INVENTED,
        **({name: getattr(newest, name) for name in _SAME} if newest else {}),
        "time_zone": (newest.time_zone if newest else "") or workspace.time_zone,
        "distance_m": DISTANCE_M,
        "confidence": "medium",
    }
    return snapshot if opening_of(snapshot, now=now).until else snapshot | _open_at(snapshot, now)


_SAME = ("id", "external_id", "name", "tags", "attributes", "address", "phone", "hours")


def _open_at(snapshot: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Hours that show a closing time, at whatever time of day somebody looks."""
    local = now.astimezone(zone_of(snapshot["time_zone"]).zone).replace(minute=0)
    opens, closes = local - OPEN_EITHER_SIDE, local + OPEN_EITHER_SIDE
    interval = [f"{opens:%H:%M}", f"{closes:%H:%M}"]
    return {"hours": {"weekly": {day: [interval] for day in WEEK}}}
