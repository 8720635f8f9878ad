"""crossings: what positions and phones say becomes events of places, each where it was told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from audience.models import LOCATION
from audience.selectors.locating import Locating, locating
from audience.services import consents
from audience.services.consents import Said
from orchestrator.pipeline.message import InboxMessage
from orchestrator.pipeline.unseen import Arrival, Met, arrival_of, unseen
from orchestrator.pipeline.walk import SAID, Walk, phone_of, reported_place, tells
from orchestrator.places.kept import index_of
from triggers.places.visits import Crossing
from triggers.selectors.places import ids_of, snapshots
from triggers.selectors.presences import Phone, Written, seen_of
from triggers.services import presences
from triggers.services.presences import FixRow, PhoneRow

NO_CONSENT = "no_consent"


def with_crossings(
    met: Sequence[Met], *, canonical: Mapping[int, int], now: datetime
) -> Sequence[Met]:
    """The same, each message that moved a phone followed by the crossings it led to.

    `canonical` maps every id of the people at hand. Messages of one phone are taken in the order
    in which they happened.
    """
    note_consents(met, now=now)
    telling = [at for at, one in enumerate(met) if tells(one.arrival.message)]
    if not telling:
        return met
    ordered = in_order(met, telling)
    moving = {met[at].person for at in telling}
    people = {id: person for id, person in canonical.items() if person in moving}
    written = seen_of(people=people)
    walk = Walk(before=written.phones)
    settings = locating(workspaces={one.arrival.row.workspace_id for one in met})
    agreed = consents.consents(people=people, topic=LOCATION)
    allowed = {
        at
        for at in telling
        if settings[workspace_of(ordered[at])].may_use(consent=agreed.get(ordered[at].person))
    }
    follow_all(walk, ordered, telling, allowed, settings)
    write(walk, ordered, allowed, written, settings, now=now)
    return told(walk, ordered, now=now)


def note_consents(met: Sequence[Met], *, now: datetime) -> None:
    said = [
        Said(
            workspace_id=workspace_of(one),
            person_id=one.person,
            topic=LOCATION,
            granted=message.locatable,
            source=message.source,
            occurred_at=message.occurred_at,
        )
        for one in met
        if (message := one.arrival.message).locatable is not None
    ]
    if said:
        consents.record(said=said, now=now)


def in_order(met: Sequence[Met], telling: Sequence[int]) -> list[Met]:
    """The slots of each phone's messages that tell where it is, filled by their time."""
    slots: dict[Phone, list[int]] = {}
    for at in telling:
        slots.setdefault(phone_of(met[at]), []).append(at)
    result = list(met)
    for places in slots.values():
        messages = sorted((met[at] for at in places), key=occurred_at)
        for at, one in zip(places, messages, strict=True):
            result[at] = one
    return result


def occurred_at(met: Met) -> datetime:
    return met.arrival.message.occurred_at


def workspace_of(met: Met) -> int:
    return met.arrival.row.workspace_id


def follow_all(
    walk: Walk,
    met: Sequence[Met],
    telling: Sequence[int],
    allowed: set[int],
    settings: Mapping[int, Locating],
) -> None:
    ids = reported_ids([met[at] for at in sorted(allowed)])
    for at in telling:
        if at not in allowed:
            walk.ignored[at] = NO_CONSENT
            continue
        workspace = workspace_of(met[at])
        index = index_of(workspace, settings[workspace].places_version)
        walk.go(at, met[at], index, ids.get(workspace, {}))


def reported_ids(met: Sequence[Met]) -> dict[int, dict[str, int]]:
    """By workspace, the places that phones say they entered or left."""
    asked: dict[int, set[str]] = {}
    for one in met:
        if one.arrival.message.name in SAID:
            place = str(reported_place(one.arrival.message))
            asked.setdefault(workspace_of(one), set()).add(place)
    return {
        workspace: ids_of(workspace_id=workspace, external_ids=places)
        for workspace, places in asked.items()
    }


def write(
    walk: Walk,
    met: Sequence[Met],
    allowed: set[int],
    written: Written,
    settings: Mapping[int, Locating],
    *,
    now: datetime,
) -> None:
    workspaces = {phone_of(met[at]): workspace_of(met[at]) for at in allowed}
    rows = [
        PhoneRow(
            workspace_id=workspaces[phone],
            phone=phone,
            seen=seen,
            before=written.seen(phone),
            source=walk.sources[phone],
            aliases=written.aliases.get(phone, ()),
        )
        for phone, seen in walk.after.items()
    ]
    presences.write(phones=rows, now=now)
    kept = [
        FixRow(
            workspace_id=workspace_of(met[at]),
            phone=phone_of(met[at]),
            latitude=where.latitude,
            longitude=where.longitude,
            accuracy_m=where.accuracy_m,
            occurred_at=occurred_at(met[at]),
        )
        for at in sorted(allowed)
        if (where := met[at].arrival.message.where)
        and settings[workspace_of(met[at])].keep_fixes_days
    ]
    if kept:
        presences.keep_fixes(fixes=kept)


def told(walk: Walk, met: Sequence[Met], *, now: datetime) -> list[Met]:
    made = messages_of(walk, met)
    new = {
        one.digest for one in unseen([one for all in made.values() for one in all], now=now)
    }  # fmt: skip
    result: list[Met] = []
    for at, one in enumerate(met):
        result.append(with_reason(one, walk.ignored.get(at, "")))
        result.extend(
            Met(arrival, one.person, one.device)
            for arrival in made.get(at, ())
            if arrival.digest in new
        )
    return result


def messages_of(walk: Walk, met: Sequence[Met]) -> dict[int, list[Arrival]]:
    """The crossings that each message led to, by its place in the batch."""
    asked = {one.place for made in walk.happened.values() for one in made}
    places = snapshots(ids=asked) if asked else {}
    return {
        at: [crossed(met[at], crossing, places[crossing.place]) for crossing in made]
        for at, made in walk.happened.items()
    }


def with_reason(met: Met, ignored: str) -> Met:
    """The event keeps why its position moved nobody."""
    if not ignored:
        return met
    row, message, digest = met.arrival
    context = {**message.context, "position": ignored}
    return met._replace(
        arrival=Arrival(row, msgspec.structs.replace(message, context=context), digest)
    )


def crossed(met: Met, crossing: Crossing, place: Mapping[str, Any]) -> Arrival:
    """The crossing as a message of its own, from the same phone and as trustworthy."""
    row, message, _ = met.arrival
    phone = phone_of(met)
    told = crossing_message(crossing, place, phone, source=message.source)
    return arrival_of(row, msgspec.structs.replace(told, key_id=message.key_id))


def crossing_message(
    crossing: Crossing, place: Mapping[str, Any], phone: Phone, *, source: str
) -> InboxMessage:
    """`place` is a snapshot, which the event keeps with what the crossing says of it."""
    metres = None if crossing.distance_m is None else round(crossing.distance_m)
    properties = {
        "place": place["external_id"],
        "place_name": place["name"],
        "tags": place["tags"],
        "confidence": crossing.confidence,
    }
    if metres is not None:
        properties["distance_m"] = metres
    if crossing.visit_s is not None:
        properties["visit_seconds"] = crossing.visit_s
    known = {**place, "distance_m": metres, "confidence": crossing.confidence}
    return InboxMessage(
        type="place",
        message_id=f"{crossing.name}:{place['id']}:{phone.person}:{phone.device}:{crossing.at.isoformat()}",
        occurred_at=crossing.at,
        source=source,
        name=crossing.name,
        properties=properties,
        context={"place": known},
    )
