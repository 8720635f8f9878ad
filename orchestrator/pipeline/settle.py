"""settle: what became of pushes goes back through the inbox, to the people it concerns."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from campaigns.services.pushes import Ended
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.message import InboxMessage, Settled


def tell(ended: Sequence[Ended], *, now: datetime) -> None:
    """In the caller's transaction: a push is over if and only if its moment will hear of it."""
    ordered = sorted(ended, key=room)
    for (workspace_id, bulk), group in groupby(ordered, key=room):
        messages = [as_message(one, now=now) for one in group]
        accept(workspace_id=workspace_id, key_id=None, messages=messages, bulk=bulk, now=now)


def room(ended: Ended) -> tuple[int, bool]:
    """What became of a broadcast must not stand before what people do."""
    return ended.workspace_id, ended.bulk


def as_message(ended: Ended, *, now: datetime) -> InboxMessage:
    return InboxMessage(
        type="settled",
        message_id=f"push:{ended.push}:{ended.state}",
        occurred_at=now,
        source="server",
        properties={
            "campaign_key": ended.campaign_key,
            "moment_id": str(ended.moment),
            "push_id": str(ended.push),
            "reason": ended.reason,
        },
        settled=Settled(
            push=ended.push,
            moment=ended.moment,
            person_id=ended.person_id,
            device_id=ended.device_id,
            campaign_key=ended.campaign_key,
            state=ended.state,
            reason=ended.reason,
            retire=ended.retire,
        ),
    )
