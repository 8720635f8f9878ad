"""What is wrong with segments, as the whole that they will be. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from triggers.rules import MAX_SEGMENT_CHAIN, Rule, RuleError, check_cycles, parse
from triggers.rules.errors import closest
from triggers.rules.operands import has_unstorable
from triggers.rules.values import printable

MAX_NAME: Final = 200
FAMILY: Final = "segment."
NO_NAME: Final = "Give the segment a name."
BAD_NAME: Final = f"Use at most {MAX_NAME} plain characters."
EVERYBODY: Final = "Add a condition: without one, everybody would be in this segment."

Document = Mapping[str, Any]
Problem = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A segment as somebody wrote it; `rule` is a document of triggers.rules."""

    key: str
    name: str
    rule: Document | None


def unknown_segments(rule: Document | None, *, known: Iterable[str]) -> list[Problem]:
    """(pointer, sentence) of each test of a segment that is not among the known keys."""
    there = sorted(known)
    return [
        (pointer, _no_segment(key, there))
        for pointer, key in asked_at(rule or {})
        if key not in there
    ]


def _no_segment(key: str, known: Sequence[str]) -> str:
    near = closest(key, known)
    hint = f" Did you mean “{near}”?" if near else ""
    return f"There is no segment “{printable(key)}”.{hint}"


def asked_at(node: Document, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, key) of each test of a segment in a rule that parses."""
    field = node.get("field")
    if isinstance(field, str) and field.startswith(FAMILY):
        yield f"{pointer}/field", field.removeprefix(FAMILY)
    for at, inner in enumerate(node.get("rules") or ()):
        yield from asked_at(inner, f"{pointer}/rules/{at}")


def readable(segments: Iterable[Named]) -> dict[str, Rule]:
    """The rules by key, without those that this release cannot read."""
    found = {}
    for segment in segments:
        try:
            found[segment.key] = parse(segment.rule, scope="segment")
        except RuleError:
            continue
    return found


def segments_asking(key: str, segments: Iterable[Named]) -> list[Named]:
    """Those whose own rule names the segment of this key."""
    return [one for one in segments if any(asked == key for _, asked in asked_at(one.rule or {}))]


def problems_of(*, given: Sequence[Named], stored: Mapping[str, Named]) -> dict[str, list[Problem]]:
    """By key of the given ones, (field, sentence) of everything wrong once they are stored too.

    The field is "name", or "rule" with a JSON pointer behind it.
    """
    all_of_them = {**stored, **{one.key: one for one in given}}
    found = {one.key: [*_name(one), *rule_problems(one.rule, known=all_of_them)] for one in given}
    if not any(found.values()):
        for key, problem in _of_the_whole(given, all_of_them):
            found[key].append(problem)
    return {key: problems for key, problems in found.items() if problems}


def _name(segment: Named) -> list[Problem]:
    if not segment.name.strip():
        return [("name", NO_NAME)]
    if len(segment.name) > MAX_NAME or has_unstorable(segment.name):
        return [("name", BAD_NAME)]
    return []


def rule_problems(rule: Document | None, *, known: Iterable[str]) -> list[Problem]:
    """What is wrong with the rule of one segment alone, where these segments are known."""
    try:
        parsed = parse(rule, scope="segment")
    except RuleError as error:
        hint = f" Did you mean {error.suggestion}?" if error.suggestion else ""
        return [(f"rule{error.pointer}", f"{error.message}{hint}")]
    if not parsed.root.rules:
        return [("rule", EVERYBODY)]
    unknown = unknown_segments(rule, known=known)
    return [(f"rule{pointer}", sentence) for pointer, sentence in unknown]


def _of_the_whole(
    given: Sequence[Named], segments: Mapping[str, Named]
) -> Iterator[tuple[str, Problem]]:
    rules = readable(segments.values())
    circles = check_cycles(rules)
    for path in [(*circle, circle[0]) for circle in circles] or _too_long(rules):
        changed = [one for one in given if one.key in path[:-1]]
        # What nobody touches now was there before, so that it is for somebody else to mend.
        for segment in changed[:1]:
            after = path[path.index(segment.key) + 1]
            said = _circle(path, segments) if circles else _chain(path, segments)
            yield segment.key, (_place(segment, after), said)


def _too_long(rules: Mapping[str, Rule]) -> list[tuple[str, ...]]:
    """The longest way through the segments, if it is longer than rules can go."""
    ways: dict[str, tuple[str, ...]] = {}
    longest = max((_way(key, rules, ways) for key in rules), key=len, default=())
    return [longest] if len(longest) > MAX_SEGMENT_CHAIN else []


def _way(key: str, rules: Mapping[str, Rule], ways: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if key not in ways:
        asked = sorted(rules[key].segments & rules.keys())
        ways[key] = (key, *max((_way(one, rules, ways) for one in asked), key=len, default=()))
    return ways[key]


def _place(segment: Named, asked: str) -> str:
    pointers = (pointer for pointer, key in asked_at(segment.rule or {}) if key == asked)
    return f"rule{next(pointers)}"


def _circle(path: Sequence[str], segments: Mapping[str, Named]) -> str:
    """Loyal asks New, and New asks Loyal."""
    if len(path) == 2:
        return f"{segments[path[0]].name} asks itself. Take that condition out."
    return f"These segments lead in a circle: {_steps(path, segments)}."


def _chain(path: Sequence[str], segments: Mapping[str, Named]) -> str:
    most = f"Segments can ask each other {MAX_SEGMENT_CHAIN} deep at most"
    return f"{most}: {_steps(path, segments)}."


def _steps(path: Sequence[str], segments: Mapping[str, Named]) -> str:
    *most, last = [f"{segments[one].name} asks {segments[two].name}" for one, two in pairwise(path)]
    return f"{', '.join(most)}, and {last}" if most else last
