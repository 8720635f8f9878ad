"""What ends a moment that waits: the file's `unless`, a definition's `cancel_on`."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orchestrator.recipes import conditions, same
from orchestrator.recipes.document import Unless
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import CancelOn


def read(sections: Sequence[Unless], path: Path, problems: Problems) -> tuple[CancelOn, ...]:
    return tuple(_read(one, (*path, at), problems) for at, one in enumerate(sections))


def _read(section: Unless, path: Path, problems: Problems) -> CancelOn:
    rule = section.if_
    return CancelOn(
        event=section.event,
        rule=None if rule is None else conditions.read(rule, (*path, "if"), problems),
        same=same.read(section.same, (*path, "same"), problems),
    )


def place(field: str, section: Unless, path: Path) -> Path:
    """Where in the file a field of one cancel event stands: "rule/rules/0", "same.1.equals"."""
    if field.startswith("rule"):
        pointer = field.removeprefix("rule")
        return conditions.place(section.if_, pointer, (*path, "if"))
    head, _, rest = field.partition(".")
    if head == "same" and rest:
        return same.place(section.same, int(rest.partition(".")[0]), (*path, "same"))
    return (*path, head)


def write(cancel_on: Sequence[CancelOn]) -> list[dict[str, Any]]:
    """Reads back to the same, once it is normal."""
    return [_written(cancel) for cancel in cancel_on]


def _written(cancel: CancelOn) -> dict[str, Any]:
    rule = conditions.write(cancel.rule)
    return {
        "event": cancel.event,
        **({"same": same.write(cancel.same)} if cancel.same else {}),
        **({"if": rule} if rule else {}),
    }


def normal(cancel_on: Sequence[CancelOn]) -> tuple[CancelOn, ...]:
    """The same, with rules as `read` gives them."""
    return tuple(
        msgspec.structs.replace(cancel, rule=conditions.normal(cancel.rule)) for cancel in cancel_on
    )
