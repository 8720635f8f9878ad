"""Don't send if, meanwhile, the person…: one row for each event that ends the wait."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django import forms
from django.forms.boundfield import BoundField

from campaigns.admin import rule_text
from campaigns.admin.properties import full, short
from triggers.trigger import CancelOn, Same

PREFIX = "cancel_on"
MOST_ROWS = 10
MOST_JOINS = 3
MOST_READ = 100  # rows or joins of one request; a file may have more than the page offers
NO_EVENT = "Choose what the person may do meanwhile, or remove this row."
HALF_A_JOIN = "Fill in both properties, or neither."
TOO_MANY = f"At most {MOST_ROWS}. Remove one to add another."
_ROW = re.compile(rf"{PREFIX}-([0-9]{{1,4}})-event")
_JOIN = re.compile(r"property_([0-9]{1,2})")


class CancelForm(forms.Form):
    """One row. It has as many joins as were stored or posted, and always a few to fill in."""

    event = forms.CharField(
        required=False,
        label="Does",
        widget=forms.TextInput(attrs={"list": "event-names", "autocomplete": "off"}),
    )
    rule = forms.CharField(
        required=False,
        label="Only if",
        widget=forms.Textarea(attrs={"class": "rule-builder", "rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number_of_joins = max([MOST_JOINS, *(number + 1 for number in self._joins_given())])
        for number in range(self.number_of_joins):
            self.fields[f"property_{number}"] = _property("The same", f"{self.prefix}-properties")
            self.fields[f"equals_{number}"] = _property("As this event's", "event-properties")

    @property
    def joins(self) -> list[tuple[BoundField, BoundField]]:
        """Pairs of a property of that event and one of this event."""
        return [
            (self[f"property_{number}"], self[f"equals_{number}"])
            for number in range(self.number_of_joins)
        ]

    @property
    def event_name(self) -> str:
        return str(self["event"].value() or "").strip()

    @property
    def has_rule(self) -> bool:
        try:
            return rule_text.read(str(self["rule"].value() or "")) is not None
        except rule_text.UnreadableRuleError:
            return True

    @property
    def is_blank(self) -> bool:
        joined = (field.value() for pair in self.joins for field in pair)
        return not (
            self.event_name or self.has_rule or any(str(value or "").strip() for value in joined)
        )

    def clean_event(self) -> str:
        event = str(self.cleaned_data["event"])
        if not event:
            raise forms.ValidationError(NO_EVENT)
        return event

    def clean_rule(self) -> rule_text.Document | None:
        return rule_text.checked(self.cleaned_data["rule"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for number in range(self.number_of_joins):
            theirs, ours = typed.get(f"property_{number}", ""), typed.get(f"equals_{number}", "")
            if bool(theirs) != bool(ours):
                self.add_error(f"equals_{number}" if theirs else f"property_{number}", HALF_A_JOIN)
        return typed

    def document(self) -> CancelOn:
        typed: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        return CancelOn(event=typed.get("event", ""), rule=typed.get("rule"), same=self._same())

    def _same(self) -> tuple[Same, ...]:
        return tuple(same for _, same in self.numbered_same())

    def numbered_same(self) -> list[tuple[int, Same]]:
        """The joins that are filled in, each with its number on the page."""
        typed: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        pairs = (
            (number, typed.get(f"property_{number}", ""), typed.get(f"equals_{number}", ""))
            for number in range(self.number_of_joins)
        )
        return [
            (number, Same(property=theirs, equals=full(ours)))
            for number, theirs, ours in pairs
            if theirs and ours
        ]

    def _joins_given(self) -> Iterator[int]:
        names = [*self.initial, *(name.removeprefix(f"{self.prefix}-") for name in self.data)]
        return (int(found[1]) for name in names if (found := _JOIN.fullmatch(name)))


class Cancels:
    """All rows of one request: as stored, or (with `data`) as typed.

    `counts` says whether they apply at all: with a wait, or where a file had them without one.
    """

    def __init__(self, *, data: Any, stored: tuple[CancelOn, ...], has_wait: bool) -> None:
        self.stored = stored
        self.is_posted = data is not None and PREFIX in data
        self.without_wait = data.get(PREFIX) == "always" if self.is_posted else not has_wait
        numbers = _numbers(data) if self.is_posted else range(len(stored))
        self.all = [self._row(number, data if self.is_posted else None) for number in numbers]
        self.wrong = ""

    @property
    def always(self) -> bool:
        """Rows that count also without a wait, because they were stored so."""
        return self.without_wait and bool(self.all)

    @property
    def used(self) -> list[CancelForm]:
        return [row for row in self.all if not row.is_blank]

    def _row(self, number: int, data: Any) -> CancelForm:
        known = cancel_fields(self.stored[number]) if number < len(self.stored) else {}
        return CancelForm(data, prefix=f"{PREFIX}-{number}", initial=known)

    def typed(self, *, counts: bool) -> tuple[CancelOn, ...]:
        """The rows as a definition has them; what nobody touched stays as it was stored."""
        if not self.is_posted:
            return self.stored
        if not counts:
            return ()
        rows = self.used
        for row in rows:
            row.full_clean()
        if len(rows) > max(MOST_ROWS, len(self.stored)):
            self.wrong = TOO_MANY
        untouched = len(rows) == len(self.stored) and not any(row.has_changed() for row in rows)
        return self.stored if untouched else tuple(row.document() for row in rows)

    def blank(self) -> CancelForm:
        return CancelForm(prefix=f"{PREFIX}-__prefix__")

    def spare(self) -> CancelForm:
        """One more row to fill in where no script can add it."""
        numbers = [int(row.prefix.rpartition("-")[2]) for row in self.all if row.prefix]
        return CancelForm(prefix=f"{PREFIX}-{max(numbers, default=-1) + 1}")


def cancel_fields(cancel: CancelOn) -> dict[str, Any]:
    joins = {
        name: value
        for number, same in enumerate(cancel.same)
        for name, value in (
            (f"property_{number}", same.property),
            (f"equals_{number}", short(same.equals)),
        )
    }
    rule = msgspec.json.encode(cancel.rule).decode() if cancel.rule else ""
    return {"event": cancel.event, "rule": rule, **joins}


def cancels_in_words(cancels: tuple[CancelOn, ...], *, trigger: str) -> str:
    """they do Order Completed with the same cart_id, or Cart Cleared; "" for none"""
    others = [_in_words(one) for one in cancels if one.event != trigger]
    return f"they do {', or '.join(others)}" if others else ""


def restart_in_words(cancels: tuple[CancelOn, ...], *, trigger: str) -> str:
    """another Product Added with the same cart_id starts the wait anew; "" if none does"""
    again = [_in_words(one) for one in cancels if one.event == trigger]
    return f"another {', or '.join(again)} starts the wait anew" if again else ""


def _in_words(cancel: CancelOn) -> str:
    joins = " and ".join(_join_in_words(same) for same in cancel.same)
    rule = rule_text.sentence(cancel.rule) if cancel.rule else ""
    return f"{cancel.event}{f' with {joins}' if joins else ''}{f' if {rule}' if rule else ''}"


def _join_in_words(same: Same) -> str:
    ours = short(same.equals)
    if ours == same.property:
        return f"the same {ours}"
    return f"{same.property} equal to this event's {ours}"


def _property(label: str, datalist: str) -> forms.CharField:
    attrs = {"list": datalist, "autocomplete": "off", "placeholder": "may be empty"}
    return forms.CharField(required=False, label=label, widget=forms.TextInput(attrs=attrs))


def _numbers(data: Any) -> list[int]:
    found = (_ROW.fullmatch(name) for name in data)
    return sorted({int(each[1]) for each in found if each})[:MOST_READ]
