"""The tests themselves. Each function takes the operand once and gives back a check of a fact.

A fact of another kind than the operand is unknown, never false: "79" is not more than 50, and
it is not "not more than 50" either. Missing and null facts are of no kind, so they are unknown.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from triggers.rules import patterns
from triggers.rules.values import MISSING, Kind, as_instant, kind_of
from triggers.rules.verdict import MATCH, NO_MATCH, UNKNOWN, Verdict, negate, verdict_of

Check = Callable[[Any], Verdict]
CheckAt = Callable[[Any, Any], Verdict]


def equals(value: str | float | bool) -> Check:  # noqa: FBT001 - true and false are operands
    """Exact: "Utrecht" is not "utrecht"."""
    return _of_kind(kind_of(value), lambda fact: fact == value)


def one_of(values: Collection[Any]) -> Check:
    """Exact, like equals. The values are all of one kind."""
    wanted = frozenset(values)
    return _of_kind(kind_of(next(iter(wanted))), lambda fact: fact in wanted)


def more_than(value: float) -> Check:
    return _of_kind(Kind.NUMBER, lambda fact: fact > value)


def less_than(value: float) -> Check:
    return _of_kind(Kind.NUMBER, lambda fact: fact < value)


def at_least(value: float) -> Check:
    return _of_kind(Kind.NUMBER, lambda fact: fact >= value)


def at_most(value: float) -> Check:
    return _of_kind(Kind.NUMBER, lambda fact: fact <= value)


def between(bounds: tuple[float, float]) -> Check:
    """Both ends belong to it."""
    low, high = bounds
    return _of_kind(Kind.NUMBER, lambda fact: low <= fact <= high)


def contains(value: str) -> Check:
    """Capitals do not count."""
    part = value.casefold()
    return _of_kind(Kind.TEXT, lambda fact: part in fact.casefold())


def starts_with(value: str) -> Check:
    """Capitals do not count."""
    part = value.casefold()
    return _of_kind(Kind.TEXT, lambda fact: fact.casefold().startswith(part))


def ends_with(value: str) -> Check:
    """Capitals do not count."""
    part = value.casefold()
    return _of_kind(Kind.TEXT, lambda fact: fact.casefold().endswith(part))


def matches(value: str) -> Check:
    """Somewhere in the text; capitals count. A text too long to look through is unknown.

    Raises PatternError.
    """
    pattern = patterns.compiled(value)

    def check(fact: Any) -> Verdict:
        found = patterns.found(pattern, fact) if kind_of(fact) is Kind.TEXT else None
        return UNKNOWN if found is None else verdict_of(found)

    return check


def has(value: str | float) -> Check:
    """The list holds exactly this value."""
    return has_all((value,))


def has_any(values: Collection[Any]) -> Check:
    wanted = frozenset(values)
    return _of_list(kind_of(next(iter(wanted))), lambda items: not wanted.isdisjoint(items))


def has_all(values: Collection[Any]) -> Check:
    wanted = frozenset(values)
    return _of_list(kind_of(next(iter(wanted))), wanted.issubset)


def before(value: datetime) -> Check:
    """Strictly before."""
    return _of_instant(lambda instant: instant < value)


def after(value: datetime) -> Check:
    """Strictly after."""
    return _of_instant(lambda instant: instant > value)


def within_last(span: timedelta) -> CheckAt:
    """From now - span up to now, both included. Takes the fact and now."""
    return _of_instant_at(lambda instant, now: now - span <= instant <= now)


def within_next(span: timedelta) -> CheckAt:
    """From now up to now + span, both included. Takes the fact and now."""
    return _of_instant_at(lambda instant, now: now <= instant <= now + span)


def is_set(_nothing: None) -> Check:
    """There and not null. Empty text, an empty list and 0 are set."""
    return lambda fact: verdict_of(fact is not MISSING and fact is not None)


def is_true(_nothing: None) -> Check:
    return _of_kind(Kind.BOOLEAN, lambda fact: fact is True)


def is_false(_nothing: None) -> Check:
    return _of_kind(Kind.BOOLEAN, lambda fact: fact is False)


def opposite(build: Callable[[Any], Check]) -> Callable[[Any], Check]:
    """not_equals from equals and the like: what is unknown stays unknown."""

    def build_opposite(operand: Any) -> Check:
        check = build(operand)
        return lambda fact: negate(check(fact))

    return build_opposite


def _of_kind(kind: Kind | None, holds: Callable[[Any], bool]) -> Check:
    def check(fact: Any) -> Verdict:
        if kind_of(fact) is not kind:
            return UNKNOWN
        return MATCH if holds(fact) else NO_MATCH

    return check


def _of_list(kind: Kind | None, holds: Callable[[set[Any]], bool]) -> Check:
    """An item of another kind might have been meant, so beside one "not found" is unknown."""

    def check(fact: Any) -> Verdict:
        if type(fact) is not list:
            return UNKNOWN
        alike = [item for item in fact if kind_of(item) is kind]
        if holds(set(alike)):
            return MATCH
        return NO_MATCH if len(alike) == len(fact) else UNKNOWN

    return check


def _of_instant(holds: Callable[[datetime], bool]) -> Check:
    def check(fact: Any) -> Verdict:
        instant = as_instant(fact)
        return UNKNOWN if instant is None else verdict_of(holds(instant))

    return check


def _of_instant_at(holds: Callable[[datetime, datetime], bool]) -> CheckAt:
    def check(fact: Any, now: Any) -> Verdict:
        instant, at = as_instant(fact), as_instant(now)
        if instant is None or at is None:
            return UNKNOWN
        return verdict_of(holds(instant, at))

    return check
