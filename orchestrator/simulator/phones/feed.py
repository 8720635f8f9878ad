"""What the page asks for again and again: pushes that arrived, the phones, what just happened."""

from collections.abc import Sequence

import msgspec
from django.conf import settings

from audience.sql import run
from orchestrator.simulator.phones import arrivals, people, timeline
from orchestrator.simulator.phones.arrivals import Arrivals
from orchestrator.simulator.phones.cast import CAST, TAP
from orchestrator.simulator.phones.people import Member

MOST_OPENS = 1_000


class PhoneNow(msgspec.Struct, kw_only=True):
    """`known`: the server has this phone; `logged_in`: it belongs to its member of the cast."""

    known: bool = False
    logged_in: bool = False
    opened: int = 0


class Feed(msgspec.Struct, kw_only=True):
    """`opened` are the pushes that were tapped, so that a reloaded page leaves them out."""

    loaded: bool
    fcm: Arrivals
    endpoint: str
    phones: dict[str, PhoneNow]
    opened: list[str]
    timeline: list[timeline.Entry]


def read(*, cursor: int) -> Feed:
    """Everything since `cursor`; `loaded` is false while there is no demo workspace."""
    arrived = arrivals.after(cursor=cursor)
    workspace = people.workspace_id()
    members = people.members(workspace=workspace) if workspace else []
    taps = taps_of(members)
    return Feed(
        loaded=workspace is not None,
        fcm=arrived,
        endpoint=settings.FCM_ENDPOINT,
        phones=phones(workspace, members, taps),
        opened=sorted({push for _, push in taps}),
        timeline=timeline.newest(workspace_id=workspace, members=members) if workspace else [],
    )


def phones(
    workspace: int | None, members: Sequence[Member], taps: Sequence[tuple[int, str]]
) -> dict[str, PhoneNow]:
    known = {phone.key: PhoneNow() for phone in CAST}
    owners = owners_of(workspace) if workspace else {}
    for phone in CAST:
        known[phone.key].known = phone.installation_id in owners
    for member in members:
        now = known[member.phone.key]
        now.logged_in = owners.get(member.phone.installation_id) in member.ids
        now.opened = sum(person in member.ids for person, _ in taps)
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


def taps_of(members: Sequence[Member]) -> list[tuple[int, str]]:
    """Person and push of each tap in the log; a push tapped twice is opened once."""
    rows = run(
        """
        SELECT DISTINCT person_id, properties ->> 'push_id' FROM triggers_event
        WHERE person_id = ANY(%(people)b::bigint[]) AND name = %(name)b
          AND properties ->> 'push_id' IS NOT NULL LIMIT %(most)b
        """,
        people=sorted({id for member in members for id in member.ids}),
        name=TAP,
        most=MOST_OPENS,
    )
    return [(row[0], row[1]) for row in rows]
