"""opened: an app says that its user tapped a push; the first time, that is an event of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from campaigns.engine.hearing import PUSH_OPENED
from campaigns.selectors.pushes import SentPush, sent
from orchestrator.pipeline.message import InboxMessage
from orchestrator.pipeline.unseen import Arrival, Met, arrival_of, unseen

TAPS = frozenset({"Push Notification Tapped", "Application Opened"})


def with_openings(
    met: Sequence[Met], *, canonical: Mapping[int, int], now: datetime
) -> Sequence[Met]:
    """The same, each tap followed by "Push Opened" if it is the first of its moment.

    A push can only be opened by its own person, on its own device. `canonical` maps every id of
    the people at hand.
    """
    asked = {push for one in met if (push := push_of(one.arrival.message))}
    known = sent(pushes=sorted(asked)) if asked else {}
    openings = {at: told for at, one in enumerate(met) if (told := opening(one, known, canonical))}
    new = {one.digest for one in unseen(list(openings.values()), now=now)}
    result: list[Met] = []
    for at, one in enumerate(met):
        result.append(one)
        told = openings.get(at)
        if told and told.digest in new:
            new.discard(told.digest)
            result.append(Met(told, one.person, one.device))
    return result if openings else met


def push_of(message: InboxMessage) -> UUID | None:
    """The push that a message says was tapped."""
    if message.type != "track" or message.name not in TAPS:
        return None
    try:
        return UUID(message.properties.get("push_id"))
    except (ValueError, TypeError, AttributeError):
        return None  # another vendor's id, or none


def opening(
    one: Met, known: Mapping[UUID, SentPush], canonical: Mapping[int, int]
) -> Arrival | None:
    row, message, _ = one.arrival
    push = known.get(push_of(message) or UUID(int=0))
    if push is None or canonical.get(push.person_id) != one.person:
        return None
    if one.device not in (None, push.device_id):
        return None
    told = msgspec.structs.replace(
        message,
        type="opened",
        message_id=f"opened:{push.moment_id}",
        source="server",
        name=PUSH_OPENED,
        properties={
            "campaign_key": push.campaign_key,
            "moment_id": str(push.moment_id),
            "push_id": str(push.id),
        },
        context={"chain": push.chain + 1},
        installation=None,
    )
    return arrival_of(row, told)
