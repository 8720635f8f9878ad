"""What a history fact may be where not every past event is certain or loaded.

Its verdict is the operator's, tried at enough of the possible values to know it for all of
them; if they differ, it is unknown. How many are enough is the matter of each class here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import ceil, floor, isfinite
from typing import Any, Final

from triggers.rules.values import MISSING
from triggers.rules.verdict import UNKNOWN, Verdict

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
LATEST: Final = datetime.max.replace(tzinfo=UTC)
SHOWN_OPTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Options:
    """One of these values, each of which is tried. `unlike` says that others may be it too."""

    values: tuple[Any, ...]
    unlike: bool = False

    def probes(self, _marks: Collection[float], _now: datetime | None) -> Iterable[Any]:
        return self.values

    def seen(self) -> dict[str, Any]:
        known = tuple(value for value in self.values if value is not MISSING)
        if len(self.values) == 1 and not self.unlike:
            return {"actual": known[0]} if known else {}
        return {"options": known[:SHOWN_OPTIONS]} if known else {}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number from low to high (both included, or infinite), or perhaps absent.

    marks are the operator's own numbers. Every operator on numbers gives one verdict for all
    numbers between two neighbouring marks, so both ends, the marks in between and one number
    from each gap stand for all: "equals 5" differs at 5 although 3 and 8 agree.
    """

    low: float
    high: float
    absent: bool = False
    whole: bool = False

    def probes(self, marks: Collection[float], _now: datetime | None) -> Iterable[Any]:
        within = (mark for mark in self._marks(marks) if self.low <= mark <= self.high)
        points = sorted({*self._ends(marks), *within})
        yield from points
        for low, high in pairwise(points):
            yield (low + high) // 2 if self.whole else (low + high) / 2
        if self.absent:
            yield MISSING

    def seen(self) -> dict[str, Any]:
        if self.low == self.high and not self.absent:
            return {"actual": self.low}
        ends = {"low": self.low, "high": self.high}
        return {name: number for name, number in ends.items() if isfinite(number)}

    def _marks(self, marks: Collection[float]) -> Iterable[float]:
        """Of whole numbers, "at least 2.5" parts 2 from 3."""
        return {end(mark) for mark in marks for end in (floor, ceil)} if self.whole else marks

    def _ends(self, marks: Collection[float]) -> tuple[float, float]:
        """For infinity a number beyond all others, because infinity itself is no number."""
        others = [abs(number) for number in (self.low, self.high, *marks) if isfinite(number)]
        beyond = 2 * ceil(max(others, default=0)) + 1
        return max(self.low, -beyond), min(self.high, beyond)


@dataclass(frozen=True, slots=True)
class Until:
    """An instant that is `latest` or any earlier one.

    Before, after and the windows around now change their verdict once on the way back from
    latest, but for a latest in the future: the windows contain now, so now is tried as well.
    """

    latest: datetime

    def probes(self, _marks: Collection[float], now: datetime | None) -> Iterable[Any]:
        return EARLIEST, min(now or self.latest, self.latest), self.latest

    def seen(self) -> dict[str, Any]:
        return {"high": self.latest}


Possible = Options | Bounds | Until


def agreed(verdicts: Iterable[Verdict]) -> Verdict:
    different = set(verdicts)
    return different.pop() if len(different) == 1 else UNKNOWN
