"""When someone comes to a place: what they do there, at which places, and how often."""

from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.admin.durations import DurationField
from campaigns.admin.kinds import FIELDS, KindForm
from campaigns.admin.known import Known
from campaigns.services.trigger_checks.place import (
    COOLDOWN_RANGE,
    LEAST_STAY_S,
    MOST_COOLDOWN_S,
    MOST_OPEN_FOR_S,
    MOST_STAY_S,
    MOST_VISIT_S,
    OPEN_FOR_RANGE,
    STAY_RANGE,
    VISIT_RANGE,
)
from triggers.places.crossings import APPROACHED, ENTERED, EXITED
from triggers.trigger import DAY_S, HOUR_S, MINUTE_S, PlaceTrigger

ENTER, STAY, LEAVE, NEAR = "enter", "dwell", "exit", "approach"
CROSSING_NAMES = {ENTER: ENTERED, STAY: ENTERED, LEAVE: EXITED, NEAR: APPROACHED}
ALL, TAGGED = "all", "tagged"
MOST_OFFERED = 200
NO_TAG = "Choose a tag, or all places."
NO_PLACE_HAS_IT = "no place"
STAYS = [
    (5 * MINUTE_S, "5 minutes"),
    (10 * MINUTE_S, "10 minutes"),
    (30 * MINUTE_S, "30 minutes"),
    (HOUR_S, "1 hour"),
]
VISITS = [(0, "Any visit"), *STAYS]
COOLDOWNS = [
    (0, "No limit"),
    (HOUR_S, "1 hour"),
    (4 * HOUR_S, "4 hours"),
    (DAY_S, "1 day"),
    (7 * DAY_S, "7 days"),
]
USUAL = PlaceTrigger()
_OWN = (
    *("crossing", "tags", "confidence", "stay_s", "visit_s", "open_for_s"),
    *("place_cooldown_s", "tag_cooldown_s", "quiet_hours"),
)


class TagsField(forms.MultipleChoiceField):
    """What no place has is refused by the services, which know what was meant."""

    def valid_value(self, value: Any) -> bool:
        return bool(str(value).strip())


