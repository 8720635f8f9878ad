"""The campaign page's forms and the definition they stand for, in both directions."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms

from campaigns.admin import missing, rule_text
from campaigns.admin.cancels import CancelForm, Cancels
from campaigns.admin.forms import CampaignForm, MessageForm, MessageForms
from campaigns.admin.how_often import how_often_fields, key_of, re_entry_of
from campaigns.admin.missing import Missing
from campaigns.admin.waiting import AT_ONCE, wait_fields, wait_of
from campaigns.admin.wording import UNFINISHED_WAIT, trigger_sentence, unfinished_sentence
from campaigns.definition import DEFAULT_LOCALE, Definition, Message
from campaigns.models import Campaign, Intent
from campaigns.services.campaigns import DefinitionError, refuse_broken
from triggers.trigger import EventTrigger

SAME_LANGUAGE = "This language is there twice. Remove one of them."
_RULE = re.compile(r"trigger\.(cancel_on\.\d+\.)?rule")
_CANCEL = re.compile(r"trigger\.cancel_on\.(\d+)(?:\.(\w+))?(.*)")
# Services name a part of the trigger; the page has one or more fields for it.
_FIELD_OF = {
    "trigger.event": "event",
    "trigger.wait": "wait",
    "trigger.key": "key",
    "trigger.re_entry.scope": "re_entry_scope",
    "trigger.re_entry": "re_entry",
    "trigger.max_age_s": "max_age",
    "useful_for_s": "useful_for",
}
NOTHING_TO_READ = "Line 1, column 1: There is nothing"

_WAIT_PARTS = {"elapsed": "wait_number", "wall_clock": "wait_day"}
_RE_ENTRY_PARTS = {"every": "re_entry_number"}
_ANY_TRIGGER_FIELD = (
    "wait",
    "wait_number",
    "wait_day",
    "wait_days",
    "wait_at",
    "key",
    "re_entry_number",
)

BLANK = Definition(
    trigger=EventTrigger(event=""), messages={DEFAULT_LOCALE: Message(title="", body="")}
)


class Sheet:
    """The forms of one request: as stored, or (with `data`) as typed."""

    def __init__(self, *, campaign: Campaign | None, data: Any = None) -> None:
        self.stored = draft_of(campaign)
        self.form = CampaignForm(data, initial=_fields(campaign, self.stored))
        self.messages = MessageForms(data, prefix="messages", initial=_messages(self.stored))
        trigger = self.stored.trigger
        self.cancels = Cancels(
            data=data, stored=trigger.cancel_on, has_wait=trigger.wait is not None
        )
        self.definition = self._typed() if data is not None else self.stored
        if data is not None:
            self._explain()

    @property
    def is_valid(self) -> bool:
        rows = all(row.is_valid() for row in self.rows) and not self.cancels.too_many
        return self.form.is_valid() and self.messages.is_valid() and rows

    @property
    def waits(self) -> bool:
        return self.form.wait_kind != AT_ONCE

    @property
    def has_cancels(self) -> bool:
        """Whether the rows of “Don't send if” are shown, and count."""
        return self.waits or self.cancels.always

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
        event = self.definition.trigger.event
        if self.form.is_bound and "rule" in self.form.errors and event:
            return unfinished_sentence(event)
        if event and (
            set(_ANY_TRIGGER_FIELD) & set(self.form.errors) or any(row.errors for row in self.rows)
        ):
            return UNFINISHED_WAIT.format(event=event)
        return trigger_sentence(self.definition)

    def message_of(self, locale: str) -> MessageForm | None:
        found = (form for form in self._used() if form.language == locale)
        return next(found, None)

    def missing(self) -> list[Missing]:
        """What stands between this page and a campaign that can be published."""
        if not self.form.is_bound:
            named = [] if self.name else [Missing(section="goal", sentence="Give it a name.")]
            return named + [
                Missing(section=missing.section_of(field), sentence=_plain(field, sentence))
                for field, sentence in problems_of(self.stored)
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
            trigger=self._trigger(typed),
            messages={form.language: _message(form) for form in self._used()},
            useful_for_s=typed.get("useful_for", self.stored.useful_for_s),
        )

    def _trigger(self, typed: Mapping[str, Any]) -> EventTrigger:
        stored = self.stored.trigger
        key = key_of(self.form, stored)
        return EventTrigger(
            event=typed.get("event", ""),
            rule=typed.get("rule"),
            wait=wait_of(self.form, stored.wait),
            cancel_on=self.cancels.typed(counts=self.has_cancels),
            key=key,
            re_entry=re_entry_of(self.form, stored, key=key),
            max_age_s=typed.get("max_age", stored.max_age_s),
        )

    def _explain(self) -> None:
        """Puts everything that services object to beside the field it is about."""
        self._refuse_repeated_languages()
        for field, sentence in problems_of(self.definition):
            form, name = self._place(field)
            if isinstance(form, CancelForm) and name in form.errors:
                continue  # the row says so itself
            if name is None or name in form.fields:
                form.add_error(name, _plain(field, sentence))

    def _refuse_repeated_languages(self) -> None:
        seen: set[str] = set()
        for form in self._used():
            plain = form.language.replace("_", "-").lower()
            if plain in seen:
                form.add_error("locale", SAME_LANGUAGE)
            seen.add(plain)

    def _place(self, field: str) -> tuple[forms.Form, str | None]:
        first, _, rest = field.partition(".")
        if first == "messages":
            locale, _, name = rest.rpartition(".")
            return self.message_of(locale) or self.form, name or None
        if found := _CANCEL.fullmatch(field):
            return self._place_in_row(int(found[1]), found[2] or "", found[3])
        if field.startswith("trigger.rule"):
            return self.form, "rule"
        place = next((name for start, name in _FIELD_OF.items() if field.startswith(start)), None)
        return self.form, self._part(place)

    def _part(self, field: str | None) -> str | None:
        """The field of a wait or a limit that people can see, for what is wrong with it."""
        parts = {"wait": _WAIT_PARTS, "re_entry": _RE_ENTRY_PARTS}.get(field or "", {})
        return parts.get(str(self.form[field].value()), field) if field and parts else field

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


def problems_of(definition: Definition) -> list[tuple[str, str]]:
    try:
        refuse_broken(definition)
    except DefinitionError as error:
        return error.problems
    return []


def _fields(campaign: Campaign | None, stored: Definition) -> dict[str, Any]:
    rule = stored.trigger.rule
    return {
        "name": campaign.name if campaign else "",
        "intent": campaign.intent if campaign else Intent.KNOW,
        "event": stored.trigger.event,
        "rule": msgspec.json.encode(rule).decode() if rule else "",
        **wait_fields(stored.trigger.wait),
        **how_often_fields(stored.trigger),
        "useful_for": stored.useful_for_s,
        "max_age": stored.trigger.max_age_s,
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
