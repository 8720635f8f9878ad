"""Properties that two events must share: `same` in the file, pairs in a definition."""

from collections.abc import Sequence
from typing import Any, Final

from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import Same

PROPERTIES: Final = "event.properties."
SAME_HELP: Final = (
    "Write the name of a property, such as cart_id; or, where the names differ, {cart_id:"
    " event.properties.cart}; or a list of them."
)


def read(raw: Any, path: Path, problems: Problems) -> tuple[Same, ...]:
    found = _placed(raw, path)
    for at, same in found:
        if same is None:
            problems.add(at, SAME_HELP)
    return tuple(same for _at, same in found if same)


def is_right(raw: Any) -> bool:
    return all(same for _at, same in _placed(raw, ()))


def place(raw: Any, number: int, path: Path) -> Path:
    """Where in the file the property of this number stands; raw is what stands at path."""
    at, _same = _placed(raw, path)[number]
    return at


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


def write(same: Sequence[Same]) -> str | list[Any] | dict[str, str]:
    """The shortest of the ways to say it that reads back in this order."""
    names = [one.property for one in same]
    if all(one.equals == f"{PROPERTIES}{one.property}" for one in same):
        return names[0] if len(names) == 1 else names
    if len(set(names)) == len(names):
        return {one.property: one.equals for one in same}
    return [{one.property: one.equals} for one in same]
