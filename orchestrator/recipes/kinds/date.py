"""`date`: before and after a date in a person's traits."""

from typing import Any, Final

from orchestrator.recipes import people, send
from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from orchestrator.recipes.send import Moved
from triggers.trigger import DateTrigger


def _read(when: When, _path: Path, _problems: Problems) -> dict[str, Any]:
    moved = (send.read(when.send) if when.send else None) or Moved()
    return {
        "trait": when.date,
        "yearly": bool(when.yearly),
        "max_people": people.read(when.at_most or people.DEFAULT),
        **moved._asdict(),
    }


def _write(trigger: DateTrigger) -> dict[str, Any]:
    said = send.write(Moved(trigger.days, trigger.hours, trigger.at))
    return {
        "date": trigger.trait,
        **({"yearly": True} if trigger.yearly else {}),
        **({"send": said} if said else {}),
        "at_most": people.write(trigger.max_people),
    }


DATE: Final = Kind(
    trigger=DateTrigger,
    head="date",
    takes=("yearly", "send", "at_most"),
    read=_read,
    write=_write,
    places={
        "trait": ("date",),
        "yearly": ("yearly",),
        **dict.fromkeys(("days", "hours", "at"), ("send",)),
        "max_people": ("at_most",),
    },
)
