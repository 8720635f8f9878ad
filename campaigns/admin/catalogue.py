"""What this workspace has seen: event names, and the facts that rules and messages may use."""

import json
from collections.abc import Iterable
from typing import Any

from audience.models import Person, Workspace
from triggers.models import EventName
from triggers.rules import FIELDS, OPERATORS, Field, Kind, Takes, find_fact
from triggers.rules.values import as_instant
from triggers.segments import FAMILY, Named
from triggers.services.catalogue import merged

RECENT_PEOPLE = 200
MOST_NAMES = 1_000
# What an app without history yet will soon have; so that the first campaign can be written.
USUAL_TRAITS = {"first_name": {"kind": "text", "samples": ["Anna"]}}
_SHAPES = {
    Takes.NOTHING: "none",
    Takes.ONE: "one",
    Takes.MANY: "many",
    Takes.RANGE: "range",
    Takes.SPAN: "window",
}

PLACE = "place."
_GROUPS = {"person": "Person", "device": "Phone", "local": "Time", "place": "Place"}
_PLACE_WORDS = ("name", "address", "open_until", "phone")

_SAMPLES = {
    "device.platform": ["ios", "android"],
    "place.confidence": ["low", "medium", "high"],
    "place.open_until": ["21:00"],
}

Entries = dict[str, dict[str, Any]]


def event_names(*, workspace: Workspace) -> list[EventName]:
    """Names seen, the most recent first, without their properties."""
    names = EventName.objects.filter(workspace=workspace).defer("properties")
    return list(names.order_by("-last_seen_at", "name")[:MOST_NAMES])


def properties_of(*, workspace: Workspace, event: str) -> Entries:
    """Property paths of one event with kind and samples; {} for a name never seen."""
    found = EventName.objects.filter(workspace=workspace, name=event[:200]).first()
    return _dated(found.properties) if found else {}


def properties_of_each(*, workspace: Workspace, events: Iterable[str]) -> dict[str, Entries]:
    """Property paths by event, for several events in one query; names never seen are left out."""
    names = EventName.objects.filter(workspace=workspace, name__in={one[:200] for one in events})
    return {found.name: _dated(found.properties) for found in names}


def is_known(*, workspace: Workspace, event: str) -> bool:
    return EventName.objects.filter(workspace=workspace, name=event[:200]).exists()


def traits_of(*, workspace: Workspace) -> Entries:
    """Traits of the newest people, with kind and samples."""
    newest = Person.objects.filter(workspace=workspace, merged_into=None).order_by("-id")
    known: Entries = {}
    for traits in newest.values_list("traits", flat=True)[:RECENT_PEOPLE]:
        known = merged(known, traits).properties
    return _dated(known) or dict(USUAL_TRAITS)


def facts(
    *,
    properties: Entries,
    traits: Entries,
    segments: Iterable[Named] = (),
    attributes: Entries | None = None,
) -> list[dict[str, Any]]:
    """The rule builder's list of fields. attributes: those of places, None where there is none."""
    return [
        *(_of_places(attributes) if attributes is not None else []),
        *_listed("event.properties", "Event", properties),
        *_listed("person.traits", "Person", traits),
        *_segments(segments),
        *_always_there(),
    ]


def facts_of_people(*, traits: Entries, segments: Iterable[Named]) -> list[dict[str, Any]]:
    """The list where no event is asked about: in the rule of a segment."""
    every = facts(properties={}, traits=traits, segments=segments)
    return [fact for fact in every if not fact["name"].startswith("device.")]


def operators() -> list[dict[str, Any]]:
    """The rule builder's list of operators."""
    return [
        {
            "name": operator.name,
            "label": operator.label,
            "kinds": [kind.value for kind in operator.facts],
            "value": _SHAPES[operator.takes],
        }
        for operator in OPERATORS.values()
    ]


def variables(
    *, properties: Entries, traits: Entries, attributes: Entries | None = None
) -> list[dict[str, str]]:
    """What can be put into a message: the words on the button and the Liquid it writes."""
    of_places = [] if attributes is None else _place_variables()
    return of_places + [
        {"label": f"{owner}: {path}", "liquid": liquid(root, path)}
        for owner, root, entries in (
            ("person", "person", traits),
            ("event", "event.properties", properties),
            ("place", "place.attributes", attributes or {}),
        )
        for path in sorted(entries)
        if entries[path]["kind"] != Kind.LIST.value  # a list has no words of its own
    ]


def _place_variables() -> list[dict[str, str]]:
    distance = {"label": "place: distance", "liquid": "{{ place.distance_m | distance }}"}
    return [
        distance,
        *(
            {"label": f"place: {name.replace('_', ' ')}", "liquid": liquid("place", name)}
            for name in _PLACE_WORDS
        ),
    ]


def liquid(root: str, path: str) -> str:
    """{{ person.first_name }}, or {{ person["Shoe size"] }} where a dot cannot say it."""
    written = root
    for step in path.split("."):
        plain = step.replace("-", "_").isidentifier() and step.isascii()
        written += f".{step}" if plain else f"[{json.dumps(step, ensure_ascii=False)}]"
    return f"{{{{ {written} }}}}"


def _listed(family: str, group: str, entries: Entries) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{family}.{path}",
            "label": path,
            "group": group,
            "kind": entry["kind"],
            "samples": entry["samples"],
        }
        for path, entry in sorted(entries.items())
        if find_fact(f"{family}.{path}")
    ]


def _segments(segments: Iterable[Named]) -> list[dict[str, Any]]:
    """`words` are the only comparisons, as this field says them."""
    return [
        {
            "name": f"{FAMILY}{segment.key}",
            "label": f"Segment {segment.name}",
            "group": "Segments",
            "kind": Kind.BOOLEAN.value,
            "samples": [],
            "words": {"is_true": "is in", "is_false": "is not in"},
        }
        for segment in segments
    ]


def _always_there() -> list[dict[str, Any]]:
    return [
        _plain(field)
        for field in FIELDS
        if not field.takes_path and field.name != "event.name" and not _is_of_place(field)
    ]


def _of_places(attributes: Entries) -> list[dict[str, Any]]:
    plain = [_plain(field) for field in FIELDS if _is_of_place(field) and not field.takes_path]
    return [*plain, *_listed("place.attributes", _GROUPS["place"], attributes)]


def _is_of_place(field: Field) -> bool:
    return field.name.startswith(PLACE)


def _plain(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "group": _GROUPS[field.name.partition(".")[0]],
        "kind": field.kinds[0].value,
        "samples": _SAMPLES.get(field.name, []),
    }


def _dated(entries: Entries) -> Entries:
    """Texts of which every sample is a date or a time are dates."""
    return {
        path: {**entry, "kind": Kind.DATE.value} if _is_date(entry) else entry
        for path, entry in entries.items()
    }


def _is_date(entry: dict[str, Any]) -> bool:
    samples = entry["samples"]
    return entry["kind"] == Kind.TEXT.value and bool(samples) and all(map(as_instant, samples))
