"""What just happened: events of the demo, newest first, with what each campaign made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from campaigns.engine.states import Reason
from campaigns.models import Moment, Push
from orchestrator.pipeline.explain import Answer, asked_of, explain
from orchestrator.simulator.phones.cast import MOVED
from orchestrator.simulator.phones.lines import (
    Line,
    campaign_url,
    fired_line,
    shown,
    silent_line,
    since,
)
from orchestrator.simulator.phones.people import Holder, Member, holders
from triggers.models import Event
from triggers.places.crossings import ENTERED_PERHAPS, ENTERED_SURELY
from triggers.rules.values import printable

SHOWN_EVENTS = 30
SHOWN_PROPERTIES = 6
BESIDE = {ENTERED_PERHAPS, ENTERED_SURELY}  # "Place Entered" tells of the same visit
DERIVED = "settled"  # Push Accepted and its like: shown as the push they are about


class Cancelled(msgspec.Struct, kw_only=True):
    """What waited, and what it was about, until the event ended it."""

    campaign: str
    url: str
    about: str


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
    cancelled: list[Cancelled] = []


@dataclass(frozen=True, kw_only=True)
class Actor:
    """To whom an event happened, as the page tells it; `ids` are all persons of it."""

    person_id: int
    ids: tuple[int, ...]
    who: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Became:
    """What events led to: moments they opened, with their pushes, and moments they ended."""

    opened: Sequence[Moment]
    pushes: Mapping[UUID, list[Push]]
    stopped: Sequence[Moment]


def newest(*, workspace_id: int, members: Sequence[Member]) -> list[Entry]:
    """Of everybody, in a fixed number of queries, however many events and campaigns."""
    events = list(
        Event.objects.filter(workspace_id=workspace_id)
        .exclude(type=DERIVED)
        .exclude(name=MOVED)  # a walk would be all there is; what came of it follows as events
        .order_by("-received_at", "-sequence", "-id")[:SHOWN_EVENTS]
    )
    if not events:
        return []
    actors = actors_of(events, members)
    asked = [asked_of(event, actors[event.person_id].person_id) for event in events]
    answers = explain(workspace_id=workspace_id, asked=asked)
    moments = moments_of(events)
    became = Became(opened=moments, pushes=pushes_of(moments), stopped=stopped_by(events, actors))
    told = [entry(event, actors[event.person_id], answers[event.id], became) for event in events]
    return [one for one in told if one.lines or one.cancelled or one.name not in BESIDE]


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
        return Actor(
            person_id=member.person_id,
            ids=member.ids,
            who=member.phone.who,
            phone=member.phone.key,
        )
    return Actor(person_id=holder.person_id, ids=holder.ids, who=holder.who)


def moments_of(events: Sequence[Event]) -> list[Moment]:
    return list(
        Moment.objects.filter(
            event_id__in=[event.id for event in events],
            person_id__in=sorted({event.person_id for event in events}),
        )
        .select_related("campaign", "version")
        .order_by("campaign_id")
    )


def stopped_by(events: Sequence[Event], actors: Mapping[int, Actor]) -> list[Moment]:
    """Moments that one of these events cancelled, whenever they began to wait."""
    return list(
        Moment.objects.filter(
            person_id__in=sorted({id for actor in actors.values() for id in actor.ids}),
            reason=Reason.CANCELLED_BY_EVENT,
            ended_at__in={event.decided_at for event in events},
        )
        .select_related("campaign")
        .order_by("opened_at", "id")
    )


def pushes_of(moments: Sequence[Moment]) -> dict[UUID, list[Push]]:
    found: dict[UUID, list[Push]] = {}
    for push in Push.objects.filter(moment__in=[one.id for one in moments]).order_by("created_at"):
        found.setdefault(push.moment_id, []).append(push)
    return found


def entry(event: Event, actor: Actor, answers: Iterable[Answer], became: Became) -> Entry:
    mine = [one for one in became.opened if one.event_id == event.id]
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
            *(fired_line(event, one, became.pushes.get(one.id, [])) for one in mine),
            *(silent_line(one) for one in answers if one.campaign_id not in fired),
        ],
        cancelled=[as_cancelled(one) for one in became.stopped if is_stopped(one, event, actor)],
    )


def is_stopped(moment: Moment, event: Event, actor: Actor) -> bool:
    """Whether this event ended it; one batch may bring several purchases at once."""
    return (
        moment.person_id in actor.ids
        and (moment.detail, moment.ended_at) == (event.name, event.decided_at)
        and moment.key in {"", *map(shown, event.properties.values())}
    )


def as_cancelled(moment: Moment) -> Cancelled:
    return Cancelled(
        campaign=printable(moment.campaign.name),
        url=campaign_url(moment.campaign_id),
        about=printable(moment.key),
    )
