"""The carts of the phones: what lies in them, what was bought, and what waits because of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Q

from campaigns import reasons
from campaigns.engine.states import MomentState
from campaigns.models import Moment
from campaigns.models.campaign import CampaignState
from orchestrator.simulator.phones.cast import ADDED, BOUGHT, CARTS
from orchestrator.simulator.phones.people import Member
from triggers.models import Event
from triggers.rules.values import printable

MOST_EVENTS = 200
MOST_MOMENTS = 200


class Reminder(msgspec.Struct, kw_only=True):
    """What one campaign makes of a cart; `until` is set while it waits."""

    state: str
    sentence: str
    until: datetime | None = None
    paused: bool = False


class Cart(msgspec.Struct, kw_only=True):
    cart_id: str
    bought: bool
    reminders: list[Reminder] = []


class Wait(msgspec.Struct, kw_only=True):
    """What waits on this phone for another reason than its carts."""

    campaign: str
    about: str
    until: datetime
    paused: bool


class OnPhone(msgspec.Struct, kw_only=True):
    """`carts` by their key; one that was never filled is left out."""

    carts: dict[str, Cart] = {}
    waits: list[Wait] = []


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A cart's newest filling: the event, and the id it gave the cart."""

    event_id: int
    cart_id: str


def read(*, members: Sequence[Member]) -> dict[str, OnPhone]:
    """By phone, in two queries."""
    if not members:
        return {}
    people = [id for member in members for id in member.ids]
    events = events_of(people)
    filled = {
        member.phone.key: filled_by(one for one in events if one.person_id in member.ids)
        for member in members
    }
    newest = [one.event_id for carts in filled.values() for one in carts.values()]
    moments = moments_of(people, newest)
    return {
        member.phone.key: on_phone(
            filled[member.phone.key],
            bought={cart_of(one) for one in events if is_purchase(one, member)},
            moments=[one for one in moments if one.person_id in member.ids],
        )
        for member in members
    }


def events_of(people: Sequence[int]) -> list[Event]:
    """Of the carts of this page, oldest first."""
    newest = Event.objects.filter(
        person_id__in=people,
        name__in=(ADDED, BOUGHT),
        properties__cart_id__regex=f"^({'|'.join(cart.key for cart in CARTS)})-",
    ).order_by("-received_at", "-sequence", "-id")[:MOST_EVENTS]
    return [*reversed(newest)]


def filled_by(events: Iterable[Event]) -> dict[str, Filled]:
    """Of each cart the newest filling; the same cart filled twice is one filling."""
    filled: dict[str, Filled] = {}
    for event in events:
        cart_id = cart_of(event)
        key = next((cart.key for cart in CARTS if cart_id.startswith(f"{cart.key}-")), "")
        if event.name == ADDED and key and (key not in filled or filled[key].cart_id != cart_id):
            filled[key] = Filled(event_id=event.id, cart_id=cart_id)
    return filled


def cart_of(event: Event) -> str:
    return str(event.properties.get("cart_id", ""))


def is_purchase(event: Event, member: Member) -> bool:
    return event.name == BOUGHT and event.person_id in member.ids


def moments_of(people: Sequence[int], events: Sequence[int]) -> list[Moment]:
    """What these events led to, and whatever else waits; of a flood the newest."""
    return list(
        Moment.objects.filter(person_id__in=people)
        .filter(Q(event_id__in=events) | Q(state=MomentState.WAITING))
        .select_related("campaign")
        .order_by("-opened_at", "id")[:MOST_MOMENTS]
    )


def on_phone(filled: dict[str, Filled], *, bought: set[str], moments: Sequence[Moment]) -> OnPhone:
    of_carts = {one.event_id for one in filled.values()}
    return OnPhone(
        carts={
            key: Cart(
                cart_id=one.cart_id,
                bought=one.cart_id in bought,
                reminders=[reminder(it) for it in moments if it.event_id == one.event_id],
            )
            for key, one in filled.items()
        },
        waits=[
            Wait(
                campaign=printable(one.campaign.name),
                about=printable(one.key),
                until=one.due_at,
                paused=is_paused(one),
            )
            for one in moments
            if one.state == MomentState.WAITING and one.due_at and one.event_id not in of_carts
        ],
    )


def reminder(moment: Moment) -> Reminder:
    waits = moment.state == MomentState.WAITING
    told = reasons.explain(state=moment.state, reason=moment.reason, detail=moment.detail)
    return Reminder(
        state=moment.state,
        sentence=told.sentence,
        until=moment.due_at if waits else None,
        paused=waits and is_paused(moment),
    )


def is_paused(moment: Moment) -> bool:
    return moment.campaign.state != CampaignState.LIVE
