"""What the file knows of one way to start a campaign."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.recipes.document import When
from orchestrator.recipes.problem import Path, Problems

Fields = dict[str, Any]


def _as_it_is(trigger: Any) -> Any:
    return trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """head: the name in `when` that chooses it. takes: names that go with it.

    read: the trigger's own fields, or None where something is wrong with them, which is told.
    write: what stands in `when`. places: where below `when` its fields stand.
    normal: the same trigger without what editors keep in it. ignore_after, too_late_after: what
    the file means where it does not say them.
    """

    trigger: Callable[..., Any]
    head: str
    takes: tuple[str, ...] = ()
    read: Callable[[When, Path, Problems], Fields | None]
    write: Callable[[Any], Fields]
    places: dict[str, Path] = field(default_factory=dict)
    normal: Callable[[Any], Any] = _as_it_is
    ignore_after: str = "72 h"
    too_late_after: str = "24 h"
