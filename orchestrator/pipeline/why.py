"""why: what one campaign made of a person's recent events, or why it made nothing of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from audience.models import Person
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.crossing import Unconcerned, unconcerned
from campaigns.engine.effects import Decision, OpenMoment
from campaigns.engine.hearing import CAMPAIGN_KEY, OWN_EVENTS
from campaigns.engine.logged import CALLS
from campaigns.engine.program import Program, build
from campaigns.engine.state import PersonState
from campaigns.engine.step import step
from campaigns.engine.trust import trusted
from campaigns.models import Campaign, CampaignVersion, Moment
from orchestrator.pipeline import loading, programs
from orchestrator.pipeline.explain import (
    Answer,
    Asked,
    answers,
    asked_of,
    listeners,
    states_of,
)
from triggers.models import Event
from triggers.places.crossings import CROSSINGS
from triggers.rules import Verdict

MOST_IDS = 70
MOST_NAMES = 20
MOST_MOMENTS = 1_000
OURS = ("settled", *sorted(CALLS))  # types of what the flow tells itself: nobody did it


@dataclass(frozen=True, kw_only=True)
class Today:
    """What today's campaign says of an event; `decision` is what step() makes of a match.

    `trusted` says that the event's source is one that the campaign counts, `unconcerned` why a
    crossing is none of its own.
    """

    answer: Answer
    decision: Decision | None
    trusted: bool
    unconcerned: Unconcerned | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event: the moment it opened, or what today's campaign says of it.

    `version` is the one that was live when the event was decided, as far as is known. Neither
    moment nor today: today's campaign does not listen to it.
    """

    event: Event
    moment: Moment | None
    today: Today | None
    version: CampaignVersion | None


@dataclass(frozen=True, kw_only=True)
class Why:
    """`heard` is the event that the campaign listens to; "" for none, or one of our own making.

    told: the newest first; `left_out` says that there were more. others: how many other events
    there were. Without any told, `last_at` is when the person last did what is heard, and
    `names` are the events that they did have, with their number.
    """

    heard: str
    told: Sequence[Told] = ()
    left_out: bool = False
    others: int = 0
    last_at: datetime | None = None
    names: Sequence[tuple[str, int]] = field(default=())


def why(*, campaign: Campaign, person: Person, since: datetime, most: int) -> Why:
    """Of a canonical person's events since then. Changes nothing; a fixed number of queries."""
    ids = ids_of(person)
    live = live_of(campaign)
    moments = moments_of(campaign, ids, since=since)
    wanted = heard_by(live) | Q(id__in=[moment.event_id for moment in moments if moment.event_id])
    recent = events_of(ids, since=since)
    events = list(recent.filter(wanted).order_by("-received_at", "-id")[: most + 1])
    name = live.event if live and live.event not in OWN_EVENTS - CROSSINGS else ""
    theirs = recent.exclude(type__in=OURS)
    if not events:
        return nothing_heard(name, ids, theirs)
    return Why(
        heard=name,
        told=tell(events[:most], moments, person, campaign, live),
        left_out=len(events) > most,
        others=theirs.exclude(wanted).count(),
    )


def heard_by(live: CompiledCampaign | None) -> Q:
    """The events that may start it, whatever its rule then says of them."""
    if live is None:
        return Q(id__in=[])
    named, equality = Q(name=live.event), live.hearing.equality
    if live.hearing.called:
        return named & Q(type__in=CALLS, context__campaign=live.key)
    if equality and equality[0] == CAMPAIGN_KEY and live.event in OWN_EVENTS:
        return named & Q(properties__campaign_key=equality[1])
    return named


def ids_of(person: Person) -> list[int]:
    """All the ids this person ever had: events and moments keep the one of their time."""
    merged = Person.objects.filter(merged_into=person).values_list("pk", flat=True)
    return [person.pk, *merged[:MOST_IDS]]


def live_of(campaign: Campaign) -> CompiledCampaign | None:
    """The published version, paused or not, as the workers read it."""
    version = campaign.live_version_id
    return programs.versions_of({version}).get(version) if version else None


def moments_of(campaign: Campaign, ids: Sequence[int], *, since: datetime) -> list[Moment]:
    rows = Moment.objects.filter(campaign=campaign, person_id__in=ids, received_at__gte=since)
    shown = rows.select_related("version").defer("content", "version__definition")
    return list(shown.order_by("-opened_at")[:MOST_MOMENTS])


def events_of(ids: Sequence[int], *, since: datetime) -> QuerySet[Event]:
    # No workspace here: the people are its own, and their index is the one to use.
    return Event.objects.filter(person_id__in=ids, received_at__gte=since)


def nothing_heard(heard: str, ids: Sequence[int], theirs: QuerySet[Event]) -> Why:
    counted = theirs.exclude(name="").values_list("name").annotate(number=Count("id"))
    ever = Event.objects.filter(person_id__in=ids, name=heard).order_by("-occurred_at")
    return Why(
        heard=heard,
        others=theirs.count(),
        last_at=ever.values_list("occurred_at", flat=True).first() if heard else None,
        names=list(counted.order_by("-number", "name")[:MOST_NAMES]),
    )


def tell(
    events: Iterable[Event],
    moments: Iterable[Moment],
    person: Person,
    campaign: Campaign,
    live: CompiledCampaign | None,
) -> list[Told]:
    opened = {moment.event_id: moment for moment in moments}
    asked = [asked_of(event, person.pk) for event in events]
    silent = [one for one in asked if one.event.event_id not in opened]
    today = of_today(live, silent, person) if live else {}
    versions = list(campaign.versions.order_by("-published_at", "-number").defer("definition"))
    return [
        Told(
            event=event,
            moment=opened.get(event.pk),
            today=today.get(event.pk),
            version=next((one for one in versions if one.published_at <= event.decided_at), None),
        )
        for event in events
    ]


def of_today(live: CompiledCampaign, asked: Iterable[Asked], person: Person) -> dict[int, Today]:
    """By event id, asked of the functions that the workers call, as if it were live."""
    alone = as_if_live(live, programs.seen(person.workspace_id))
    heard = [one for one in asked if listeners(one, alone)]
    found = states_of([person.pk], loading.needs_of([(live, alone)])) if heard else {}
    state = found.get(person.pk)
    if state is None:
        return {}
    return {one.event.event_id: said_today(live, one, state, alone) for one in heard}


def as_if_live(campaign: CompiledCampaign, program: Program) -> Program:
    """The workspace's Program with just this campaign, which may be paused."""
    return build(
        workspace_id=program.workspace_id,
        version=program.version,
        verified=program.verified,
        time_zone=program.time_zone,
        link_schemes=settings.LINK_SCHEMES,
        live=[campaign],
        segments=program.segments,
        quiet=program.quiet,
    )


def said_today(
    campaign: CompiledCampaign, asked: Asked, state: PersonState, program: Program
) -> Today:
    (said,) = answers(asked, state, program)
    fired = step(state, asked.event, program) if said.verdict is Verdict.MATCH else []
    opened = (effect.decision for effect in fired if isinstance(effect, OpenMoment))
    return Today(
        answer=said,
        decision=next(opened, None),
        trusted=trusted(campaign, asked.event),
        unconcerned=unconcerned(campaign.definition.trigger, asked.event),
    )
