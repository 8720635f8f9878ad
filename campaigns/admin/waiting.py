"""When to send: at once, after a while, or at a time of day."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms

from campaigns.admin.durations import SECONDS, counted, in_words
from triggers.clock import Elapsed, Wait, WallClock
from triggers.clock.sentence import DAY_NAMES
from triggers.clock.wait import LONGEST_DAYS

AT_ONCE, ELAPSED, WALL_CLOCK = "at_once", "elapsed", "wall_clock"
IN_DAYS = "days"
USUAL = Elapsed(2700)
MORNING = WallClock(days=1, at="09:00")
USUAL_DAYS = 2
NO_NUMBER = "Say how long to wait."
NO_DAYS = f"Write a whole number of days, {LONGEST_DAYS} at most."
NO_TIME = "Choose a time of day, such as 09:00."
NO_DAY = "Choose a day."
# The same choices where a time of day was chosen before.
AFTER_THAT = {
    AT_ONCE: "No, send it then",
    ELAPSED: "For a while",
    WALL_CLOCK: "Until a time of day",
}
_DAY = re.compile(r"([0-9]{1,3})\.([0-6]?)")  # days to wait, and the weekday if it must be one
WAIT_FIELDS = ("wait", "wait_number", "wait_unit", "wait_day", "wait_days", "wait_at")


class WaitForm(forms.Form):
    """The part of the page that says when to send."""

    wait = forms.ChoiceField(
        required=False,
        label="When to send",
        choices=[
            (AT_ONCE, "At once"),
            (ELAPSED, "After a wait"),
            (WALL_CLOCK, "At a time of day"),
        ],
        widget=forms.RadioSelect,
    )
    wait_number = forms.FloatField(
        required=False,
        label="How long",
        widget=forms.NumberInput(attrs={"min": 0, "step": "any", "class": "cp-short"}),
    )
    wait_unit = forms.ChoiceField(
        required=False, label="Unit", choices=[(unit, unit) for unit in SECONDS]
    )
    wait_day = forms.CharField(required=False, label="Which day", widget=forms.Select)
    wait_days = forms.IntegerField(
        required=False,
        label="Number of days",
        widget=forms.NumberInput(attrs={"min": 0, "max": LONGEST_DAYS, "class": "cp-short"}),
    )
    wait_at = forms.TimeField(
        required=False,
        label="Time of day",
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": NO_TIME},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "cp-time-of-day"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = str(self["wait_day"].value() or "")
        widget = self.fields["wait_day"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared above
        widget.choices = day_choices(day)
        if self["wait_unit"].value() != "seconds":
            self.fields["wait_unit"].widget.choices = [(unit, unit) for unit in SECONDS][1:]

    @property
    def wait_kind(self) -> str:
        return str(self["wait"].value() or AT_ONCE)

    @property
    def wait_choices(self) -> list[tuple[Any, str]]:
        """Each choice with its words for what goes out at a time that was planned."""
        return [(choice, AFTER_THAT[choice.data["value"]]) for choice in self["wait"]]

    def clean(self) -> dict[str, Any]:
        """Asks only for what the chosen kind uses; the rest is left behind."""
        typed = super().clean() or self.cleaned_data
        used: dict[str, tuple[str, ...]] = {
            ELAPSED: ("wait_number", "wait_unit"),
            WALL_CLOCK: ("wait_day", "wait_days", "wait_at"),
        }
        chosen = used.get(typed.get("wait", ""), ())
        for field in set(WAIT_FIELDS[1:]) - set(chosen):
            self.errors.pop(field, None)
            typed.pop(field, None)
        if typed.get("wait") == ELAPSED:
            self._check_number(typed)
        elif typed.get("wait") == WALL_CLOCK:
            self._check_day(typed)
        return typed

    def _check_number(self, typed: dict[str, Any]) -> None:
        if "wait_number" not in self.errors and typed.get("wait_number") is None:
            self.add_error("wait_number", NO_NUMBER)

    def _check_day(self, typed: dict[str, Any]) -> None:
        day, days = typed.get("wait_day", ""), typed.get("wait_days")
        if day == IN_DAYS:
            if "wait_days" in self.errors or days is None or not 0 <= days <= LONGEST_DAYS:
                self.errors.pop("wait_days", None)
                self.add_error("wait_days", NO_DAYS)
        else:
            self.errors.pop("wait_days", None)
            found = _DAY.fullmatch(day)
            if not found or int(found[1]) > LONGEST_DAYS:
                self.add_error("wait_day", NO_DAY)
        if typed.get("wait_at") is None and "wait_at" not in self.errors:
            self.add_error("wait_at", NO_TIME)


def wait_fields(wait: Wait | None) -> dict[str, Any]:
    """What the page shows for a wait; the kinds that are not chosen show something usual."""
    clock = wait if isinstance(wait, WallClock) else MORNING
    number, unit = counted(wait.seconds if isinstance(wait, Elapsed) else USUAL.seconds)
    plain = clock.weekday is None and clock.days > 1
    return {
        "wait": _kind(wait),
        "wait_number": number,
        "wait_unit": unit,
        "wait_day": IN_DAYS if plain else _day(clock.days, clock.weekday),
        "wait_days": clock.days if plain else USUAL_DAYS,
        "wait_at": time.fromisoformat(clock.at),
    }


def wait_of(form: WaitForm, stored: Wait | None) -> Wait | None:
    """The wait as typed; what nobody touched, or a page without these fields, leaves it."""
    kept = form.add_prefix("wait") not in form.data
    if kept or not set(WAIT_FIELDS) & set(form.changed_data):
        return stored
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    if set(WAIT_FIELDS) & set(form.errors) or typed.get("wait") not in (ELAPSED, WALL_CLOCK):
        return None
    if typed["wait"] == ELAPSED:
        unit = typed.get("wait_unit") or "minutes"
        return Elapsed(round(typed["wait_number"] * SECONDS[unit]))
    at = f"{typed['wait_at']:%H:%M}"
    if typed["wait_day"] == IN_DAYS:
        return WallClock(days=typed["wait_days"], at=at)
    days, _, weekday = typed["wait_day"].partition(".")
    return WallClock(days=int(days), at=at, weekday=int(weekday) if weekday else None)


def day_choices(chosen: str) -> list[tuple[str, str]]:
    """Days people ask for, and the one that a file has asked for, if it is none of them."""
    usual = [
        (_day(1, None), "the next day"),
        (IN_DAYS, "some days later"),
        *((_day(1, weekday), f"next {name}") for weekday, name in enumerate(DAY_NAMES)),
        (_day(0, None), "the same day, if not too late"),
    ]
    found = _DAY.fullmatch(chosen)
    if not found or chosen in dict(usual):
        return usual
    weekday = int(found[2]) if found[2] else None
    return [*usual, (chosen, day_in_words(int(found[1]), weekday))]


def day_in_words(days: int, weekday: int | None) -> str:
    if weekday is None:
        usual = {0: "the same day, or the next if it is too late", 1: "the next day"}
        return usual.get(days, f"in {days} days")
    name = DAY_NAMES[weekday]
    if days == 0:
        return f"this or next {name}"
    return f"next {name}" if days == 1 else f"the first {name} at least {days} days later"


def wait_in_words(wait: Wait) -> str:
    """wait 45 minutes; or: wait until 09:00 the next day"""
    if isinstance(wait, Elapsed):
        return f"wait {in_words(wait.seconds)}"
    return f"wait until {wait.at} {day_in_words(wait.days, wait.weekday)}"


def _kind(wait: Wait | None) -> str:
    if wait is None:
        return AT_ONCE
    return ELAPSED if isinstance(wait, Elapsed) else WALL_CLOCK


def _day(days: int, weekday: int | None) -> str:
    return f"{days}.{'' if weekday is None else weekday}"
