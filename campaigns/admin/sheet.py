"""The campaign page's forms and the definition they stand for, in both directions."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms

from campaigns.admin import missing, rule_text
from campaigns.admin.cancels import CancelForm, Cancels
from campaigns.admin.forms import CampaignForm, MessageForm, MessageForms
from campaigns.admin.kinds import ABSENCE, FIELDS, PLANNED
from campaigns.admin.known import NOTHING, Known
from campaigns.admin.landing import CANCEL, field_of, says_so_itself
from campaigns.admin.missing import Missing
from campaigns.admin.trigger_form import trigger_fields, trigger_of, waits_by_itself
from campaigns.admin.waiting import AT_ONCE
from campaigns.admin.wording import trigger_sentence, unfinished_sentence, unfinished_wait
from campaigns.definition import DEFAULT_LOCALE, Definition, Message
from campaigns.models import Campaign, Intent
from campaigns.services.campaigns import DefinitionError, refuse_broken
from triggers.trigger import EventTrigger

SAME_LANGUAGE = "This language is there twice. Remove one of them."
NO_WAIT = "Say how long the person has time for it."
NO_ABSENCE = "Choose what the person did not do."
NOTHING_TO_READ = "Line 1, column 1: There is nothing"
_RULE = re.compile(r"trigger\.(cancel_on\.\d+\.)?rule")
_UNFINISHED = (
    *("wait", "wait_number", "wait_day", "wait_days", "wait_at", "key", "re_entry_number"),
    *(
        name
        for part in ("schedule", "date", "business", "interaction", "place")
        for name in FIELDS[part]
    ),
)

BLANK = Definition(
    trigger=EventTrigger(event=""), messages={DEFAULT_LOCALE: Message(title="", body="")}
)


class Sheet:
    """The forms of one request: as stored, or (with `data`) as typed."""

    def __init__(
        self, *, campaign: Campaign | None, data: Any = None, known: Known = NOTHING
    ) -> None:
        self.known = known
        self.stored = draft_of(campaign)
        self.form = CampaignForm(data, initial=_fields(campaign, self.stored, known))
        self.form.offer(known, but=campaign.key if campaign else "")
        self.form.offer_tags(known)
        self.messages = MessageForms(data, prefix="messages", initial=_messages(self.stored))
        trigger = self.stored.trigger
        waits = trigger.wait is not None or waits_by_itself(trigger)
        self.cancels = Cancels(data=data, stored=trigger.cancel_on, has_wait=waits)
        self.definition = self._typed() if data is not None else self.stored
        if data is not None:
            self._explain()

    @property
    def is_valid(self) -> bool:
        rows = all(row.is_valid() for row in self.rows) and not self.cancels.wrong
        return self.form.is_valid() and self.messages.is_valid() and rows

    @property
    def waits(self) -> bool:
        return self.form.waits_by_itself or self.form.wait_kind != AT_ONCE

    @property
    def counts_later(self) -> bool:
        """Whether “Too late after” counts from anything but the event itself."""
        return self.waits or self.form.chosen in PLANNED

    @property
    def has_cancels(self) -> bool:
        """Whether the rows of “Don't send if” are shown, and count."""
        return self.waits or self.cancels.always or self.is_new_absence

    @property
    def is_new_absence(self) -> bool:
        """Whether its parts are asked for; from one that is stored they may be taken away."""
        return self.form.chosen == ABSENCE and "kind" in self.form.changed_data

    @property
    def rows(self) -> list[CancelForm]:
        """The rows that count; those as stored, unbound, have nothing to be checked."""
        shown = self.cancels.is_posted and self.has_cancels
        return self.cancels.used if shown else []

    @property
    def name(self) -> str:
        return str(self.form["name"].value() or "").strip()

    @property
    def sentence(self) -> str:
        trigger = self.definition.trigger
        if self.form.is_bound and "rule" in self.form.errors:
            return unfinished_sentence(trigger, self.known)
        wrong_rows = self.cancels.wrong or any(row.errors for row in self.rows)
        if wrong_rows or set(_UNFINISHED) & set(self.form.errors):
            return unfinished_wait(trigger, self.known)
        return trigger_sentence(self.definition, self.known)

    def message_of(self, locale: str) -> MessageForm | None:
        found = (form for form in self._used() if form.language == locale)
        return next(found, None)

    def missing(self) -> list[Missing]:
        """What stands between this page and a campaign that can be published."""
        if not self.form.is_bound:
            named = [] if self.name else [Missing(section="goal", sentence="Give it a name.")]
            return named + [
                Missing(section=missing.section_of(field), sentence=_plain(field, sentence))
                for field, sentence in problems_of(self.stored, self.known)
            ]
        return [
            *missing.of_form(self.form),
            *missing.of_cancels(self.cancels, self.rows),
            *missing.of_messages(self._used()),
        ]

    def _used(self) -> list[MessageForm]:
        """The default and every other language in which something was written."""
        return [form for form in self.messages if form.is_default or not form.is_blank]

    def _typed(self) -> Definition:
        self.form.full_clean()
        self.messages.full_clean()
        typed: Mapping[str, Any] = getattr(self.form, "cleaned_data", {})
        return Definition(
            trigger=trigger_of(
                self.form,
                stored=self.stored.trigger,
                cancels=self.cancels,
                has_cancels=self.has_cancels,
                known=self.known,
            ),
            messages={form.language: _message(form) for form in self._used()},
            useful_for_s=typed.get("useful_for", self.stored.useful_for_s),
        )

    def _explain(self) -> None:
        """Puts everything that services object to beside the field it is about."""
        self._refuse_repeated_languages()
        self._refuse_half_an_absence()
        for field, sentence in problems_of(self.definition, self.known):
            form, name = self._place(field)
            if isinstance(form, CancelForm) and name in form.errors:
                continue  # the row says so itself
            if form is self.form and says_so_itself(name, self.form):
                continue
            if name is None or name in form.fields:
                form.add_error(name, _plain(field, sentence))

    def _refuse_repeated_languages(self) -> None:
        seen: set[str] = set()
        for form in self._used():
            plain = form.language.replace("_", "-").lower()
            if plain in seen:
                form.add_error("locale", SAME_LANGUAGE)
            seen.add(plain)

    def _refuse_half_an_absence(self) -> None:
        if not self.is_new_absence:
            return
        if self.definition.trigger.wait is None and not self.form.are_wrong(_UNFINISHED[:5]):
            self.form.add_error("wait", NO_WAIT)
        if not self.definition.trigger.cancel_on:
            self.cancels.wrong = self.cancels.wrong or NO_ABSENCE

    def _place(self, field: str) -> tuple[forms.Form, str | None]:
        first, _, rest = field.partition(".")
        if first == "messages":
            locale, _, name = rest.rpartition(".")
            return self.message_of(locale) or self.form, name or None
        if found := CANCEL.fullmatch(field):
            return self._place_in_row(int(found[1]), found[2] or "", found[3])
        return self.form, field_of(field, self.form)

    def _place_in_row(self, index: int, part: str, rest: str) -> tuple[forms.Form, str | None]:
        """The row of a problem with its number `index` among the rows that count."""
        if index >= len(self.rows):
            return self.form, "wait"
        row = self.rows[index]
        if part != "same":
            return row, part if part in row.fields else None
        joins, wanted = row.numbered_same(), re.match(r"\.(\d+)\.?(equals)?", rest)
        at = int(wanted[1]) if wanted else 0
        if at >= len(joins):
            return row, None
        side = "equals" if wanted and wanted[2] else "property"
        return row, f"{side}_{joins[at][0]}"


