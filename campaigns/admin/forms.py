"""The fields of the campaign page. What is wrong with their contents, services say."""

import re
from typing import Any

from django import forms

from campaigns.admin import rule_text
from campaigns.admin.dates import DateForm
from campaigns.admin.durations import DurationField
from campaigns.admin.happens import SOURCES
from campaigns.admin.how_often import HowOftenForm
from campaigns.admin.interactions import NOT_OPENED, InteractionForm
from campaigns.admin.kinds import BUSINESS, INTERACTION, PLACE, KindForm
from campaigns.admin.places import CROSSING_NAMES, STAY, PlaceForm
from campaigns.admin.schedules import ScheduleForm
from campaigns.admin.server_reports import BusinessForm
from campaigns.admin.waiting import WAIT_FIELDS, WaitForm
from campaigns.definition import DEFAULT_LOCALE
from campaigns.models import Intent

MOST_LANGUAGES = 50
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
BAD_LOCALE = "Write a language code such as nl, de or pt-BR."

TOO_LATE_AFTER = [
    (900, "15 minutes"),
    (3600, "1 hour"),
    (14_400, "4 hours"),
    (86_400, "1 day"),
    (259_200, "3 days"),
    (604_800, "1 week"),
]
IGNORE_AFTER = [
    (600, "10 minutes"),
    (3600, "1 hour"),
    (86_400, "1 day"),
    (259_200, "3 days"),
    (604_800, "1 week"),
]

OLDEST_S = 400 * 86_400
TOO_OLD = "Choose 400 days at most."


class CampaignForm(
    KindForm,
    ScheduleForm,
    DateForm,
    BusinessForm,
    InteractionForm,
    PlaceForm,
    WaitForm,
    HowOftenForm,
):
    """Everything but the messages and what ends a wait."""

    name = forms.CharField(
        max_length=200,
        label="Name",
        help_text="Only your team sees it.",
        error_messages={"required": "Give the campaign a name."},
    )
    intent = forms.ChoiceField(
        choices=Intent.choices,
        widget=forms.RadioSelect,
        label="What does the customer want now?",
        error_messages={"required": "Choose what the customer wants now."},
    )
    event = forms.CharField(
        required=False,
        label="When someone does",
        help_text="The event, exactly as the app sends it.",
        widget=forms.TextInput(attrs={"list": "event-names", "autocomplete": "off"}),
    )
    source = forms.ChoiceField(
        required=False,
        label="Which sources count?",
        choices=list(SOURCES.items()),
        widget=forms.RadioSelect,
    )
    rule = forms.CharField(
        required=False,
        label="Only if",
        widget=forms.Textarea(attrs={"class": "rule-builder", "rows": 4}),
    )
    useful_for = DurationField(
        choices=TOO_LATE_AFTER,
        label="Too late after",
        help_text="A phone switched on later shows nothing.",
    )
    max_age = DurationField(
        choices=IGNORE_AFTER,
        limits=(0, OLDEST_S),
        refusal=TOO_OLD,
        label="Ignore events older than",
        help_text="Phones without a connection send events later. Older ones start nothing.",
    )

    @property
    def event_name(self) -> str:
        """The event that starts it, for what can be known of its properties; "" without one."""
        if self.chosen == PLACE:
            return CROSSING_NAMES.get(self.person_does, "")
        field = "business_event" if self.chosen == BUSINESS else "event"
        has_one = self.chosen == BUSINESS or self.uses("event")
        return str(self[field].value() or "").strip() if has_one else ""

    @property
    def key_name(self) -> str:
        """A place needs no property to be told from another."""
        return PLACE if self.chosen == PLACE else super().key_name

    @property
    def waits_by_itself(self) -> bool:
        """“Did not open it within …” is a wait already, and so is a stay; no other is asked for."""
        stays = self.chosen == PLACE and self.person_does == STAY
        return stays or (self.chosen == INTERACTION and self.did_what == NOT_OPENED)

    def clean_rule(self) -> dict[str, Any] | None:
        return rule_text.checked(self.cleaned_data["rule"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        for field in WAIT_FIELDS if self.waits_by_itself else ():
            self.errors.pop(field, None)
            typed.pop(field, None)
        return typed


class MessageForm(forms.Form):
    """One language. Nothing is stripped, so that lines and columns stay true."""

    locale = forms.CharField(
        required=False,
        max_length=35,
        label="Language",
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}),
    )
    title = forms.CharField(required=False, strip=False, label="Title")
    body = forms.CharField(
        required=False, strip=False, label="Text", widget=forms.Textarea(attrs={"rows": 4})
    )
    deep_link = forms.CharField(
        required=False,
        strip=False,
        label="Link",
        help_text="What opens when the push is tapped. May be empty.",
    )

    @property
    def language(self) -> str:
        return str(self["locale"].value() or "").strip()

    @property
    def is_default(self) -> bool:
        return self.language == DEFAULT_LOCALE

    @property
    def is_blank(self) -> bool:
        fields = ("title", "body", "deep_link")
        return not any(str(self[field].value() or "").strip() for field in fields)

    def clean_locale(self) -> str:
        locale = str(self.cleaned_data["locale"]).strip()
        if locale != DEFAULT_LOCALE and not self.is_blank and not LOCALE.fullmatch(locale):
            raise forms.ValidationError(BAD_LOCALE)
        return locale


MessageForms = forms.formset_factory(
    MessageForm, extra=0, max_num=MOST_LANGUAGES, absolute_max=MOST_LANGUAGES
)
