"""When a place is open: the document, the instants, and the words for it."""

from triggers.places.hours.document import (
    MAX_DATES,
    MAX_INTERVALS,
    Hours,
    HoursError,
    Interval,
    check,
    read,
    write,
)
from triggers.places.hours.opening import Opening, opening
from triggers.places.hours.words import words

__all__ = [
    "MAX_DATES",
    "MAX_INTERVALS",
    "Hours",
    "HoursError",
    "Interval",
    "Opening",
    "check",
    "opening",
    "read",
    "words",
    "write",
]