class PlaceForm(forms.Form):
    """The tags to choose from are those of the workspace's places; see `offer_tags`."""

    crossing = forms.ChoiceField(
        required=False,
        label="What does the person do?",
        choices=[
            (ENTER, "Comes to (enters)"),
            (STAY, "Stays at least"),
            (LEAVE, "Leaves, after a visit of at least"),
            (NEAR, "Comes near (within the ring drawn at each place)"),
        ],
        widget=forms.RadioSelect,
    )
    stay_for = DurationField(
        choices=STAYS,
        limits=(LEAST_STAY_S, MOST_STAY_S),
        refusal=STAY_RANGE,
        label="How long at least?",
    )
    visit_for = DurationField(
        choices=VISITS,
        limits=(0, MOST_VISIT_S),
        refusal=VISIT_RANGE,
        label="How long was the visit at least?",
    )
    which_places = forms.ChoiceField(
        required=False,
        label="Which places?",
        choices=[(ALL, "All places"), (TAGGED, "Places with any of these tags")],
        widget=forms.RadioSelect,
    )
    place_tags = TagsField(required=False, label="Tags", widget=forms.CheckboxSelectMultiple)
    confidence = forms.ChoiceField(
        required=False,
        label="How sure of the position?",
        choices=[("medium", "Fairly (recommended)"), ("high", "Surely"), ("low", "Perhaps")],
        widget=forms.RadioSelect,
    )
    only_open = forms.BooleanField(required=False, label="Only while it is open")
    open_minutes = forms.FloatField(
        required=False,
        label="Minutes before closing",
        widget=forms.NumberInput(attrs={"min": 0, "step": "any", "class": "cp-short"}),
    )
    place_cooldown = DurationField(
        choices=COOLDOWNS,
        limits=(0, MOST_COOLDOWN_S),
        refusal=COOLDOWN_RANGE,
        label="At most one message about one place in",
    )
    tag_cooldown = DurationField(
        choices=COOLDOWNS,
        limits=(0, MOST_COOLDOWN_S),
        refusal=COOLDOWN_RANGE,
        label="At most one about places with a tag in common in",
        help_text=(
            "Five stores of one mall that share a tag are so one message. A tag that all places "
            "have makes it one for all."
        ),
    )
    quiet_hours = forms.ChoiceField(
        required=False,
        label="In quiet hours",
        choices=[("skip", "Don't send (recommended)"), ("send", "Send")],
        widget=forms.RadioSelect,
    )

    @property
    def person_does(self) -> str:
        return str(self["crossing"].value() or ENTER)

    @property
    def which(self) -> str:
        return str(self["which_places"].value() or ALL)

    @property
    def asks_open(self) -> bool:
        return bool(self["only_open"].value())

    def offer_tags(self, known: Known) -> None:
        """Those of most places; and what was chosen, should no place have it any more."""
        tags = dict(list((known.tags or {}).items())[:MOST_OFFERED])
        for chosen in self["place_tags"].value() or ():
            tags.setdefault(str(chosen), (known.tags or {}).get(str(chosen), 0))
        widget = self.fields["place_tags"].widget
        assert isinstance(widget, forms.CheckboxSelectMultiple)  # noqa: S101 - declared above
        widget.choices = [(tag, f"{tag} ({_places(count)})") for tag, count in tags.items()]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for field in self._not_asked(typed):
            self.errors.pop(field, None)
            typed.pop(field, None)
        if typed.get("which_places") == TAGGED and not typed.get("place_tags"):
            self.add_error("place_tags", NO_TAG)
        return typed

    def _not_asked(self, typed: Mapping[str, Any]) -> list[str]:
        if self.add_prefix("crossing") not in self.data:
            return list(FIELDS["place"])
        asked = {
            "stay_for": typed.get("crossing") == STAY,
            "visit_for": typed.get("crossing") == LEAVE,
            "place_tags": typed.get("which_places") == TAGGED,
            "open_minutes": bool(typed.get("only_open")),
        }
        return [field for field, is_asked in asked.items() if not is_asked]

    def clean_open_minutes(self) -> float | None:
        minutes: float | None = self.cleaned_data["open_minutes"]
        if minutes is not None and not 0 <= minutes <= MOST_OPEN_FOR_S / MINUTE_S:
            raise forms.ValidationError(OPEN_FOR_RANGE)
        return minutes


def _places(count: int) -> str:
    if not count:
        return NO_PLACE_HAS_IT
    return f"{count:,} place{'' if count == 1 else 's'}"


def place_fields(trigger: PlaceTrigger | None) -> dict[str, Any]:
    shown = trigger or USUAL
    minutes = (shown.open_for_s or 0) / MINUTE_S
    return {
        "crossing": shown.crossing,
        "stay_for": shown.stay_s,
        "visit_for": shown.visit_s,
        "which_places": TAGGED if shown.tags else ALL,
        "place_tags": list(shown.tags),
        "confidence": shown.confidence,
        "only_open": shown.open_for_s is not None,
        "open_minutes": int(minutes) if minutes.is_integer() else minutes,
        "place_cooldown": shown.place_cooldown_s,
        "tag_cooldown": shown.tag_cooldown_s,
        "quiet_hours": shown.quiet_hours,
    }


def place_of(form: KindForm, stored: PlaceTrigger | None) -> dict[str, Any]:
    """What it has of its own; what nobody touched stays."""
    untouched = form.is_untouched(FIELDS["place"])
    if stored and (untouched or form.add_prefix("crossing") not in form.data):
        return {name: getattr(stored, name) for name in _OWN}
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    minutes = typed.get("open_minutes") or 0
    return {
        "crossing": typed.get("crossing") or USUAL.crossing,
        "tags": tuple(typed.get("place_tags") or ()),
        "confidence": typed.get("confidence") or USUAL.confidence,
        "stay_s": typed.get("stay_for", USUAL.stay_s),
        "visit_s": typed.get("visit_for", USUAL.visit_s),
        "open_for_s": round(minutes * MINUTE_S) if typed.get("only_open") else None,
        "place_cooldown_s": typed.get("place_cooldown", USUAL.place_cooldown_s),
        "tag_cooldown_s": typed.get("tag_cooldown", USUAL.tag_cooldown_s),
        "quiet_hours": typed.get("quiet_hours") or USUAL.quiet_hours,
    }
