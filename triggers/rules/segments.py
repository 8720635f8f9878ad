"""Whether a person is in a segment: a named rule, asked only when a rule gets to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from triggers.rules.values import MISSING
from triggers.rules.verdict import MATCH, NO_MATCH, UNKNOWN, Verdict

# A segment inside a segment and so on; also what ends a cycle that was never checked.
MAX_SEGMENT_CHAIN: Final = 8
# A segment is about a person at any time, so the triggering event and its device stay outside.
SEEN_BY_SEGMENTS: Final = ("person", "history", "now", "zone", "segments")

_ASKED: Final = "segments_asked"
_TRUTHS: Final = {MATCH: True, NO_MATCH: False, UNKNOWN: MISSING}


@dataclass(frozen=True, slots=True)
class _Asked:
    """How deep we are, and the verdicts so far: two ways to one segment cost no more than one.

    Kept by depth, because deeper down the chain's end may make a verdict unknown.
    """

    depth: int
    verdicts: dict[tuple[int, str], Verdict]


def membership(key: str) -> Callable[[Mapping[str, Any]], Any]:
    """True, False, or missing where the segment is not there or its rule is unknown."""

    def read(facts: Mapping[str, Any]) -> Any:
        segments = facts.get("segments")
        rule = segments.get(key) if isinstance(segments, Mapping) else None
        return MISSING if rule is None else _TRUTHS[_verdict(key, rule, facts)]

    return read


def _verdict(key: str, rule: Any, facts: Mapping[str, Any]) -> Verdict:
    asked = facts.get(_ASKED) or _Asked(0, {})
    if asked.depth == MAX_SEGMENT_CHAIN:
        return UNKNOWN
    place = (asked.depth, key)
    if place not in asked.verdicts:
        known = {name: facts[name] for name in SEEN_BY_SEGMENTS if name in facts}
        known[_ASKED] = _Asked(asked.depth + 1, asked.verdicts)
        asked.verdicts[place] = rule.verdict(known)
    return asked.verdicts[place]
