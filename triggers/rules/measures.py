"""What can be asked of past events: how many, their sum, the lowest, the last, when, ..."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum, inf
from typing import Any, Final

from triggers.rules.operands import LARGEST_NUMBER
from triggers.rules.possible import Bounds, Options, Possible, Until
from triggers.rules.values import MISSING, Kind, kind_of


@dataclass(frozen=True, slots=True)
class Value:
    """What one past event brings. sure: False if its nested rule is unknown."""

    of: Any
    sure: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Newest first; complete: no older event was left out."""

    values: tuple[Value, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the table.

    name: the field. label: what the builder shows. words: what the sentence says; {event} and
    {path} are put in. of: what it takes from each event: "" (nothing), "property" or "time".
    operators: the only ones, if any are named. take: what the fact may be.
    """

    name: str
    label: str
    words: str
    of: str
    kinds: tuple[Kind, ...]
    operators: tuple[str, ...] = ()
    take: Callable[[Chosen], Possible]


def count(chosen: Chosen) -> Possible:
    sure = len(_sure(chosen))
    return Bounds(sure, len(chosen.values) if chosen.complete else inf, whole=True)


def total(chosen: Chosen) -> Possible:
    """An event that is not certain may bring 0 as well; one that is not loaded brings anything."""
    if not chosen.complete:
        return Bounds(-inf, inf)
    spans = [(_span(value.of), value.sure) for value in chosen.values]
    lows = [low if sure else min(low, 0) for (low, _), sure in spans]
    highs = [high if sure else max(high, 0) for (_, high), sure in spans]
    return Bounds(_sum(lows), _sum(highs))


def lowest(chosen: Chosen) -> Possible:
    spans, sure = _spans(chosen)
    if not spans:
        return Options((MISSING,))
    highs = [high for _, high in sure] or [max(high for _, high in spans)]
    return Bounds(min(low for low, _ in spans), min(highs), absent=not _any_number(sure))


def highest(chosen: Chosen) -> Possible:
    spans, sure = _spans(chosen)
    if not spans:
        return Options((MISSING,))
    lows = [low for low, _ in sure] or [min(low for low, _ in spans)]
    return Bounds(max(lows), max(high for _, high in spans), absent=not _any_number(sure))


def last(chosen: Chosen) -> Possible:
    """The newest certain event ends the search: older ones cannot be the last."""
    options, found = _up_to_first_sure(chosen.values)
    return Options(options, unlike=not found and not chosen.complete)


def first(chosen: Chosen) -> Possible:
    options, _ = _up_to_first_sure(reversed(chosen.values))
    return Options(options, unlike=not chosen.complete)


def first_at(chosen: Chosen) -> Possible:
    """Events left out are older, so the oldest certain one is the latest that it can be."""
    sure = _sure(chosen)
    return Until(sure[-1].of) if sure and not chosen.complete else first(chosen)


def _sure(chosen: Chosen) -> list[Value]:
    return [value for value in chosen.values if value.sure]


def _up_to_first_sure(values: Iterable[Value]) -> tuple[tuple[Any, ...], bool]:
    options = []
    for value in values:
        options.append(value.of)
        if value.sure:
            return tuple(options), True
    return (*options, MISSING), False


def _spans(chosen: Chosen) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The span of each possible number, and of those among them that are certain to count."""
    spans = [_span(value.of) for value in chosen.values]
    sure = [_span(value.of) for value in _sure(chosen)]
    return (spans if chosen.complete else [*spans, (-inf, inf)]), sure


def _span(value: Any) -> tuple[float, float]:
    """Without a number of 64 bits the event counts, but we cannot know with what."""
    if kind_of(value) is Kind.NUMBER and abs(value) <= LARGEST_NUMBER:
        return value, value
    return -inf, inf


def _any_number(spans: list[tuple[float, float]]) -> bool:
    return any(low > -inf for low, _ in spans)


def _sum(numbers: list[float]) -> float:
    """The same in any order, and exact for whole numbers."""
    return sum(numbers) if all(type(number) is int for number in numbers) else fsum(numbers)


_NUMBER = (Kind.NUMBER,)
# A count and a sum are always there, so "is set" would ask nothing.
_COMPARED = ("equals", "not_equals", "one_of", "not_one_of", "more_than", "less_than", "at_least",
             "at_most", "between")  # fmt: skip
_TABLE: Final = (
    Measure(
        name="history.count",
        label="How often an event happened",
        words="{event} happened",
        of="",
        kinds=_NUMBER,
        operators=_COMPARED,
        take=count,
    ),
    Measure(
        name="history.sum",
        label="Sum over past events",
        words="sum of {path} over {event}",
        of="property",
        kinds=_NUMBER,
        operators=_COMPARED,
        take=total,
    ),
    Measure(
        name="history.min",
        label="Lowest of past events",
        words="lowest {path} of {event}",
        of="property",
        kinds=_NUMBER,
        take=lowest,
    ),
    Measure(
        name="history.max",
        label="Highest of past events",
        words="highest {path} of {event}",
        of="property",
        kinds=_NUMBER,
        take=highest,
    ),
    Measure(
        name="history.first",
        label="Property of the first event",
        words="{path} of the first {event}",
        of="property",
        kinds=tuple(Kind),
        take=first,
    ),
    Measure(
        name="history.last",
        label="Property of the last event",
        words="{path} of the last {event}",
        of="property",
        kinds=tuple(Kind),
        take=last,
    ),
    Measure(
        name="history.first_at",
        label="When an event first happened",
        words="first {event}",
        of="time",
        kinds=(Kind.DATE,),
        take=first_at,
    ),
    Measure(
        name="history.last_at",
        label="When an event last happened",
        words="last {event}",
        of="time",
        kinds=(Kind.DATE,),
        take=last,
    ),
)

MEASURES: Final[dict[str, Measure]] = {measure.name: measure for measure in _TABLE}
