"""On a date we know of each person: the fields of a date, in both directions."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms

from campaigns.admin.kinds import FIELDS, KindForm
from campaigns.admin.schedules import AT, time_field
from triggers.trigger import DateTrigger

ON, BEFORE, AFTER = "on", "before", "after"
NO_NUMBER = "Say how many days or hours, or choose the day itself."
_DATE = FIELDS["date"]


class DateForm(forms.Form):
    """Days and hours count to the chosen side of the date."""

    trait = forms.CharField(
        required=False,
        label="Which date?",
        help_text="What we know of each person, such as birthday or subscription_ends.",
        widget=forms.TextInput(attrs={"list": "traits", "autocomplete": "off"}),
    )
    date_side = forms.ChoiceField(
        required=False,
        label="When?",
        choices=[(ON, "On the day itself"), (BEFORE, "Before it"), (AFTER, "After it")],
        widget=forms.RadioSelect,
    )
    date_days = forms.IntegerField(
        required=False, label="Days", widget=forms.NumberInput(attrs={"class": "cp-short"})
    )
    date_hours = forms.IntegerField(
        required=False, label="Hours", widget=forms.NumberInput(attrs={"class": "cp-short"})
    )
    date_at = time_field("Time of day")
    yearly = forms.BooleanField(required=False, label="Every year, such as a birthday")

    @property
    def side(self) -> str:
        return str(self["date_side"].value() or ON)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("date_side") in (BEFORE, AFTER):
            number = typed.get("date_days") or typed.get("date_hours")
            if not number and not {"date_days", "date_hours"} & set(self.errors):
                self.add_error("date_days", NO_NUMBER)
            return typed
        for field in ("date_days", "date_hours"):
            self.errors.pop(field, None)
            typed.pop(field, None)
        return typed


def date_fields(trigger: DateTrigger | None) -> dict[str, Any]:
    if trigger is None:
        return {"date_side": ON, "date_days": 1, "date_hours": 0, "date_at": AT}
    before = (trigger.days or trigger.hours) < 0
    sign = -1 if before else 1
    side = BEFORE if before else AFTER
    on = not trigger.days and not trigger.hours
    return {
        "trait": trigger.trait,
        "date_side": ON if on else side,
        "date_days": sign * trigger.days,
        "date_hours": sign * trigger.hours,
        "date_at": time.fromisoformat(trigger.at) if trigger.at else None,
        "yearly": trigger.yearly,
    }


def date_of(form: KindForm, stored: DateTrigger | None) -> dict[str, Any]:
    """What a date trigger has of its own; what nobody touched stays."""
    if stored and (form.add_prefix("trait") not in form.data or form.is_untouched(_DATE)):
        return {name: getattr(stored, name) for name in ("trait", "days", "hours", "at", "yearly")}
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    sign = -1 if typed.get("date_side") == BEFORE else 1
    at = typed.get("date_at")
    return {
        "trait": typed.get("trait", ""),
        "days": sign * (typed.get("date_days") or 0),
        "hours": sign * (typed.get("date_hours") or 0),
        "at": f"{at:%H:%M}" if at else None,
        "yearly": bool(typed.get("yearly")),
    }
