"""The operators a rule may use, as data: the visual builder is fed from this table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from triggers.rules import checks
from triggers.rules.patterns import MAX_PATTERN_CHARS
from triggers.rules.values import Kind
from triggers.rules.verdict import Verdict


class Takes(Enum):
    """The shape of an operator's value in the document."""

    NOTHING = "nothing"
    ONE = "one"
    MANY = "many"  # a list, not empty, all of one kind
    RANGE = "range"  # [low, high]
    SPAN = "span"  # {"n": 3, "unit": "minutes|hours|days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One row of the table.

    name: what documents store. label: what the builder shows. words: what the sentence says,
    before the value. kinds: of the value (none for NOTHING and SPAN). facts: the kinds of fact
    it can test. build: operand to check; the check takes the fact, and `now` if needs_now.
    max_chars: of a text value, where it is less than the rule may have anyway.
    """

    name: str
    label: str
    words: str
    takes: Takes
    kinds: tuple[Kind, ...] = ()
    facts: tuple[Kind, ...]
    build: Callable[[Any], Callable[..., Verdict]]
    needs_now: bool = False
    blank_allowed: bool = True
    max_chars: int | None = None


_SCALAR = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN)
_NAMEABLE = (Kind.TEXT, Kind.NUMBER)
_ANY = tuple(Kind)


def _same(name: str, words: str, takes: Takes, kinds: tuple[Kind, ...], build: Any) -> Operator:
    """Compares like with like: the fact must be of the value's kind."""
    return Operator(
        name=name,
        label=f"{words} (exactly, capitals matter)" if Kind.TEXT in kinds else words,
        words=words,
        takes=takes,
        kinds=kinds,
        facts=kinds,
        build=build,
    )


def _part(name: str, words: str, build: Any) -> Operator:
    """Looks for a part of a text. Every text has the empty part, so blank would always match."""
    return Operator(
        name=name,
        label=f"{words} (capitals do not matter)",
        words=words,
        takes=Takes.ONE,
        kinds=(Kind.TEXT,),
        facts=(Kind.TEXT,),
        build=build,
        blank_allowed=False,
    )


def _list(name: str, words: str, takes: Takes, build: Any) -> Operator:
    return Operator(
        name=name,
        label=f"{words} (exactly, capitals matter)",
        words=words,
        takes=takes,
        kinds=_NAMEABLE,
        facts=(Kind.LIST,),
        build=build,
    )


def _span(name: str, words: str, build: Any) -> Operator:
    return Operator(
        name=name,
        label=words,
        words=words,
        takes=Takes.SPAN,
        facts=(Kind.DATE,),
        build=build,
        needs_now=True,
    )


def _bare(name: str, words: str, facts: tuple[Kind, ...], build: Any) -> Operator:
    return Operator(
        name=name, label=words, words=words, takes=Takes.NOTHING, facts=facts, build=build
    )


_ONE, _MANY, _NUMBER, _DATE = Takes.ONE, Takes.MANY, (Kind.NUMBER,), (Kind.DATE,)
_TABLE: Final = (
    _same("equals", "is", _ONE, _SCALAR, checks.equals),
    _same("not_equals", "is not", _ONE, _SCALAR, checks.opposite(checks.equals)),
    _same("one_of", "is one of", _MANY, _NAMEABLE, checks.one_of),
    _same("not_one_of", "is not one of", _MANY, _NAMEABLE, checks.opposite(checks.one_of)),
    _same("more_than", "is more than", _ONE, _NUMBER, checks.more_than),
    _same("less_than", "is less than", _ONE, _NUMBER, checks.less_than),
    _same("at_least", "is at least", _ONE, _NUMBER, checks.at_least),
    _same("at_most", "is at most", _ONE, _NUMBER, checks.at_most),
    _same("between", "is from", Takes.RANGE, _NUMBER, checks.between),
    _part("contains", "contains", checks.contains),
    _part("not_contains", "does not contain", checks.opposite(checks.contains)),
    _part("starts_with", "starts with", checks.starts_with),
    _part("ends_with", "ends with", checks.ends_with),
    Operator(
        name="matches",
        label="matches the pattern (a regular expression, capitals matter)",
        words="matches",
        takes=_ONE,
        kinds=(Kind.TEXT,),
        facts=(Kind.TEXT,),
        build=checks.matches,
        blank_allowed=False,
        max_chars=MAX_PATTERN_CHARS,
    ),
    _list("has", "has", _ONE, checks.has),
    _list("has_any", "has any of", _MANY, checks.has_any),
    _list("has_all", "has all of", _MANY, checks.has_all),
    _same("before", "is before", _ONE, _DATE, checks.before),
    _same("after", "is after", _ONE, _DATE, checks.after),
    _span("within_last", "is within the last", checks.within_last),
    _span("within_next", "is within the next", checks.within_next),
    _bare("is_set", "is set", _ANY, checks.is_set),
    _bare("is_not_set", "is not set", _ANY, checks.opposite(checks.is_set)),
    _bare("is_true", "is true", (Kind.BOOLEAN,), checks.is_true),
    _bare("is_false", "is false", (Kind.BOOLEAN,), checks.is_false),
)

OPERATORS: Final[dict[str, Operator]] = {operator.name: operator for operator in _TABLE}

# What people and other tools call them; suggested, never accepted.
OTHER_NAMES: Final = {
    "=": "equals",
    "==": "equals",
    "is": "equals",
    "!=": "not_equals",
    "in": "one_of",
    "notIn": "not_one_of",
    ">": "more_than",
    "<": "less_than",
    ">=": "at_least",
    "<=": "at_most",
    "doesNotContain": "not_contains",
    "beginsWith": "starts_with",
    "null": "is_not_set",
    "notNull": "is_set",
    "exists": "is_set",
    "regex": "matches",
    "=~": "matches",
}
