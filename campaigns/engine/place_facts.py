"""The place of a crossing: what rules and messages may know of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from triggers.places.hours import Opening, opening, read

PLAIN = ("name", "external_id", "tags", "attributes", "address", "phone", "confidence")
MINUTE_S = 60


def place_facts(place: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """`place` is the snapshot in the event; whether it is open is asked of `now`.

    What is not known of it is left out, as everywhere: an empty address is no address.
    """
    known = {name: place[name] for name in PLAIN if place[name] not in ("", None)}
    if place["distance_m"] is not None:
        known["distance_m"] = place["distance_m"]
    state = opening_of(place, now=now)
    known["is_open"] = state.is_open
    if state.until:
        known["open_until"] = state.until.astimezone(ZoneInfo(place["time_zone"])).strftime("%H:%M")
        known["closes_in_minutes"] = int((state.until - now).total_seconds() // MINUTE_S)
    return known


def opening_of(place: Mapping[str, Any], *, now: datetime) -> Opening:
    return opening(
        read(place["hours"]),
        now,
        ZoneInfo(place["time_zone"]),
        opens_on=_day(place["opens_on"]),
        closes_on=_day(place["closes_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
