"""What starts a campaign: the kinds a marketer chooses among, and the parts of the page of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from triggers.trigger import EventTrigger, Trigger

EVENT, ABSENCE, API = "event", "absence", "api"
SCHEDULE, DATE = "schedule", "date"
BUSINESS, INTERACTION = "business_event", "interaction"
PLACE = "place"
PLANNED = (SCHEDULE, DATE)
EVERYONE = "No conditions: everyone."
PARTS: dict[str, tuple[str, ...]] = {
    "event": (EVENT, ABSENCE),
    "absence": (ABSENCE,),
    "schedule": (SCHEDULE,),
    "date": (DATE,),
    "business": (BUSINESS,),
    "interaction": (INTERACTION,),
    "place": (PLACE,),
    "api": (API,),
    "key": (EVENT, ABSENCE, BUSINESS, INTERACTION, API),
    "max_age": (EVENT, ABSENCE, BUSINESS, INTERACTION, PLACE, API),
    "max_people": (SCHEDULE, DATE, BUSINESS),
}
FIELDS: dict[str, tuple[str, ...]] = {
    "event": ("event", "source"),
    "schedule": (
        *("repeat", "kept_rule", "every", "weekdays", "month_days"),
        *("start", "until", "schedule_at", "whose_time"),
    ),
    "date": ("trait", "date_side", "date_days", "date_hours", "date_at", "yearly"),
    "business": (
        *("business_event", "to_whom", "audience_event", "audience_property"),
        *("audience_equals", "audience_within", "max_per_hour"),
    ),
    "interaction": ("other_campaign", "did", "did_within"),
    "place": (
        *("crossing", "stay_for", "visit_for", "which_places", "place_tags", "confidence"),
        *("only_open", "open_minutes", "place_cooldown", "tag_cooldown", "quiet_hours"),
    ),
    "key": ("key",),
    "max_age": ("max_age",),
    "max_people": ("max_people",),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One choice. `short` names it in lists; `no_conditions` says whom it then reaches."""

    value: str
    label: str
    help: str
    short: str
    no_conditions: str = "No conditions: every such event counts."


KINDS = (
    Kind(
        value=EVENT,
        label="When someone does something",
        help="Such as visiting an open day. It is sent at once, or after a wait.",
        short="Someone does something",
    ),
    Kind(
        value=ABSENCE,
        label="When someone did something and then did not do something else",
        help="Such as filling a cart and not buying it within 45 minutes.",
        short="Someone did not go on",
    ),
    Kind(
        value=SCHEDULE,
        label="At a time, once or again and again",
        help="Such as every Monday at 09:00, to everyone whom the conditions fit.",
        short="At a time",
        no_conditions=EVERYONE,
    ),
    Kind(
        value=DATE,
        label="On a date we know of each person",
        help="Such as a week before a subscription ends, or on every birthday.",
        short="On a person's date",
        no_conditions=EVERYONE,
    ),
    Kind(
        value=BUSINESS,
        label="When your server reports something that happened to no person",
        help="Such as a product that is back in stock, to everyone who looked at it.",
        short="Your server reports something",
    ),
    Kind(
        value=INTERACTION,
        label="When someone got, opened or did not open another message",
        help="Such as a second reminder for those who did not open the first.",
        short="After another message",
    ),
    Kind(
        value=PLACE,
        label="When someone comes to a place",
        help="Such as a store: they come near, enter, stay for a while or leave.",
        short="Someone comes to a place",
        no_conditions="No conditions: everyone at one of these places.",
    ),
    Kind(
        value=API,
        label="When your server calls it",
        help="Your own system decides when, and for whom.",
        short="Your server calls it",
        no_conditions="No conditions: every call counts.",
    ),
)
_BY_VALUE = {kind.value: kind for kind in KINDS}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the page: the kinds that use it, and whether the chosen one does."""

    kinds: str
    shown: bool


class KindForm(forms.Form):
    """Comes first among the parts of the page's form: it forgets what the kind does not use."""

    kind = forms.ChoiceField(
        required=False,
        label="What starts it?",
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
    )

    @property
    def chosen(self) -> str:
        """A page from before there were kinds leaves the one that is stored."""
        posted = str(self["kind"].value() or "")
        known = posted if posted in _BY_VALUE else str(self.initial.get("kind") or "")
        return known or EVENT

    @property
    def kind_choices(self) -> list[tuple[Any, Kind]]:
        """Each choice with what there is to say of it."""
        return [(choice, _BY_VALUE[choice.data["value"]]) for choice in self["kind"]]

    @property
    def no_conditions(self) -> str:
        return no_conditions(self.chosen)

    @property
    def parts(self) -> dict[str, Part]:
        return {
            name: Part(kinds=" ".join(kinds), shown=self.chosen in kinds)
            for name, kinds in PARTS.items()
        }

    def uses(self, part: str) -> bool:
        return self.chosen in PARTS[part]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for field in unused_fields(self.chosen):
            self.errors.pop(field, None)
            typed.pop(field, None)
        return typed

    def is_untouched(self, fields: Iterable[str]) -> bool:
        return not set(fields) & set(self.changed_data)

    def are_wrong(self, fields: Iterable[str]) -> bool:
        return bool(set(fields) & set(self.errors))


def unused_fields(kind: str) -> list[str]:
    return [
        field
        for part, kinds in PARTS.items()
        if kind not in kinds
        for field in FIELDS.get(part, ())
    ]


def kind_of(trigger: Trigger) -> str:
    """An event with a wait that another event ends is what people call an absence."""
    kind = str(trigger.__struct_config__.tag)
    if not isinstance(trigger, EventTrigger) or trigger.wait is None:
        return kind
    others = [one for one in trigger.cancel_on if one.event != trigger.event]
    return ABSENCE if others else kind


def no_conditions(kind: str) -> str:
    return _BY_VALUE[kind].no_conditions


def short_name(trigger: Trigger) -> str:
    return _BY_VALUE[kind_of(trigger)].short
