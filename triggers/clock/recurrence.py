"""Schedules: once, or again and again on the days of a rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain, islice, pairwise, takewhile
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from triggers.clock.calendar_days import FIRST_DAY, LAST_DAY, days_of
from triggers.clock.local import CLOCK_TIME, DAY, ClockTime, local_date, local_instant
from triggers.clock.rule_text import Repeat, read_rule


class Recurrence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `once_at`, an instant, or `rrule` from the day `start` on, at `at` local time.

    zone_mode: whose local time, the workspace's or each person's; the caller passes the zone.
    Once, on a day in each person's time, is the rule FREQ=DAILY;COUNT=1.
    """

    rrule: str | None = None
    once_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    start: date | None = None
    at: ClockTime = "09:00"
    zone_mode: Literal["workspace", "person"] = "workspace"


class RecurrenceError(ValueError):
    """A recurrence was used that check() refuses. Its text is those sentences."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """key: the local date, or for `once_at` its instant, in ISO form. at: in UTC."""

    key: str
    at: datetime


def check(recurrence: Recurrence) -> list[str]:
    """What is wrong with it, each in a sentence that says what to do; [] when it can be used."""
    problems = _problems(recurrence)
    if problems or recurrence.rrule is None:
        return problems
    repeat, start = parts_of(recurrence)
    if repeat.until is not None and repeat.until < start:
        return ["The rule ends before it starts. Choose an earlier start or a later end."]
    if next(days_of(repeat, start=start, since=start), None) is None:
        return ["No day fits this rule, so it would never run. Choose other days."]
    return []


def next_occurrence(recurrence: Recurrence, *, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first time later than `after`, in UTC; None when there is none within 30 years."""
    found = _occurrences(recurrence, since=after, zone=zone)
    return next((each.at for each in found if each.at > after), None)


def occurrences_between(
    recurrence: Recurrence, *, since: datetime, until: datetime, zone: ZoneInfo, limit: int
) -> list[Occurrence]:
    """Those in [since, until), oldest first, at most `limit` of them."""
    found = _occurrences(recurrence, since=since, zone=zone)
    early = takewhile(lambda each: each.at < until, found)
    return list(islice((each for each in early if each.at >= since), limit))


def parts_of(recurrence: Recurrence) -> tuple[Repeat, date]:
    """The rule and its first day. RecurrenceError when they cannot be used."""
    problems, repeat = _problems(recurrence), read_rule(recurrence.rrule or "")[0]
    if problems or repeat is None or recurrence.start is None:
        raise RecurrenceError(" ".join(problems))
    return repeat, recurrence.start


def _occurrences(
    recurrence: Recurrence, *, since: datetime, zone: ZoneInfo
) -> Iterator[Occurrence]:
    if recurrence.once_at is not None:
        at = recurrence.once_at.astimezone(UTC)
        yield Occurrence(key=at.isoformat(), at=at)
        return
    repeat, start = parts_of(recurrence)
    clock = time.fromisoformat(recurrence.at)
    # A clock change can move an occurrence into the next day, so begin a day early.
    days = days_of(repeat, start=start, since=local_date(since, zone) - DAY)
    for day, following in pairwise(chain(days, [date.max])):
        at = local_instant(day, clock, zone)
        lands_on = local_date(at, zone)
        # One a local date: the one that was moved gives way to the day's own.
        if lands_on != day and lands_on == following:
            continue
        yield Occurrence(key=lands_on.isoformat(), at=at)


def _problems(recurrence: Recurrence) -> list[str]:
    if (recurrence.rrule is None) == (recurrence.once_at is None):
        return ["Choose either one time, or a rule that repeats."]
    if recurrence.once_at is not None:
        aware = recurrence.once_at.utcoffset() is not None
        return [] if aware else ["The time needs its zone, such as 2026-12-24T09:00:00+01:00."]
    problems = list(read_rule(recurrence.rrule or "")[1])
    if recurrence.start is None:
        problems.append("Choose the first day.")
    elif not FIRST_DAY <= recurrence.start <= LAST_DAY:
        problems.append(f"Choose a first day from {FIRST_DAY} to {LAST_DAY}.")
    if not re.fullmatch(CLOCK_TIME, recurrence.at):
        problems.append("Write the time as hours and minutes, such as 09:00.")
    return problems
