"""What just happened: events of the demo, newest first, with what each campaign made of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from campaigns import reasons
from campaigns.engine.states import MomentState, Reason
from campaigns.models import Moment, Push
from orchestrator.pipeline.explain import Answer, asked_of, explain
from orchestrator.simulator.phones.people import Holder, Member, holders
from triggers.models import Event
from triggers.rules import parse
from triggers.rules.values import printable

SHOWN_EVENTS = 30
SHOWN_PROPERTIES = 6
DERIVED = "settled"  # Push Accepted and its like: shown as the push they are about

Tone = Literal["sent", "wait", "no"]


class Leaf(msgspec.Struct, kw_only=True):
    """A condition that decided: what it asks, and what was there ("" for nothing)."""

    sentence: str
    verdict: str
    actual: str


class Check(msgspec.Struct, kw_only=True):
    name: str
    passed: bool
    note: str


class Step(msgspec.Struct, kw_only=True):
    """A point on the way of a push, in milliseconds after the event was received."""

    name: str
    at_ms: float


class Outcome(msgspec.Struct, kw_only=True):
    """How it ended; `next` is what to do about it, at `url`, by writing `hint`."""

    tone: Tone
    sentence: str
    next: str = ""
    url: str = ""
    hint: str = ""


class Line(msgspec.Struct, kw_only=True):
    """One campaign that listened to the event."""

    campaign: str
    url: str
    rule: str
    verdict: str
    later: bool = False
    deciding: list[Leaf] = []
    checks: list[Check] = []
    outcome: Outcome | None = None
    title: str = ""
    body: str = ""
    steps: list[Step] = []


class Entry(msgspec.Struct, kw_only=True):
    """One event; `phone` is that of a member of the cast, "" for anybody else.

    Ids are text: JavaScript's numbers are too short for them.
    """

    id: str
    phone: str
    who: str
    name: str
    properties: list[tuple[str, str]]
    received_at: datetime
    decided_ms: float
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """To whom an event happened, as the page tells it."""

    person_id: int
    who: str
    phone: str = ""


def newest(*, workspace_id: int, members: Sequence[Member]) -> list[Entry]:
    """Of everybody, in a fixed number of queries, however many events and campaigns."""
    events = list(
        Event.objects.filter(workspace_id=workspace_id)
        .exclude(type=DERIVED)
        .order_by("-received_at", "-sequence", "-id")[:SHOWN_EVENTS]
    )
    if not events:
        return []
    actors = actors_of(events, members)
    asked = [asked_of(event, actors[event.person_id].person_id) for event in events]
    answers = explain(workspace_id=workspace_id, asked=asked)
    moments = moments_of(events)
    pushes = pushes_of(moments)
    return [
        entry(event, actors[event.person_id], answers[event.id], moments, pushes)
        for event in events
    ]


def actors_of(events: Sequence[Event], members: Sequence[Member]) -> dict[int, Actor]:
    """By the person that stands in the log."""
    people = {event.person_id for event in events}
    known = holders(people=sorted(people))
    cast = {id: member for member in members for id in member.ids}
    return {id: actor(cast.get(id), known.get(id) or unknown(id)) for id in people}


def unknown(person: int) -> Holder:
    """Somebody who is gone while the log remembers them."""
    return Holder(person_id=person, ids=(person,), identity=None)


def actor(member: Member | None, holder: Holder) -> Actor:
    if member:
        return Actor(person_id=member.person_id, who=member.phone.who, phone=member.phone.key)
    return Actor(person_id=holder.person_id, who=holder.who)


def moments_of(events: Sequence[Event]) -> list[Moment]:
    return list(
        Moment.objects.filter(
            event_id__in=[event.id for event in events],
            person_id__in=sorted({event.person_id for event in events}),
        )
        .select_related("campaign", "version")
        .order_by("campaign_id")
    )


def pushes_of(moments: Sequence[Moment]) -> dict[UUID, list[Push]]:
    found: dict[UUID, list[Push]] = {}
    for push in Push.objects.filter(moment__in=[one.id for one in moments]).order_by("created_at"):
        found.setdefault(push.moment_id, []).append(push)
    return found


def entry(
    event: Event,
    actor: Actor,
    answers: Iterable[Answer],
    moments: Iterable[Moment],
    pushes: Mapping[UUID, list[Push]],
) -> Entry:
    mine = [one for one in moments if one.event_id == event.id]
    fired = {one.campaign_id for one in mine}
    return Entry(
        id=str(event.id),
        phone=actor.phone,
        who=actor.who,
        name=printable(event.name),
        properties=[
            (printable(name), shown(value))
            for name, value in list(event.properties.items())[:SHOWN_PROPERTIES]
        ],
        received_at=event.received_at,
        decided_ms=since(event, event.decided_at),
        lines=[
            *(fired_line(event, one, pushes.get(one.id, [])) for one in mine),
            *(silent_line(one) for one in answers if one.campaign_id not in fired),
        ],
    )


def fired_line(event: Event, moment: Moment, pushes: Sequence[Push]) -> Line:
    """A campaign whose rule matched: what was written down when it was decided."""
    trigger = moment.version.definition.get("trigger", {})
    content = moment.content or {}
    return Line(
        campaign=moment.campaign.name,
        url=campaign_url(moment.campaign_id),
        rule=parse(trigger.get("rule")).sentence(),
        verdict="match",
        checks=[check(one) for one in moment.trace.get("checks", [])],
        outcome=outcome(moment),
        title=content.get("title", ""),
        body=content.get("body", ""),
        steps=steps(event, pushes),
    )


def silent_line(answer: Answer) -> Line:
    """A campaign that listened and did nothing."""
    return Line(
        campaign=answer.campaign_name,
        url=campaign_url(answer.campaign_id),
        rule=answer.rule,
        verdict=answer.verdict.value,
        later=answer.later,
        deciding=[
            Leaf(sentence=one["sentence"], verdict=one["verdict"], actual=shown(one.get("actual")))
            for one in answer.deciding
        ],
    )


def check(traced: Mapping[str, str]) -> Check:
    passed, detail = traced["verdict"] == "pass", traced.get("detail", "")
    note = f"({detail})" if passed and detail not in {"", "default"} else ""
    name = traced["check"]
    return Check(name=reasons.CHECK_NAMES.get(name, name), passed=passed, note=note)


def outcome(moment: Moment) -> Outcome:
    told = reasons.explain(state=moment.state, reason=moment.reason, detail=moment.detail)
    missing = moment.reason == Reason.MISSING and moment.detail
    return Outcome(
        tone=tone(moment.state),
        sentence=told.sentence,
        next=told.next,
        url=place_url(told.place, moment),
        hint=reasons.fallback(moment.detail) if missing else "",
    )


def tone(state: str) -> Tone:
    if state == MomentState.SENT:
        return "sent"
    return "wait" if state in {MomentState.WAITING, MomentState.PUSHING} else "no"


def place_url(place: reasons.Place, moment: Moment) -> str:
    if place == "person":
        return f"/admin/audience/person/{moment.person_id}/change/"
    return "" if place in {"app", "none"} else campaign_url(moment.campaign_id)


def campaign_url(campaign_id: int) -> str:
    return f"/admin/campaigns/campaign/{campaign_id}/change/"


def steps(event: Event, pushes: Sequence[Push]) -> list[Step]:
    """The way of the push that arrived first."""
    first = min(pushes, key=lambda push: push.settled_at or push.expires_at, default=None)
    if first is None or first.sent_at is None:
        return []
    way = [
        ("received", event.received_at),
        ("decided", event.decided_at),
        ("handed to FCM", first.sent_at),
    ]
    if first.settled_at:
        way.append((first.state, first.settled_at))
    return [Step(name=name, at_ms=since(event, at)) for name, at in way]


def since(event: Event, at: datetime) -> float:
    """Milliseconds; never below zero, since two processes read the clock."""
    return round(max(0.0, (at - event.received_at).total_seconds() * 1000), 1)


def shown(value: Any) -> str:
    if value is None:
        return ""
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
