"""What a rule asks of the past, as values, and the past events that answer it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from triggers.rules.operands import UNITS


@dataclass(frozen=True, slots=True)
class Rolling:
    """From now - span up to now, both included."""

    n: int
    unit: str

    @property
    def span(self) -> timedelta:
        return self.n * UNITS[self.unit]


@dataclass(frozen=True, slots=True)
class Calendar:
    """From the start of this "day", "week" or "month" up to now, on the clock of facts["zone"]."""

    period: str


Window = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class Join:
    """The past event's property at `path` equals the triggering event's field `equals`."""

    path: str
    equals: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Which past events a rule asks for.

    path: the property it looks at, or None. window: None for ever. where: the nested rule as
    JSON, or "" for none. Two rules that ask for the same have equal values.
    """

    event: str
    path: str | None = None
    window: Window | None = None
    where: str = ""
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class PastEvent:
    """occurred_at is aware. properties and context are plain dicts."""

    name: str
    properties: dict[str, Any]
    context: dict[str, Any]
    occurred_at: datetime
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class PastEvents:
    """One person's events of one name before the triggering one, newest occurred_at first.

    complete: False if there are more, all of them older than these. A list filtered by a join
    value serves only rules with that join.
    """

    events: tuple[PastEvent, ...]
    complete: bool
