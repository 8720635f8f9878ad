"""At a time, once or again and again: the fields of a schedule, in both directions."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import msgspec
from django import forms

from campaigns.admin import month_days
from campaigns.admin.kinds import FIELDS, SCHEDULE, KindForm
from campaigns.admin.known import Known
from triggers.clock import Recurrence, check, local_instant
from triggers.clock.calendar_days import completed
from triggers.clock.recurrence import parts_of
from triggers.clock.rule_text import LONGEST_INTERVAL, WEEKDAYS, Repeat
from triggers.clock.sentence import DAY_NAMES

ONCE, DAILY, WEEKLY, MONTHLY, KEPT = "once", "daily", "weekly", "monthly", "kept"
AT = time(9)
ON_ONE_DAY = "FREQ=DAILY;COUNT=1"
NO_REPEAT = "Choose how often it is sent."
NO_START = "Choose the day."
NO_WEEKDAY = "Choose at least one day of the week."
NO_TIME = "Choose a time of day, such as 09:00."
BAD_DATE = "Choose a day, such as 24 December 2026."
SOONER = "The last day is before the first one. Choose a later one."
NOT_A_NUMBER = "Write a whole number from 1 to {most}."
REPEATS = [
    (ONCE, "Once"),
    (DAILY, "Every day"),
    (WEEKLY, "Every week"),
    (MONTHLY, "Every month"),
]
_SCHEDULE = FIELDS["schedule"]


def day_field(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "cp-day"})
    return forms.DateField(
        required=False,
        label=label,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": BAD_DATE},
        widget=widget,
    )


def time_field(label: str) -> forms.TimeField:
    attrs = {"type": "time", "class": "cp-time-of-day"}
    return forms.TimeField(
        required=False,
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": NO_TIME},
        widget=forms.TimeInput(format="%H:%M", attrs=attrs),
    )


class ScheduleForm(forms.Form):
    """The part of the page for a schedule; `kept_rule` is one that only a file could make."""

    repeat = forms.ChoiceField(
        required=False,
        label="How often?",
        choices=[*REPEATS, (KEPT, "As it was set up")],
        widget=forms.RadioSelect,
    )
    kept_rule = forms.CharField(required=False, widget=forms.HiddenInput)
    every = forms.IntegerField(
        required=False,
        label="Every how many",
        widget=forms.NumberInput(attrs={"min": 1, "class": "cp-short"}),
    )
    weekdays = forms.MultipleChoiceField(
        required=False,
        label="On which days?",
        choices=list(zip(WEEKDAYS, DAY_NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
    )
    month_days = forms.CharField(
        required=False,
        max_length=200,
        label="On which days of the month?",
        help_text="Such as 1, 15 or last day; or first Monday, last Friday.",
        widget=forms.TextInput(attrs={"list": "month-days", "autocomplete": "off"}),
    )
    start = day_field("First day")
    until = day_field("Last day")
    schedule_at = time_field("Time of day")
    whose_time = forms.ChoiceField(
        required=False,
        label="On whose clock?",
        choices=[("workspace", "The workspace's time"), ("person", "Each person's own time")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self["kept_rule"].value():
            self.fields["repeat"].choices = REPEATS  # type: ignore[attr-defined]

    @property
    def repeat_kind(self) -> str:
        return str(self["repeat"].value() or WEEKLY)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        repeat = typed.get("repeat")
        if not repeat and "repeat" not in self.errors:
            self.add_error("repeat", NO_REPEAT)
        self._check_days(repeat or "", typed)
        self._check_interval(repeat or "", typed)
        for field, sentence in (("start", NO_START), ("schedule_at", NO_TIME)):
            if typed.get(field) is None and field not in self.errors:
                self.add_error(field, sentence)
        return typed

    def _check_days(self, repeat: str, typed: dict[str, Any]) -> None:
        if repeat == WEEKLY and not typed.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", NO_WEEKDAY)
        if repeat == MONTHLY and "month_days" not in self.errors:
            try:
                month_days.rule_part(typed.get("month_days", ""))
            except month_days.MonthDaysError as error:
                self.add_error("month_days", str(error))
        else:
            self.errors.pop("month_days", None)

    def _check_interval(self, repeat: str, typed: dict[str, Any]) -> None:
        if repeat not in (DAILY, WEEKLY, MONTHLY):
            for field in ("every", "until"):
                self.errors.pop(field, None)
                typed.pop(field, None)
            return
        most = LONGEST_INTERVAL[repeat.upper()]
        if not 1 <= (typed.get("every") or 0) <= most:
            self.errors.pop("every", None)
            self.add_error("every", NOT_A_NUMBER.format(most=most))
        start, until = typed.get("start"), typed.get("until")
        if start and until and until < start:
            self.add_error("until", SOONER)


def schedule_fields(recurrence: Recurrence | None, known: Known) -> dict[str, Any]:
    """What the page shows; a rule that has no fields here is kept as it is."""
    usual = {
        "repeat": WEEKLY,
        "every": 1,
        "weekdays": ["MO"],
        "start": known.today,
        "schedule_at": AT,
        "whose_time": "workspace",
    }
    if recurrence is None or check(recurrence):
        return usual
    if recurrence.once_at is not None:
        local = recurrence.once_at.astimezone(known.zone)
        clock = time(local.hour, local.minute)
        return usual | {"repeat": ONCE, "start": local.date(), "schedule_at": clock}
    repeat, start = parts_of(recurrence)
    return usual | {
        "start": start,
        "schedule_at": time.fromisoformat(recurrence.at),
        "whose_time": recurrence.zone_mode,
        **(_repeat_fields(repeat, start) or {"repeat": KEPT, "kept_rule": recurrence.rrule}),
    }


def _repeat_fields(repeat: Repeat, start: date) -> dict[str, Any] | None:
    if repeat == Repeat(frequency="DAILY", count=1):
        return {"repeat": ONCE}
    if repeat.count or repeat.months or repeat.positions or repeat.week_start:
        return None
    full = completed(repeat, start)
    shown = {"repeat": repeat.frequency.lower(), "every": repeat.interval, "until": repeat.until}
    if repeat.frequency == "DAILY":
        return None if full.days or full.month_days else shown
    if repeat.frequency == "WEEKLY":
        return shown | {"weekdays": [WEEKDAYS[day] for _, day in full.days]}
    text = month_days.in_text(full)
    return None if repeat.frequency != "MONTHLY" or text is None else shown | {"month_days": text}


def recurrence_of(form: KindForm, stored: Recurrence | None, known: Known) -> Recurrence:
    """As typed; what nobody touched stays. A blank one while something is missing."""
    absent = form.add_prefix("repeat") not in form.data
    if stored and (absent or form.is_untouched(_SCHEDULE)):
        return stored
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    if form.are_wrong(_SCHEDULE) or form.chosen != SCHEDULE or not typed:
        return Recurrence()
    at, whose = f"{typed['schedule_at']:%H:%M}", typed.get("whose_time") or "workspace"
    if typed["repeat"] == ONCE and whose == "workspace":
        try:
            once_at = local_instant(typed["start"], typed["schedule_at"], known.zone)
        except OverflowError:
            return Recurrence()
        return Recurrence(once_at=once_at)
    document = {"rrule": _rule(typed), "start": typed["start"], "at": at, "zone_mode": whose}
    return msgspec.convert(document, Recurrence)


def _rule(typed: Mapping[str, Any]) -> str:
    repeat = typed["repeat"]
    if repeat in (ONCE, KEPT):
        return ON_ONE_DAY if repeat == ONCE else str(typed.get("kept_rule", ""))
    parts = [f"FREQ={repeat.upper()}"]
    if typed["every"] > 1:
        parts.append(f"INTERVAL={typed['every']}")
    if repeat == WEEKLY:
        parts.append(f"BYDAY={','.join(typed['weekdays'])}")
    if repeat == MONTHLY:
        parts.append(month_days.rule_part(typed["month_days"]))
    if typed.get("until"):
        parts.append(f"UNTIL={typed['until']:%Y%m%d}")
    return ";".join(parts)
