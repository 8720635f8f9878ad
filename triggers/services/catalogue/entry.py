"""What is kept of one event name's properties: paths, each with its kind and some samples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_PATHS = 200
MAX_PATH_CHARS = 200
MAX_DEPTH = 4
MAX_SAMPLES = 5
MAX_SAMPLE_CHARS = 60
WITH_SAMPLES = {"text", "number"}


@dataclass(frozen=True)
class Entry:
    """`properties` maps a path to its kind and samples; `left_out` paths had no room."""

    properties: dict[str, Any]
    left_out: int


def merged(known: Mapping[str, Any], properties: Mapping[str, Any]) -> Entry:
    """The entry after one more event."""
    result, left_out = dict(known), 0
    for path, value in _paths(properties):
        if path in result or _fits(result, path, value):
            result[path] = _with_sample(result.get(path), value)
        else:
            left_out += 1
    return Entry(result, left_out)


def _fits(known: Mapping[str, Any], path: str, value: Any) -> bool:
    short = len(known) < MAX_PATHS and len(path) <= MAX_PATH_CHARS
    return short and not isinstance(value, Mapping)


def _with_sample(entry: Mapping[str, Any] | None, value: Any) -> Mapping[str, Any]:
    kind = _kind(value)
    known = entry or {"kind": kind, "samples": []}
    if kind not in WITH_SAMPLES:
        return known
    sample = str(value)[:MAX_SAMPLE_CHARS]
    if sample in known["samples"]:
        return known
    return {**known, "samples": [sample, *known["samples"]][:MAX_SAMPLES]}


def _paths(
    properties: Mapping[str, Any], prefix: str = "", depth: int = 1
) -> Iterator[tuple[str, Any]]:
    """(path, value) of each leaf; what is nested deeper than a rule looks is one of them."""
    for name, value in properties.items():
        if isinstance(value, Mapping) and depth < MAX_DEPTH:
            yield from _paths(value, f"{prefix}{name}.", depth + 1)
        elif value is not None:
            yield f"{prefix}{name}", value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "text"
