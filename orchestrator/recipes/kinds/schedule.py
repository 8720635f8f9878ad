"""`schedule`: once, or again and again."""

from datetime import date, datetime
from typing import Any, Final

import msgspec

from orchestrator.recipes import every, people
from orchestrator.recipes.document import Schedule, When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.clock import Recurrence
from triggers.trigger import ScheduleTrigger

ON_ONE_DAY: Final = "FREQ=DAILY;COUNT=1"
CHOOSE: Final = "Say when, by just one of every, rrule and once."
ADD_FROM: Final = "Add “from:” here, with the first day, such as 2026-12-01."
NO_SUCH_DAY: Final = "There is no such day in the calendar, or no such time."
_UNTIL: Final = ";UNTIL="
_WAYS: Final = ("every", "rrule", "once")
# What may stand beside each way; a once with its own time needs nothing.
_BESIDE: Final = {
    "every": ("at", "time", "from", "until"),
    "rrule": ("at", "time", "from"),
    "once": ("at", "time"),
    "once, with a time": (),
}


def _read(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    if when.schedule is None:
        raise AssertionError(path)  # this kind was chosen by it
    recurrence = _recurrence(when.schedule, (*path, "schedule"), problems)
    if recurrence is None:
        return None
    return {"recurrence": recurrence, "max_people": people.read(when.at_most or people.DEFAULT)}


def _recurrence(schedule: Schedule, path: Path, problems: Problems) -> Recurrence | None:
    said = _said(schedule)
    ways = [name for name in _WAYS if name in said]
    if len(ways) != 1:
        problems.add((*path, *ways[1:2]), CHOOSE)
        return None
    timed = "T" in (schedule.once or "")
    way = "once, with a time" if timed else ways[0]
    for name in said:
        if name not in (*_WAYS, *_BESIDE[way]):
            problems.add((*path, name), f"Remove this; it does not go with {way}.")
    if timed:
        return _at_once(schedule, path, problems)
    return _on_days(schedule, path, problems)


def _said(schedule: Schedule) -> list[str]:
    fields = msgspec.structs.fields(Schedule)
    return [field.encode_name for field in fields if getattr(schedule, field.name) is not None]


def _at_once(schedule: Schedule, path: Path, problems: Problems) -> Recurrence | None:
    try:
        return Recurrence(once_at=datetime.fromisoformat(schedule.once or ""))
    except ValueError:
        problems.add((*path, "once"), NO_SUCH_DAY)
        return None


def _on_days(schedule: Schedule, path: Path, problems: Problems) -> Recurrence | None:
    if schedule.once is None and schedule.from_ is None:
        problems.add(path, ADD_FROM)
        return None
    days = {"once": schedule.once, "from": schedule.from_, "until": schedule.until}
    if any([_is_no_day(day, (*path, name), problems) for name, day in days.items()]):
        return None
    return Recurrence(
        rrule=_rule(schedule),
        start=date.fromisoformat(schedule.once or schedule.from_ or ""),
        at=schedule.at or "09:00",
        zone_mode=schedule.time or "workspace",
    )


def _is_no_day(day: str | None, path: Path, problems: Problems) -> bool:
    try:
        date.fromisoformat(day or "2000-01-01")
    except ValueError:
        problems.add(path, NO_SUCH_DAY)
        return True
    return False


def _rule(schedule: Schedule) -> str:
    if schedule.once is not None:
        return ON_ONE_DAY
    until = f"{_UNTIL}{schedule.until.replace('-', '')}" if schedule.until else ""
    return f"{every.read(schedule.every) if schedule.every else schedule.rrule}{until}"


def _write(trigger: ScheduleTrigger) -> dict[str, Any]:
    schedule = _written(trigger.recurrence)
    return {"schedule": schedule, "at_most": people.write(trigger.max_people)}


def _written(recurrence: Recurrence) -> dict[str, Any]:
    if recurrence.once_at is not None:
        return {"once": recurrence.once_at.isoformat()}
    clock = {"at": recurrence.at, "time": recurrence.zone_mode}
    start = recurrence.start.isoformat() if recurrence.start else ""
    if recurrence.rrule == ON_ONE_DAY:
        return {"once": start, **clock}
    how = _said_rule(recurrence.rrule or "")
    until = {"until": how.pop("until")} if "until" in how else {}
    return {**how, **clock, "from": start, **until}


def _said_rule(rule: str) -> dict[str, str]:
    plain, found, day = rule.partition(_UNTIL)
    said = every.write(plain)
    if said is None or (found and len(day) != 8):
        return {"rrule": rule}
    until = {"until": f"{day[:4]}-{day[4:6]}-{day[6:]}"} if found else {}
    return {"every": said, **until}


def _normal(trigger: ScheduleTrigger) -> ScheduleTrigger:
    """A once with its own time looks at nothing else."""
    recurrence = trigger.recurrence
    if recurrence.once_at is None:
        return trigger
    return msgspec.structs.replace(trigger, recurrence=Recurrence(once_at=recurrence.once_at))


SCHEDULE: Final = Kind(
    trigger=ScheduleTrigger,
    head="schedule",
    takes=("at_most",),
    read=_read,
    write=_write,
    places={"recurrence": ("schedule",), "max_people": ("at_most",)},
    normal=_normal,
)
