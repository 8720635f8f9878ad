"""What apply did to one thing."""

from dataclasses import dataclass, field
from enum import StrEnum


class Done(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`value` is that of a key just made: to be shown once, never to be logged."""

    thing: str
    done: Done
    note: str = ""
    value: str = field(default="", repr=False)

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.thing}: {self.done}{note}"
