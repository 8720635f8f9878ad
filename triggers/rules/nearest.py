"""The nearest thing that would have had to differ: the fewest tests that make a rule match."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triggers.rules.verdict import MATCH, NO_MATCH, Verdict

Trace = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A leaf of a trace, and the verdict it would have needed."""

    leaf: Trace
    needed: Verdict


Changes = tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Ways:
    """The fewest changes that give each verdict, in document order; None where none can."""

    match: Changes | None
    no_match: Changes | None


def nearest(trace: Trace) -> Changes:
    """The fewest leaves whose change makes the whole rule match, in document order.

    trace: as Rule.trace() makes it. Of equally few, those that come first in the document.
    Nothing for a rule that matched already, and for one that nothing could make match.
    """
    return _ways(trace).match or ()


def _ways(node: Trace) -> _Ways:
    if "rules" not in node:
        return _Ways(_change(node, MATCH), _change(node, NO_MATCH))
    inner = [_ways(rule) for rule in node["rules"]]
    to_match, to_no_match = [one.match for one in inner], [one.no_match for one in inner]
    if node["combinator"] == "and":
        ways = _Ways(_every(to_match), _cheapest(to_no_match))
    else:
        ways = _Ways(_cheapest(to_match), _every(to_no_match))
    return _Ways(ways.no_match, ways.match) if node["not"] else ways


def _change(leaf: Trace, needed: Verdict) -> Changes:
    return () if leaf["verdict"] == needed.value else (Difference(leaf=leaf, needed=needed),)


def _every(parts: Iterable[Changes | None]) -> Changes | None:
    """All parts together; what one part cannot do, the whole cannot."""
    together: Changes = ()
    for part in parts:
        if part is None:
            return None
        together += part
    return together


def _cheapest(parts: Iterable[Changes | None]) -> Changes | None:
    return min((part for part in parts if part is not None), key=len, default=None)
