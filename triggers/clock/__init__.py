"""Waits, local time, schedules and dates, exact across clock changes. Pure: takes every time."""

from triggers.clock.dates import anniversary, date_trigger
from triggers.clock.local import (
    ClockTime,
    local_date,
    local_instant,
    start_of_local_day,
    start_of_local_month,
    start_of_local_week,
)
from triggers.clock.recurrence import (
    Occurrence,
    Recurrence,
    RecurrenceError,
    check,
    next_occurrence,
    occurrences_between,
)
from triggers.clock.sentence import sentence
from triggers.clock.wait import Elapsed, Wait, WallClock, due
from triggers.clock.zone import Zone, known_zones, zone_of

__all__ = [
    "ClockTime",
    "Elapsed",
    "Occurrence",
    "Recurrence",
    "RecurrenceError",
    "Wait",
    "WallClock",
    "Zone",
    "anniversary",
    "check",
    "date_trigger",
    "due",
    "known_zones",
    "local_date",
    "local_instant",
    "next_occurrence",
    "occurrences_between",
    "sentence",
    "start_of_local_day",
    "start_of_local_month",
    "start_of_local_week",
    "zone_of",
]
