"""When someone got, opened or did not open another message: which one, and what they did."""

from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.admin.durations import DurationField
from campaigns.admin.kinds import FIELDS, KindForm
from campaigns.admin.known import Known
from triggers.trigger import DAY_S, HOUR_S, InteractionTrigger

NOT_OPENED = "not_opened"
ITSELF = "Choose another campaign; this one cannot start itself."
NO_CAMPAIGN = ("", "Choose a campaign")
LONGEST_S = 90 * DAY_S
OUT_OF_RANGE = "Choose between one minute and 90 days."
WITHIN = [(HOUR_S, "1 hour"), (4 * HOUR_S, "4 hours"), (DAY_S, "1 day"), (3 * DAY_S, "3 days")]


class InteractionForm(forms.Form):
    """The campaigns to choose from are those of the workspace; see `offer`."""

    other_campaign = forms.CharField(
        required=False,
        label="Which campaign's message?",
        widget=forms.Select(attrs={"class": "cp-input"}),
    )
    did = forms.ChoiceField(
        required=False,
        label="What happened to it?",
        choices=[
            ("opened", "They opened it"),
            ("accepted", "They got it"),
            (NOT_OPENED, "They got it and did not open it"),
        ],
        widget=forms.RadioSelect,
    )
    did_within = DurationField(
        choices=WITHIN, limits=(60, LONGEST_S), refusal=OUT_OF_RANGE, label="Not opened within"
    )

    @property
    def did_what(self) -> str:
        return str(self["did"].value() or "opened")

    own_key = ""

    def offer(self, known: Known, *, but: str) -> None:
        """All campaigns `but` this one; and what was chosen, should it be gone."""
        self.own_key = but
        others = {key: name for key, name in known.campaigns.items() if key != but}
        chosen = str(self["other_campaign"].value() or "")
        if chosen and chosen not in others and chosen != but:
            others[chosen] = known.name_of(chosen)
        widget = self.fields["other_campaign"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - declared above
        widget.choices = [NO_CAMPAIGN, *others.items()]

    def clean_other_campaign(self) -> str:
        chosen = str(self.cleaned_data["other_campaign"])
        if chosen and chosen == self.own_key:
            raise forms.ValidationError(ITSELF)
        return chosen

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("did") != NOT_OPENED:
            self.errors.pop("did_within", None)
            typed.pop("did_within", None)
        return typed


def interaction_fields(trigger: InteractionTrigger | None) -> dict[str, Any]:
    if trigger is None:
        return {"did": "opened", "did_within": DAY_S}
    return {
        "other_campaign": trigger.campaign,
        "did": trigger.did,
        "did_within": trigger.within_s,
    }


def interaction_of(form: KindForm, stored: InteractionTrigger | None) -> dict[str, Any]:
    """What it has of its own; what nobody touched stays."""
    untouched = form.is_untouched(FIELDS["interaction"])
    if stored and (untouched or form.add_prefix("other_campaign") not in form.data):
        return {name: getattr(stored, name) for name in ("campaign", "did", "within_s")}
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    return {
        "campaign": typed.get("other_campaign", ""),
        "did": typed.get("did") or "opened",
        "within_s": typed.get("did_within", DAY_S),
    }
