"""When a schedule goes out next, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from triggers.clock import Recurrence, check, occurrences_between
from triggers.clock.sentence import DAY_NAMES, MONTH_NAMES
from triggers.trigger import ScheduleTrigger, Trigger

SHOWN = 5
LOOKED_AHEAD = timedelta(days=20 * 366)
NOT_YET = "Choose the days and the time, and the next ones appear here."
NEVER = "No time is left to come: nothing would be sent."
OF_EACH = "On each person's own clock, wherever they are."


@dataclass(frozen=True, kw_only=True)
class NextTimes:
    """`note` says whose clock it is, or why there are no times."""

    times: tuple[str, ...] = ()
    note: str = ""


def next_times(trigger: Trigger, *, now: datetime, zone: ZoneInfo) -> NextTimes:
    """Up to five; nothing for other kinds of trigger."""
    if not isinstance(trigger, ScheduleTrigger):
        return NextTimes()
    recurrence = trigger.recurrence
    if check(recurrence):
        return NextTimes(note=NOT_YET)
    found = occurrences_between(
        recurrence, since=now, until=now + LOOKED_AHEAD, zone=zone, limit=SHOWN
    )
    if not found:
        return NextTimes(note=NEVER)
    return NextTimes(
        times=tuple(in_full(each.at.astimezone(zone)) for each in found),
        note=_whose(recurrence, zone),
    )


def in_full(local: datetime) -> str:
    """Monday 23 November 2026 at 09:00"""
    return f"{DAY_NAMES[local.weekday()]} {day_in_full(local)} at {local:%H:%M}"


def day_in_full(local: datetime) -> str:
    return f"{local.day} {MONTH_NAMES[local.month - 1]} {local.year}"


def _whose(recurrence: Recurrence, zone: ZoneInfo) -> str:
    of_each = recurrence.once_at is None and recurrence.zone_mode == "person"
    return OF_EACH if of_each else f"On the workspace's clock ({zone.key})."
