"""When your server reports something: the event, the people it concerns, the safety limits."""

from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.admin.durations import DurationField
from campaigns.admin.kinds import BUSINESS, FIELDS, KindForm
from campaigns.admin.properties import full, short
from triggers.trigger import DAY_S, HOUR_S, Audience, BusinessTrigger

EVERYONE, JOINED = "everyone", "joined"
LONGEST_S = 400 * DAY_S
WITHIN = [(DAY_S, "1 day"), (7 * DAY_S, "7 days"), (30 * DAY_S, "30 days"), (90 * DAY_S, "90 days")]
OUT_OF_RANGE = "Choose between one hour and 400 days."
NO_NUMBER = "Write a whole number."
USUAL_PEOPLE, USUAL_PER_HOUR = 100_000, 20
_AUDIENCE = ("to_whom", *(name for name in FIELDS["business"] if name.startswith("audience_")))


class BusinessForm(forms.Form):
    """What to look for in the past of each person, and how much may go out at most."""

    business_event = forms.CharField(
        required=False,
        label="When your server reports",
        help_text="The event, exactly as your server sends it, such as Back In Stock.",
        widget=forms.TextInput(attrs={"list": "event-names", "autocomplete": "off"}),
    )
    to_whom = forms.ChoiceField(
        required=False,
        label="For whom?",
        choices=[
            (JOINED, "For people who did something with the same…"),
            (EVERYONE, "For everyone"),
        ],
        widget=forms.RadioSelect,
    )
    audience_event = forms.CharField(
        required=False,
        label="For people who did",
        widget=forms.TextInput(attrs={"list": "event-names", "autocomplete": "off"}),
    )
    audience_property = forms.CharField(
        required=False, label="With the same", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    audience_equals = forms.CharField(
        required=False,
        label="As the report's",
        widget=forms.TextInput(attrs={"list": "event-properties", "autocomplete": "off"}),
    )
    audience_within = DurationField(
        choices=WITHIN, limits=(HOUR_S, LONGEST_S), refusal=OUT_OF_RANGE, label="In the last"
    )
    max_people = forms.IntegerField(
        required=False,
        label="At most this many people",
        help_text="If more people fit, it stops, sends to nobody else, and this page says so.",
        widget=forms.NumberInput(attrs={"min": 1, "class": "cp-short"}),
    )
    max_per_hour = forms.IntegerField(
        required=False,
        label="At most this many reports an hour",
        help_text="A server that goes wrong then stops here, not on people's phones.",
        widget=forms.NumberInput(attrs={"min": 1, "class": "cp-short"}),
    )

    @property
    def audience(self) -> str:
        return str(self["to_whom"].value() or EVERYONE)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("to_whom") != JOINED:
            for field in _AUDIENCE[1:]:
                self.errors.pop(field, None)
                typed.pop(field, None)
        for field in ("max_people", "max_per_hour"):
            posted = self.add_prefix(field) in self.data
            if posted and typed.get(field) is None and field not in self.errors:
                self.add_error(field, NO_NUMBER)
        return typed


def business_fields(trigger: BusinessTrigger | None) -> dict[str, Any]:
    audience = trigger.audience if trigger else Audience(event="", property="", equals="")
    shown = {
        "business_event": trigger.event if trigger else "",
        "to_whom": JOINED if audience else EVERYONE,
        "audience_within": audience.within_s if audience else 30 * DAY_S,
        "max_per_hour": trigger.max_per_hour if trigger else USUAL_PER_HOUR,
    }
    if audience is None:
        return shown
    return shown | {
        "audience_event": audience.event,
        "audience_property": audience.property,
        "audience_equals": short(audience.equals),
    }


def business_of(form: KindForm, stored: BusinessTrigger | None) -> dict[str, Any]:
    """What a business event has of its own; what nobody touched stays."""
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    if stored and form.add_prefix("business_event") not in form.data:
        return {name: getattr(stored, name) for name in ("event", "audience", "max_per_hour")}
    per_hour = typed.get("max_per_hour")
    kept_per_hour = stored.max_per_hour if stored else USUAL_PER_HOUR
    return {
        "event": typed.get(BUSINESS, ""),
        "audience": _audience(typed),
        "max_per_hour": kept_per_hour if per_hour is None else per_hour,
    }


def _audience(typed: Mapping[str, Any]) -> Audience | None:
    """Most often both properties are called the same, so one name will do."""
    if typed.get("to_whom") != JOINED:
        return None
    theirs, ours = typed.get("audience_property", ""), typed.get("audience_equals", "")
    return Audience(
        event=typed.get("audience_event", ""),
        property=theirs or ours,
        equals=full(ours or theirs),
        within_s=typed.get("audience_within", 30 * DAY_S),
    )


def max_people_of(form: KindForm, stored: int) -> int:
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    number = typed.get("max_people")
    return stored if number is None else int(number)
