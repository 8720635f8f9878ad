"""Trying a rule that is not saved yet on the newest events of its name: what it saw in each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from audience.admin.columns import TIME
from audience.admin.who import names_of
from audience.models import Person, Workspace
from audience.selectors.people import devices_of
from campaigns.admin.known import Known
from campaigns.admin.sheet import Sheet
from campaigns.admin.trace_tree import tree_of
from campaigns.engine.candidate import facts, zone
from campaigns.engine.logged import happened
from campaigns.engine.state import DeviceState, PersonState
from triggers.admin.window import newest_since
from triggers.models import Event
from triggers.rules import PastEvents, Rule, parse
from triggers.rules.nearest import nearest
from triggers.rules.nearest_words import nearest_sentence
from triggers.segments import readable
from triggers.selectors.history import past_events
from triggers.selectors.segments import segments_of

SHOWN = 10
LOOKED_AT = 20_000  # a rare event among millions is not worth a scan
NO_EVENT = "Choose the event first."
NONE_LATELY = "No “{}” has arrived lately, so there is nothing to try it on."


def answer(request: HttpRequest, *, workspace: Workspace, known: Known) -> HttpResponse:
    """POST the campaign page as it is. Saves nothing; what the form would refuse is said."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sheet = Sheet(campaign=None, data=request.POST, known=known)
    name = sheet.form.event_name.replace("\0", "")
    if wrong := list(sheet.form.errors.get("rule", [])) or ([] if name else [NO_EVENT]):
        return JsonResponse({"errors": wrong, "tried": []})
    rule = parse(sheet.definition.trigger.rule)
    tried = try_it(rule, recent(workspace=workspace, name=name), workspace=workspace)
    errors = [] if tried else [NONE_LATELY.format(name)]
    return JsonResponse({"errors": errors, "tried": tried})


def recent(*, workspace: Workspace, name: str) -> list[Event]:
    """The newest events of this name among the newest of the workspace."""
    events = Event.objects.filter(workspace_id=workspace.pk, name=name)
    since = newest_since(workspace_id=workspace.pk, rows=LOOKED_AT)
    if since:
        events = events.filter(received_at__gte=since)
    return list(events.order_by("-received_at", "-id")[:SHOWN])


def try_it(rule: Rule, events: Sequence[Event], *, workspace: Workspace) -> list[dict[str, Any]]:
    """One row an event: who, when, the verdict, the nearest thing, the tree of conditions.

    People are as they are now, the time is that of the decision. A fixed number of queries.
    """
    who = names_of(event.person_id for event in events)
    segments = readable(segments_of(workspace_id=workspace.pk)) if rule.segments else {}
    states = states_of({event.person_id for event in events}, names_in(rule, segments))
    rows = []
    for event in events:
        if person := states.get(event.person_id):
            asked = happened(event, decided_at=event.decided_at)
            known = facts(person, asked, zone(person, workspace.time_zone), segments)
            rows.append(row(event, rule.trace(known), who=who[event.person_id]))
    return rows


def row(event: Event, trace: Mapping[str, Any], *, who: str) -> dict[str, Any]:
    return {
        "id": str(event.pk),  # JavaScript's numbers are too short for it
        "who": who,
        "at": date_format(localtime(event.received_at), TIME),
        "verdict": trace["verdict"],
        "nearest": nearest_sentence(nearest(trace)),
        "tree": tree_of(trace),
    }


def names_in(rule: Rule, segments: Mapping[str, Rule]) -> list[str]:
    """The past events that the rule and the segments ask about."""
    return sorted({one.event for each in (rule, *segments.values()) for one in each.history})


def states_of(people: Iterable[int], names: Sequence[str]) -> dict[int, PersonState]:
    """What rules may know of people, by any id they ever had."""
    rows = Person.objects.filter(pk__in=set(people)).select_related("merged_into")
    found = {row.pk: row.merged_into or row for row in rows}
    canonical = {person.pk for person in found.values()}
    merged = Person.objects.filter(merged_into__in=canonical)
    every_id = dict(merged.values_list("pk", "merged_into_id")) | {id: id for id in canonical}
    history = past_events(people=every_id, names=names)
    devices: dict[int, list[DeviceState]] = {}
    for one in devices_of(people=sorted(canonical)):
        device = DeviceState(id=one.id, platform=one.platform, facts=one.facts)
        devices.setdefault(one.person_id, []).append(device)
    return {
        id: state(person, devices.get(person.pk, []), history.get(person.pk, {}))
        for id, person in found.items()
    }


def state(
    person: Person, devices: Iterable[DeviceState], history: Mapping[str, PastEvents]
) -> PersonState:
    return PersonState(
        person_id=person.pk,
        sequence=0,
        locale=person.locale,
        traits=person.traits,
        first_seen_at=person.first_seen_at,
        time_zone=person.time_zone,
        devices=tuple(devices),
        history=history,
    )
