"""What tells one moment from another, and how often one person can get the campaign."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms

from campaigns.admin.durations import SECONDS, counted, in_words
from campaigns.admin.properties import full, short
from campaigns.services.trigger_checks.re_entry import told_apart_by
from triggers.trigger import HOUR_S, Base, ReEntry

USUAL_S = 24 * HOUR_S
NO_NUMBER = "Say how much time must lie between two."
MODES = [
    ("always", "Every time"),
    ("once", "Once"),
    ("every", "At most once every…"),
    ("daily", "Once a day, by the person's own clock"),
]
_FIELDS = ("re_entry", "re_entry_number", "re_entry_unit", "re_entry_scope")


class HowOftenForm(forms.Form):
    """The key is shown under When, the rest under Limits."""

    key = forms.CharField(
        required=False,
        label="What tells one from another?",
        help_text=(
            "A property of the event, such as cart_id: two carts of one person are two reminders. "
            "Empty if there is nothing to tell apart."
        ),
        widget=forms.TextInput(attrs={"list": "event-properties", "autocomplete": "off"}),
    )
    re_entry = forms.ChoiceField(
        required=False,
        label="How often can one person get this?",
        choices=MODES,
        widget=forms.RadioSelect,
    )
    re_entry_number = forms.FloatField(
        required=False,
        label="How many",
        widget=forms.NumberInput(attrs={"min": 0, "step": "any", "class": "cp-short"}),
    )
    re_entry_unit = forms.ChoiceField(
        required=False, label="Unit", choices=[(unit, unit) for unit in SECONDS]
    )
    re_entry_scope = forms.ChoiceField(
        required=False,
        label="Counted for",
        choices=[("person", "the person, whatever it is about"), ("key", "each one on its own")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self["re_entry_unit"].value()
        shown = [name for name in SECONDS if name in ("hours", "days", unit)]
        self.fields["re_entry_unit"].widget.choices = [(name, name) for name in shown]
        if self.key_name:
            self.fields["re_entry_scope"].widget.choices = [
                ("person", "the person, whatever it is about"),
                ("key", f"each {self.key_name} on its own"),
            ]

    @property
    def key_name(self) -> str:
        return str(self["key"].value() or "").strip()

    @property
    def re_entry_mode(self) -> str:
        return str(self["re_entry"].value() or "always")

    def clean(self) -> dict[str, Any]:
        """Asks for a number only where one is used."""
        typed = super().clean() or self.cleaned_data
        if typed.get("re_entry") != "every":
            for field in ("re_entry_number", "re_entry_unit"):
                self.errors.pop(field, None)
                typed.pop(field, None)
        elif "re_entry_number" not in self.errors and typed.get("re_entry_number") is None:
            self.add_error("re_entry_number", NO_NUMBER)
        return typed


def how_often_fields(trigger: Base) -> dict[str, Any]:
    number, unit = counted(trigger.re_entry.every_s or USUAL_S)
    return {
        "key": short(trigger.key),
        "re_entry": trigger.re_entry.mode,
        "re_entry_number": number,
        "re_entry_unit": unit,
        "re_entry_scope": trigger.re_entry.scope,
    }


def key_of(form: HowOftenForm, stored: Base) -> str:
    if form.add_prefix("key") not in form.data:
        return stored.key
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    return full(typed.get("key", ""))


def re_entry_of(form: HowOftenForm, stored: Base, *, key: str) -> ReEntry:
    """As typed; what nobody touched, or a page without these fields, leaves it."""
    kept = form.add_prefix("re_entry") not in form.data
    if kept or (key == told_apart_by(stored) and not set(_FIELDS) & set(form.changed_data)):
        return stored.re_entry
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    mode = typed.get("re_entry") or "always"
    if set(_FIELDS) & set(form.errors) or mode == "always":
        return ReEntry()
    every_s = 0
    if mode == "every":
        every_s = round(typed["re_entry_number"] * SECONDS[typed.get("re_entry_unit") or "hours"])
    scope = typed.get("re_entry_scope") or "person"
    document = {"mode": mode, "every_s": every_s, "scope": scope if key else "person"}
    return msgspec.convert(document, ReEntry)


def how_often_in_words(trigger: Base) -> str:
    """At most once every 2 days per cart_id"""
    rule = trigger.re_entry
    said = {
        "always": "Every time",
        "once": "Once",
        "every": f"At most once every {in_words(rule.every_s).removeprefix('1 ')}",
        "daily": "Once a day",
    }[rule.mode]
    key = short(told_apart_by(trigger))
    by_key = rule.scope == "key" and key and rule.mode != "always"
    return f"{said} per {key}" if by_key else said
