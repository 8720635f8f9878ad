"""What ends a moment that waits: the file's `unless`, a definition's `cancel_on`."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from orchestrator.recipes import conditions
from orchestrator.recipes.document import SAME_HELP, Unless
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import CancelOn, Same

PROPERTIES: Final = "event.properties."


def read(sections: Sequence[Unless], path: Path, problems: Problems) -> tuple[CancelOn, ...]:
    return tuple(_read(one, (*path, at), problems) for at, one in enumerate(sections))


def _read(section: Unless, path: Path, problems: Problems) -> CancelOn:
    rule = section.if_
    return CancelOn(
        event=section.event,
        rule=None if rule is None else conditions.read(rule, (*path, "if"), problems),
        same=read_same(section.same, (*path, "same"), problems),
    )


def read_same(raw: Any, path: Path, problems: Problems) -> tuple[Same, ...]:
    found = _placed(raw, path)
    for at, same in found:
        if same is None:
            problems.add(at, SAME_HELP)
    return tuple(same for _at, same in found if same)


def _placed(raw: Any, path: Path) -> list[tuple[Path, Same | None]]:
    """Each property with its place in the file; None for what is neither a name nor a pair."""
    if isinstance(raw, list):
        parts = [_pairs(item, (*path, at)) for at, item in enumerate(raw)]
        return [pair for part in parts for pair in part]
    return _pairs(raw, path)


def _pairs(raw: Any, path: Path) -> list[tuple[Path, Same | None]]:
    if isinstance(raw, str):
        return [(path, Same(property=raw, equals=f"{PROPERTIES}{raw}"))]
    if isinstance(raw, dict) and raw:
        return [((*path, name), _pair(name, equals)) for name, equals in raw.items()]
    return [(path, None)]


def _pair(name: str, equals: Any) -> Same | None:
    return Same(property=name, equals=equals) if isinstance(equals, str) else None


def place(field: str, section: Unless, path: Path) -> Path:
    """Where in the file a field of one cancel event stands: "rule/rules/0", "same.1.equals"."""
    if field.startswith("rule"):
        pointer = field.removeprefix("rule")
        return conditions.place(section.if_, pointer, (*path, "if"))
    head, _, rest = field.partition(".")
    if head == "same" and rest:
        at, _same = _placed(section.same, (*path, "same"))[int(rest.partition(".")[0])]
        return at
    return (*path, head)


def write(cancel_on: Sequence[CancelOn]) -> list[dict[str, Any]]:
    """Reads back to the same, once it is normal."""
    return [_written(cancel) for cancel in cancel_on]


def _written(cancel: CancelOn) -> dict[str, Any]:
    rule = conditions.write(cancel.rule)
    return {
        "event": cancel.event,
        **({"same": _written_same(cancel.same)} if cancel.same else {}),
        **({"if": rule} if rule else {}),
    }


def _written_same(same: Sequence[Same]) -> str | list[Any] | dict[str, str]:
    """The shortest of the ways to say it that reads back in this order."""
    names = [one.property for one in same]
    if all(one.equals == f"{PROPERTIES}{one.property}" for one in same):
        return names[0] if len(names) == 1 else names
    if len(set(names)) == len(names):
        return {one.property: one.equals for one in same}
    return [{one.property: one.equals} for one in same]


def normal(cancel_on: Sequence[CancelOn]) -> tuple[CancelOn, ...]:
    """The same, with rules as `read` gives them."""
    return tuple(
        msgspec.structs.replace(cancel, rule=conditions.normal(cancel.rule)) for cancel in cancel_on
    )
