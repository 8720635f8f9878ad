"""People and events to try a message on: the newest real ones, and two made-up ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.timesince import timesince

from audience.admin.who import names_of
from audience.models import Device, Person, Workspace
from audience.sql import run
from campaigns.admin.catalogue import Entries
from campaigns.content import variables
from campaigns.definition import Message
from campaigns.engine.happening import EventHappened
from campaigns.engine.logged import CROSSINGS
from campaigns.engine.state import DeviceState, PersonState

NEWEST_EVENTS = 500  # a rare event among millions is not worth a scan
SHOWN = 5
EXAMPLE, STRANGER = "example", "stranger"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One person and one event. `id` names it on the page."""

    id: str
    label: str
    state: PersonState
    event: EventHappened


def samples(
    *,
    workspace: Workspace,
    event: str,
    properties: Entries,
    traits: Entries,
    now: datetime,
    place: Mapping[str, Any] | None = None,
) -> list[Sample]:
    """The newest real happenings of this name, then an example, then a stranger.

    `place` is where the last two are.
    """
    made_up = EventHappened(
        event_id=0,
        message_id="",
        name=event,
        properties=example_of(properties),
        context={},
        device_id=1,
        occurred_at=now,
        received_at=now,
        decided_at=now,
        place=place,
    )
    known = _person(0, traits=example_of(traits), now=now)
    return [
        *recent(workspace=workspace, event=event, now=now),
        Sample(id=EXAMPLE, label="An example person", state=known, event=made_up),
        Sample(
            id=STRANGER,
            label="Somebody we know nothing about",
            state=_person(0, traits={}, now=now),
            event=made_up,
        ),
    ]


def completed(sample: Sample, message: Message) -> Sample:
    """A made-up event also has what the message names, though no such event has arrived yet."""
    if sample.event.event_id:
        return sample
    prefix = "event.properties."
    named = {path.removeprefix(prefix) for path in variables(message) if path.startswith(prefix)}
    invented = example_of(
        {path: {"kind": "text", "samples": [f"‹{path}›"]} for path in sorted(named)}
    )
    event = replace(sample.event, properties={**invented, **sample.event.properties})
    return replace(sample, event=event)


def recent(*, workspace: Workspace, event: str, now: datetime) -> list[Sample]:
    """The last few events of this name among the newest of the workspace."""
    rows = run(
        """
        SELECT id, person_id, device_id, name, properties, context, occurred_at, received_at, type
        FROM (SELECT * FROM triggers_event WHERE workspace_id = %(workspace)b
              ORDER BY received_at DESC, id DESC LIMIT %(newest)b) AS newest
        WHERE name = %(name)b ORDER BY received_at DESC, id DESC LIMIT %(shown)b
        """,
        workspace=workspace.pk,
        newest=NEWEST_EVENTS,
        name=event,
        shown=SHOWN,
    )
    people = _people(row[1] for row in rows)
    who = names_of(row[1] for row in rows)
    devices = _devices(row[2] for row in rows)
    return [
        _real(row, person=people[row[1]], who=who[row[1]], device=devices.get(row[2]), now=now)
        for row in rows
        if row[1] in people
    ]


def example_of(entries: Entries) -> dict[str, Any]:
    """A document in which each known path has a sample value."""
    document: dict[str, Any] = {}
    for path, entry in entries.items():
        *parents, last = path.split(".")
        holder = document
        for step in parents:
            below = holder.setdefault(step, {})
            holder = below if isinstance(below, dict) else {}
        holder.setdefault(last, _example(entry))
    return document


def _example(entry: Mapping[str, Any]) -> Any:
    kind, found = entry["kind"], next(iter(entry["samples"]), "")
    if kind == "boolean":
        return True
    if kind == "list":
        return []
    if kind != "number":
        return found or "…"
    try:
        return int(found) if found.lstrip("-").isdigit() else float(found)
    except ValueError:
        return 1


def _real(
    row: tuple, *, person: Person, who: str, device: DeviceState | None, now: datetime
) -> Sample:
    event_id, _, device_id, name, properties, found, occurred_at, received_at, kind = row
    context = msgspec.json.decode(found)
    happened = EventHappened(
        event_id=event_id,
        message_id="",
        name=name,
        properties=msgspec.json.decode(properties),
        context=context,
        device_id=device_id,
        occurred_at=occurred_at,
        received_at=received_at,
        decided_at=now,
        place=context["place"] if kind in CROSSINGS else None,
    )
    ago = timesince(min(occurred_at, now - timedelta(seconds=1)), now, depth=1)
    state = PersonState(
        person_id=person.pk,
        sequence=0,
        locale=person.locale,
        traits=person.traits,
        first_seen_at=person.first_seen_at,
        devices=(device,) if device else (),
    )
    return Sample(id=str(event_id), label=f"{who}, {ago} ago", state=state, event=happened)


def _person(person_id: int, *, traits: dict[str, Any], now: datetime) -> PersonState:
    phone = DeviceState(id=1, platform="ios", facts={"app_version": "1.0"})
    return PersonState(
        person_id=person_id,
        sequence=0,
        locale="",
        traits=traits,
        first_seen_at=now,
        devices=(phone,),
    )


def _people(ids: Iterable[int]) -> dict[int, Person]:
    """The canonical person behind each id."""
    found = Person.objects.filter(pk__in=set(ids)).select_related("merged_into")
    return {person.pk: person.merged_into or person for person in found}


def _devices(ids: Iterable[int | None]) -> dict[int | None, DeviceState]:
    wanted = {device for device in ids if device}
    return {
        device.pk: DeviceState(id=device.pk, platform=device.platform, facts=device.facts)
        for device in Device.objects.filter(pk__in=wanted)
    }
