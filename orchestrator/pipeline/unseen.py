"""Messages that are not in the log yet, each once; and whose they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from orchestrator.pipeline.lanes import Row
from orchestrator.pipeline.message import InboxMessage
from triggers.services import log

FLOW = frozenset({"settled", "opened", "place"})  # what the flow tells itself


class Arrival(NamedTuple):
    """A message that is new, with the row it came in and its digest."""

    row: Row
    message: InboxMessage
    digest: bytes


class Met(NamedTuple):
    """An arrival whose person is known and locked, with the device it came from."""

    arrival: Arrival
    person: int
    device: int | None


def arrival_of(row: Row, message: InboxMessage) -> Arrival:
    digest = log.digest(
        workspace_id=row.workspace_id,
        origin="flow" if message.type in FLOW else "client",
        message_id=message.message_id,
    )
    return Arrival(row, message, digest)


def unseen(arrivals: Sequence[Arrival], *, now: datetime) -> list[Arrival]:
    """Those that are new, in their order; from now on they are in the log."""
    new = log.remember(digests=[one.digest for one in arrivals], now=now) if arrivals else set()
    fresh = []
    for arrival in arrivals:
        if arrival.digest in new:
            new.discard(arrival.digest)
            fresh.append(arrival)
    return fresh
