"""PUT /v1/places: the brand's server says where its places are, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audience.models import Workspace
from orchestrator import clock
from orchestrator.api import body, keys, posted, schema, throttle
from orchestrator.api.errors import ApiError
from triggers.places.given import (
    Fault,
    PlaceError,
    PlaceInput,
    read_external_id,
    read_place,
    twin_of,
)
from triggers.services import places

MAX_PLACES = 1_000
MAX_BODY = 5_000_000  # bytes, after decompression: places bring hours, attributes and areas
SHOWN_FAULTS = 10


class PlacesDoor(APIView):
    """Saves new and changed places and removes some; each is good or refused alone."""

    @extend_schema(request=schema.PLACES, responses=schema.PLACES_PUT)
    def put(self, request: Request) -> Response:
        caller = keys.server(request)
        items = listed(posted.document(body.read(request, most=MAX_BODY)))
        throttle.spend(caller.key_id, len(items))
        read = sorted_out(items)
        return Response(saved(read, workspace_id=caller.workspace_id, now=clock.now()))


@dataclass
class Read:
    """What a request asks for, good and bad items apart."""

    put: list[PlaceInput] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)


def listed(document: dict[str, Any]) -> list[Any]:
    """Raises ApiError 400 or 413."""
    items = document.get("places")
    if not isinstance(items, list) or not items:
        raise ApiError(
            400, "no_places", "The request has no places",
            'Send "places": [{"external_id": "…", "name": "…", "latitude": …, "longitude": …}]',
        )  # fmt: skip
    if len(items) > MAX_PLACES:
        raise ApiError(
            413, "too_many_places", f"A request has at most {MAX_PLACES:,} places",
            "Send several requests",
        )  # fmt: skip
    return items


def sorted_out(items: Sequence[Any]) -> Read:
    read = Read()
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        try:
            found = item_of(item)
            external_id = found if isinstance(found, str) else found.external_id
            if external_id in seen:
                raise PlaceError((twin_of(seen[external_id]),))
        except PlaceError as error:
            read.rejected.append({"index": index, "error": told(error.faults)})
            continue
        seen[external_id] = index
        if isinstance(found, str):
            read.removed.append(found)
        else:
            read.put.append(found)
    return read


def item_of(item: Any) -> PlaceInput | str:
    """A place, or the external_id of one to remove. Raises PlaceError."""
    if not isinstance(item, dict):
        raise PlaceError((Fault("", "not_an_object", "A place is a JSON object.", "Check it."),))
    removed = item.get("removed")
    if removed is True:
        return read_external_id(item)
    if removed not in (None, False):
        raise PlaceError(
            (Fault("removed", "wrong_type", "`removed` is true or false.", "Send true."),)
        )
    return read_place({name: value for name, value in item.items() if name != "removed"})


def told(faults: Sequence[Fault]) -> dict[str, str]:
    """One error for all that is wrong with a place."""
    shown = faults[:SHOWN_FAULTS]
    return {
        "code": shown[0].code,
        "message": " ".join(fault.sentence for fault in shown),
        "fix": " ".join(dict.fromkeys(fault.fix for fault in shown)),
    }


def saved(read: Read, *, workspace_id: int, now: datetime) -> dict[str, Any]:
    with transaction.atomic():
        put = places.put_places(workspace=Workspace(pk=workspace_id), places=read.put, now=now)
        removed = places.remove_places(
            workspace_id=workspace_id, external_ids=read.removed, now=now
        )
    return {
        "accepted": len(read.put) + len(read.removed),
        "created": put.created,
        "changed": put.changed,
        "unchanged": put.unchanged,
        "removed": removed,
        "rejected": read.rejected,
    }
