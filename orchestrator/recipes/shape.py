"""Plain values to typed sections; goes on after a mistake, so that all of them are told."""

import re
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

from orchestrator.recipes.problem import Path, Problems
from triggers.rules.errors import closest
from triggers.rules.values import printable


class Broken:
    """Stands where a value could not be read; its problem has been told."""


BROKEN: Final = Broken()
NUMBER_HELP: Final = "Put quotes around this, so that it is a text."


class Sections:
    """Reads values by their types.

    `found` has, by its path, every value that is right, and every block of named entries, in
    which BROKEN stands for those that are not.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.found: dict[Path, Any] = {}

    def read(self, kind: Any, raw: Any, path: Path) -> Any:
        """A value of this kind, or BROKEN."""
        kind = _without_none(kind)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._section(kind, raw, path)
        if get_origin(kind) is list:
            return self._list(kind, raw, path)
        if get_origin(kind) is dict:
            return self._named(kind, raw, path)
        return self._leaf(kind, raw, path)

    def _section(self, kind: type[msgspec.Struct], raw: Any, path: Path) -> Any:
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        if not isinstance(raw, dict):
            return self._broken(path, f"Write a block here, with {_listed(fields, 'and')}.")
        known = [self._known(name, fields, path) for name in raw]
        lacking = [n for n, field in fields.items() if field.required and n not in raw]
        for name in lacking:
            self.problems.add(path, f"Add “{name}:” here.")
        values = {
            field.name: self.read(field.type, raw[name], (*path, name))
            for name, field in fields.items()
            if name in raw
        }
        if lacking or not all(known) or BROKEN in values.values():
            return BROKEN
        self.found[path] = kind(**values)
        return self.found[path]

    def _known(self, name: str, fields: dict[str, Any], path: Path) -> bool:
        if name not in fields:
            near = closest(name, fields)
            hint = f"Did you mean “{near}”?" if near else f"Use {_listed(fields, 'or')}."
            self.problems.add((*path, name), f"“{printable(name)}” is not known here. {hint}")
        return name in fields

    def _list(self, kind: Any, raw: Any, path: Path) -> Any:
        if not isinstance(raw, list):
            return self._broken(path, "Write a list here; each entry begins with a dash.")
        (item,) = get_args(kind)
        values = [self.read(item, value, (*path, at)) for at, value in enumerate(raw)]
        return BROKEN if BROKEN in values else values

    def _named(self, kind: Any, raw: Any, path: Path) -> Any:
        if not isinstance(raw, dict):
            return self._broken(path, "Write a block here, with a name before each entry.")
        key, value = get_args(kind)
        values = {name: self.read(value, raw[name], (*path, name)) for name in raw}
        names = [self._is_name(key, name, path) for name in raw]
        self.found[path] = values
        return values if all(names) and BROKEN not in values.values() else BROKEN

    def _is_name(self, kind: Any, name: str, path: Path) -> bool:
        fits = re.fullmatch(_meta(kind, "pattern"), name) is not None
        if not fits:
            self.problems.add((*path, name), _sentence(kind, name))
        return fits

    def _leaf(self, kind: Any, raw: Any, path: Path) -> Any:
        try:
            value = msgspec.convert(raw, kind)
        except msgspec.ValidationError:
            return self._broken(path, _sentence(kind, raw))
        pattern = _meta(kind, "pattern")
        # msgspec's $ lets a line break through at the end.
        if pattern and not re.fullmatch(pattern, value):
            return self._broken(path, _sentence(kind, raw))
        self.found[path] = value
        return value

    def _broken(self, path: Path, message: str) -> Broken:
        self.problems.add(path, message)
        return BROKEN


def _without_none(kind: Any) -> Any:
    """Nobody writes null in the file: a name with nothing behind it is a slip."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    (only,) = (arm for arm in get_args(kind) if arm is not NoneType)
    return only


def _sentence(kind: Any, raw: Any) -> str:
    if raw is None:
        return "Write something here, or remove the line."
    said: str = (_meta(kind, "extra") or {}).get("say", "")
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if get_origin(plain) is Literal:
        return said or _choose(get_args(plain), raw)
    if plain is str and isinstance(raw, int | float):
        return said if _meta(kind, "pattern") else f"{said} {NUMBER_HELP}".strip()
    return said or "Write a text here."


def _choose(choices: tuple[str, ...], raw: Any) -> str:
    near = closest(raw, choices) if isinstance(raw, str) else None
    return f"Choose {_listed(choices, 'or')}." + (f" Did you mean “{near}”?" if near else "")


def _meta(kind: Any, name: str) -> Any:
    notes = kind.__metadata__ if get_origin(kind) is Annotated else ()
    return next((found for note in notes if (found := getattr(note, name, None))), None)


def _listed(names: Any, joint: str) -> str:
    *most, last = names
    return f"{', '.join(most)} {joint} {last}" if most else last