def draft_of(campaign: Campaign | None) -> Definition:
    """The definition being edited; a blank one if there is none that can be read."""
    return definition_from(campaign.draft if campaign else {}) or BLANK


def definition_from(document: Any) -> Definition | None:
    try:
        return msgspec.convert(document, Definition)
    except msgspec.ValidationError:
        return None


def problems_of(definition: Definition, known: Known) -> list[tuple[str, str]]:
    try:
        refuse_broken(definition, segments=known.segments, tags=known.tags)
    except DefinitionError as error:
        return error.problems
    return []


def _fields(campaign: Campaign | None, stored: Definition, known: Known) -> dict[str, Any]:
    return {
        "name": campaign.name if campaign else "",
        "intent": campaign.intent if campaign else Intent.KNOW,
        **trigger_fields(stored.trigger, known),
        "useful_for": stored.useful_for_s,
    }


def _messages(stored: Definition) -> list[dict[str, str]]:
    """The default message first."""
    default = stored.messages.get(DEFAULT_LOCALE) or BLANK.messages[DEFAULT_LOCALE]
    others = {key: each for key, each in stored.messages.items() if key != DEFAULT_LOCALE}
    return [
        {"locale": locale, **msgspec.to_builtins(message)}
        for locale, message in {DEFAULT_LOCALE: default, **others}.items()
    ]


def _message(form: MessageForm) -> Message:
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    return Message(
        # Browsers send a line break as two characters; a phone shows one.
        title=_one_break(typed.get("title", "")),
        body=_one_break(typed.get("body", "")),
        deep_link=typed.get("deep_link", "").strip(),
    )


def _one_break(text: str) -> str:
    return text.replace("\r\n", "\n")


def _plain(field: str, sentence: str) -> str:
    """A service's sentence as this page says it."""
    found = _RULE.match(field)
    if found:
        return rule_text.in_words(field[found.end() :], sentence)
    if sentence.startswith(NOTHING_TO_READ):
        return sentence.removeprefix("Line 1, column 1: ")
    return sentence
