"""What a condition asks of the past: {of: Order Completed, within: 30 days}, a leaf's `of`."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from orchestrator.recipes import same, words
from orchestrator.recipes.problem import Path, Problems
from triggers.rules.errors import closest
from triggers.rules.fields import find_fact
from triggers.rules.values import printable
from triggers.trigger import Same

Document = dict[str, Any]
ReadGroup = Callable[[Any, Path, Problems], Document | None]
WriteGroup = Callable[[Document | None], Document | None]
PlaceIn = Callable[[Any, str, Path], Path]

KEYS: Final = ("of", "property", "within", "this", "same", "if")
BLOCK_HELP: Final = (
    "Say at the end which past events, such as [history.count, is at least, 2, {of: Order"
    " Completed, within: 30 days}]."
)
# What the parser of rules calls a part, and where it may stand in the file.
_PLACES: Final = {"event": ("of",), "property": ("property",), "window": ("within", "this"),
                  "where": ("if",), "join": ("same",)}  # fmt: skip


def asks(field: Any) -> bool:
    return isinstance(field, str) and field.startswith("history.")


def split(raw: list[Any]) -> tuple[list[Any], Document | None]:
    """A condition's field, words and value, and the block about the past at its end, if any."""
    if len(raw) > 2 and isinstance(raw[-1], dict):
        return raw[:-1], raw[-1]
    return raw, None


def read(
    field: str, block: Document | None, path: Path, problems: Problems, read_group: ReadGroup
) -> Document | None:
    """A leaf's `of`: {} for a fact of the present, None where something is wrong.

    path: of the block. read_group: reads what stands after `if`.
    """
    if not asks(field):
        # What is no fact at all is told with the field, where a slip is more likely.
        if block is None or find_fact(field) is None:
            return {}
        problems.add(path, f"Remove this block; {printable(field)} is not about the past.")
        return None
    if block is None:
        problems.add(path[:-1], BLOCK_HELP)
        return None
    of = _read(block, path, problems, read_group)
    return of if _is_whole(block, path, problems) and None not in of.values() else None


def _is_whole(block: Document, path: Path, problems: Problems) -> bool:
    found = [((*path, name), _problem(name, block[name])) for name in block]
    if "of" not in block:
        found.append((path, "Add “of:” here, with the name of the past event."))
    if "within" in block and "this" in block:
        found.append(((*path, "this"), "Use either within or this."))
    wrong = [(at, message) for at, message in found if message]
    for at, message in wrong:
        problems.add(at, message)
    return not wrong


def _problem(name: str, value: Any) -> str:
    if name not in KEYS:
        near = closest(name, KEYS)
        hint = f"Did you mean “{near}”?" if near else f"Use {', '.join(KEYS[:-1])} or {KEYS[-1]}."
        return f"“{printable(name)}” is not known here. {hint}"
    if value is None:
        return "Write something here, or remove the line."
    if name == "within" and not words.span(value):
        return f"{words.DURATION_HELP} Seconds are too short here."
    return ""


def _read(block: Document, path: Path, problems: Problems, read_group: ReadGroup) -> Document:
    """None stands for what is wrong; names are left to the parser of rules."""
    of = {"event": block.get("of")}
    if "property" in block:
        of["property"] = block["property"]
    if "within" in block:
        of["window"] = words.span(block["within"])
    elif "this" in block:
        of["window"] = {"calendar": block["this"]}
    if block.get("if") is not None:
        of["where"] = read_group(block["if"], (*path, "if"), problems)
    if block.get("same") is not None:
        of |= _joined(block["same"], (*path, "same"), problems)
    return of


def _joined(raw: Any, path: Path, problems: Problems) -> Document:
    pairs = same.read(raw, path, problems)
    join = [{"property": pair.property, "equals": pair.equals} for pair in pairs]
    if not same.is_right(raw):
        return {"join": None}
    return {"join": join} if join else {}


def place(block: Any, steps: Sequence[str], path: Path, place_in: PlaceIn) -> Path:
    """Where in the file a part of `of` stands; steps: of the parser's pointer, behind `of`."""
    if not steps or not isinstance(block, dict):
        return path
    names = [name for name in _PLACES.get(steps[0], ()) if name in block]
    if not names:
        return path
    raw, inner, rest = block[names[0]], (*path, names[0]), steps[1:]
    if names == ["if"]:
        return place_in(raw, "".join(f"/{step}" for step in rest), inner)
    return same.place(raw, int(rest[0]), inner) if names == ["same"] and rest else inner


def normal(of: Document, normal_group: WriteGroup) -> Document:
    """The same `of` without what editors keep in it, and without parts that ask nothing."""
    parts = {
        "event": of["event"],
        "property": of.get("property"),
        "window": _normal_window(of.get("window")),
        "where": normal_group(of.get("where")),
        "join": [{"property": j["property"], "equals": j["equals"]} for j in of.get("join") or ()],
    }
    return {name: part for name, part in parts.items() if part not in (None, [])}


def _normal_window(window: Document | None) -> Document | None:
    if window is None or "calendar" not in window:
        return window and {"n": window["n"], "unit": window["unit"]}
    return {"calendar": window["calendar"]}


def write(of: Document, write_group: WriteGroup) -> Document:
    """The block for a normal `of`."""
    parts = {
        "of": of["event"],
        "property": of.get("property"),
        **_written_window(of.get("window")),
        "same": same.write([Same(**pair) for pair in of.get("join", [])]) or None,
        "if": write_group(of.get("where")),
    }
    return {name: part for name, part in parts.items() if part is not None}


def _written_window(window: Document | None) -> Document:
    if window is None:
        return {}
    if "calendar" in window:
        return {"this": window["calendar"]}
    return {"within": words.span_words(window)}
