"""Three values: a test on a missing fact is neither true nor false, and unknown never sends."""

from collections.abc import Iterable
from enum import Enum
from typing import Final


class Verdict(Enum):
    MATCH = "match"
    NO_MATCH = "no_match"
    UNKNOWN = "unknown"


# Names of the module's own: Python 3.11 is several times slower to find a member on its Enum.
MATCH: Final = Verdict.MATCH
NO_MATCH: Final = Verdict.NO_MATCH
UNKNOWN: Final = Verdict.UNKNOWN


def verdict_of(holds: bool, /) -> Verdict:  # noqa: FBT001 - a truth value is what it turns
    return MATCH if holds else NO_MATCH


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's and: one no_match decides, else one unknown does. Nothing at all is a match."""
    result = MATCH
    for verdict in verdicts:
        if verdict is NO_MATCH:
            return verdict
        if verdict is UNKNOWN:
            result = verdict
    return result


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's or: one match decides, else one unknown does. Nothing at all is no match."""
    result = NO_MATCH
    for verdict in verdicts:
        if verdict is MATCH:
            return verdict
        if verdict is UNKNOWN:
            result = verdict
    return result


def negate(verdict: Verdict) -> Verdict:
    """Kleene's not: unknown stays unknown, so no chain of nots makes a missing fact fire."""
    if verdict is UNKNOWN:
        return verdict
    return NO_MATCH if verdict is MATCH else MATCH
