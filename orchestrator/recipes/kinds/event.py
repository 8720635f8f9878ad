"""`event`: a person does something."""

from typing import Any, Final, Literal

from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import EventTrigger

Source = Literal["public", "verified", "server"]
SOURCES: Final[dict[str, Source]] = {"app": "public", "verified": "verified", "server": "server"}
_SAID: Final = {source: said for said, source in SOURCES.items()}


def _read(when: When, _path: Path, _problems: Problems) -> dict[str, Any]:
    return {"event": when.event, "source": SOURCES[when.from_ or "app"]}


def _write(trigger: EventTrigger) -> dict[str, Any]:
    plain = trigger.source == "public"
    return {"event": trigger.event, **({} if plain else {"from": _SAID[trigger.source]})}


EVENT: Final = Kind(
    trigger=EventTrigger,
    head="event",
    takes=("from",),
    read=_read,
    write=_write,
    places={"event": ("event",), "source": ("from",)},
)
