"""The campaign page's forms and the definition they stand for, in both directions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms

from campaigns.admin import rule_text
from campaigns.admin.forms import CampaignForm, MessageForm, MessageForms
from campaigns.admin.wording import trigger_sentence, unfinished_sentence
from campaigns.definition import DEFAULT_LOCALE, Definition, Message
from campaigns.models import Campaign, Intent
from campaigns.services.campaigns import DefinitionError, refuse_broken
from triggers.trigger import EventTrigger

SECTIONS = {
    "name": "goal",
    "intent": "goal",
    "event": "when",
    "rule": "when",
    "useful_for": "limits",
    "max_age": "limits",
}
SAME_LANGUAGE = "This language is there twice. Remove one of them."
NOTHING_TO_READ = "Line 1, column 1: There is nothing"

BLANK = Definition(
    trigger=EventTrigger(event=""), messages={DEFAULT_LOCALE: Message(title="", body="")}
)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing to put right before the campaign can be saved, and the section it is in."""

    section: str
    sentence: str


class Sheet:
    """The forms of one request: as stored, or (with `data`) as typed."""

    def __init__(self, *, campaign: Campaign | None, data: Any = None) -> None:
        self.stored = draft_of(campaign)
        self.form = CampaignForm(data, initial=_fields(campaign, self.stored))
        self.messages = MessageForms(data, prefix="messages", initial=_messages(self.stored))
        self.definition = self._typed() if data is not None else self.stored
        if data is not None:
            self._explain()

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() and self.messages.is_valid()

    @property
    def name(self) -> str:
        return str(self.form["name"].value() or "").strip()

    @property
    def sentence(self) -> str:
        event = self.definition.trigger.event
        if self.form.is_bound and "rule" in self.form.errors and event:
            return unfinished_sentence(event)
        return trigger_sentence(self.definition)

    def message_of(self, locale: str) -> MessageForm | None:
        found = (form for form in self._used() if form.language == locale)
        return next(found, None)

    def missing(self) -> list[Missing]:
        """What stands between this page and a campaign that can be published."""
        if not self.form.is_bound:
            named = [] if self.name else [Missing(section="goal", sentence="Give it a name.")]
            return named + [
                Missing(section=_section(field), sentence=_plain(field, sentence, self.stored))
                for field, sentence in problems_of(self.stored)
            ]
        return [*_errors(self.form), *_errors_of_messages(self._used())]

    def _used(self) -> list[MessageForm]:
        """The default and every other language in which something was written."""
        return [form for form in self.messages if form.is_default or not form.is_blank]

    def _typed(self) -> Definition:
        self.form.full_clean()
        self.messages.full_clean()
        typed: Mapping[str, Any] = getattr(self.form, "cleaned_data", {})
        return Definition(
            trigger=EventTrigger(
                event=typed.get("event", ""),
                rule=typed.get("rule"),
                max_age_s=typed.get("max_age", self.stored.trigger.max_age_s),
            ),
            messages={form.language: _message(form) for form in self._used()},
            useful_for_s=typed.get("useful_for", self.stored.useful_for_s),
        )

    def _explain(self) -> None:
        """Puts everything that services object to beside the field it is about."""
        self._refuse_repeated_languages()
        for field, sentence in problems_of(self.definition):
            form, name = self._place(field)
            text = _plain(field, sentence, self.definition)
            if name is None or name in form.fields:
                form.add_error(name, text)

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
        names = {"trigger.event": "event", "useful_for_s": "useful_for"}
        return self.form, "rule" if field.startswith("trigger.rule") else names.get(field)


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


def _plain(field: str, sentence: str, definition: Definition) -> str:
    """A service's sentence as this page says it."""
    if field.startswith("trigger.rule"):
        return rule_text.in_words(field.removeprefix("trigger.rule"), sentence)
    if sentence.startswith(NOTHING_TO_READ):
        return sentence.removeprefix("Line 1, column 1: ")
    return sentence


def _section(field: str) -> str:
    if field.startswith("messages"):
        return "message"
    return "limits" if field == "useful_for_s" else "when"


def _errors(form: forms.Form) -> Iterator[Missing]:
    for field, errors in form.errors.items():
        about = f"{form.fields[field].label}: " if field in ("useful_for", "max_age") else ""
        for error in errors:
            yield Missing(section=SECTIONS.get(field, "message"), sentence=f"{about}{error}")


def _errors_of_messages(used: list[MessageForm]) -> Iterator[Missing]:
    for form in used:
        for field, errors in form.errors.items():
            label = form.fields[field].label if field in form.fields else ""
            where = "" if form.is_default else f" ({form.language or 'no language yet'})"
            for error in errors:
                yield Missing(section="message", sentence=f"{label}{where}: {error}")
