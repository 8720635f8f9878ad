"""From an event as the log keeps it to a happening."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from campaigns.engine.happening import EventHappened

# Types of events that call one campaign, that other messages led to, and that say where somebody
# is: all of our own making, so that no app can put "campaign", "chain" or "place" into a context
# and be believed.
CALLS = frozenset({"tick", "trigger"})
FOLLOWS = frozenset({"opened"})
CROSSINGS = frozenset({"place"})


class Logged(Protocol):
    """An event's row, as far as decisions go."""

    @property
    def id(self) -> int: ...
    @property
    def message_id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def properties(self) -> Mapping[str, Any]: ...
    @property
    def context(self) -> Mapping[str, Any]: ...
    @property
    def device_id(self) -> int | None: ...
    @property
    def source(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def received_at(self) -> datetime: ...


class LoggedEvent(NamedTuple):
    """The same, read by itself."""

    id: int
    message_id: str
    type: str
    name: str
    properties: Mapping[str, Any]
    context: Mapping[str, Any]
    device_id: int | None
    source: str
    occurred_at: datetime
    received_at: datetime


def happened(event: Logged, *, decided_at: datetime) -> EventHappened:
    return EventHappened(
        event_id=event.id,
        message_id=event.message_id,
        name=event.name,
        properties=event.properties,
        context=event.context,
        device_id=event.device_id,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        decided_at=decided_at,
        source=event.source,
        campaign=event.context["campaign"] if event.type in CALLS else "",
        chain=event.context["chain"] if event.type in FOLLOWS else 0,
        place=event.context["place"] if event.type in CROSSINGS else None,
    )
