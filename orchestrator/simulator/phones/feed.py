"""What the page asks for again and again: pushes that arrived, the phones, what just happened."""

from collections.abc import Sequence

import msgspec
from django.conf import settings

from audience.sql import run
from orchestrator.simulator.phones import arrivals, carts, own, people, places, timeline
from orchestrator.simulator.phones.arrivals import Arrivals, Push
from orchestrator.simulator.phones.carts import Cart, Wait
from orchestrator.simulator.phones.cast import CAST
from orchestrator.simulator.phones.own import Own, OwnPhone
from orchestrator.simulator.phones.people import Member
from orchestrator.simulator.phones.places import Carrier, Whereabouts
from orchestrator.simulator.phones.taps import Tap, taps_of
from orchestrator.simulator.phones.timeline import Entry


class PhoneNow(msgspec.Struct, kw_only=True):
    """`known`: the server has this phone; `logged_in`: it belongs to its member of the cast."""

    known: bool = False
    logged_in: bool = False
    opened: int = 0
    carts: dict[str, Cart] = {}
    waits: list[Wait] = []


class Feed(msgspec.Struct, kw_only=True):
    """`own` are the phones of everybody but the cast, by the name that their pushes give them.

    `opened` are the pushes that were tapped, so that a reloaded page leaves them out.
    """

    loaded: bool
    fcm: Arrivals
    endpoint: str
    phones: dict[str, PhoneNow]
    own: dict[str, OwnPhone] = {}
    opened: list[str] = []
    places: Whereabouts = msgspec.field(default_factory=Whereabouts)
    timeline: list[Entry] = []


def read(*, cursor: int, asked: Sequence[str] = ()) -> Feed:
    """Everything since `cursor`, and the own phones that have the pushes `asked`.

    `loaded` is false while there is no demo workspace.
    """
    arrived = arrivals.after(cursor=cursor)
    workspace = people.workspace_id()
    if workspace is None:
        arrived.pushes = []
        phones = {phone.key: PhoneNow() for phone in CAST}
        return Feed(loaded=False, fcm=arrived, endpoint=settings.FCM_ENDPOINT, phones=phones)
    members = people.members(workspace=workspace)
    taps = taps_of(people=[id for member in members for id in member.ids])
    others = own.read(
        workspace=workspace, pushes=[one for one in arrived.pushes if not one.phone], asked=asked
    )
    arrived.pushes = placed(arrived.pushes, others)
    return Feed(
        loaded=True,
        fcm=arrived,
        endpoint=settings.FCM_ENDPOINT,
        phones=phones_of_cast(workspace, members, taps),
        own=others.phones,
        opened=sorted({push for _, push in taps} | others.opened),
        places=places.read(workspace=workspace, carriers=carriers(members, others)),
        timeline=timeline.newest(workspace_id=workspace, members=members),
    )


def placed(pushes: Sequence[Push], others: Own) -> list[Push]:
    """Each push with its phone; one that nobody can be found for is left out."""
    for push in pushes:
        push.phone = push.phone or others.phone_of.get(push.id, "")
    return [push for push in pushes if push.phone]


def carriers(members: Sequence[Member], others: Own) -> list[Carrier]:
    """Who has the phones of the page; whoever has two is told of on the first."""
    cast = [Carrier(phone=one.phone.key, who=one.phone.who, ids=one.ids) for one in members]
    own_phones = [
        Carrier(phone=key, who=holder.who, ids=holder.ids) for key, holder in others.holders.items()
    ]
    return [*own_phones, *cast]


def phones_of_cast(
    workspace: int, members: Sequence[Member], taps: Sequence[Tap]
) -> dict[str, PhoneNow]:
    known = {phone.key: PhoneNow() for phone in CAST}
    owners = owners_of(workspace)
    filled = carts.read(members=members)
    for phone in CAST:
        known[phone.key].known = phone.installation_id in owners
    for member in members:
        now = known[member.phone.key]
        now.logged_in = owners.get(member.phone.installation_id) in member.ids
        now.opened = sum(person in member.ids for person, _ in taps)
        now.carts = filled[member.phone.key].carts
        now.waits = filled[member.phone.key].waits
    return known


def owners_of(workspace: int) -> dict[str, int | None]:
    """Who owns the phones of the cast now, by installation; nobody after a logout."""
    rows = run(
        """
        SELECT installation_id, person_id FROM audience_device
        WHERE workspace_id = %(workspace)b AND installation_id = ANY(%(ids)b::text[])
        """,
        workspace=workspace,
        ids=[phone.installation_id for phone in CAST],
    )
    return {row[0]: row[1] for row in rows}
