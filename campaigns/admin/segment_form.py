"""The fields of the segment page. What is wrong with their contents, services say."""

import re
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from django import forms
from django.utils.text import slugify

from campaigns.admin import rule_text
from triggers.models import Segment
from triggers.rules import Rule, parse
from triggers.segments import EVERYBODY, NO_NAME, rule_problems

LONGEST_STEM = 50
UNFINISHED = "The conditions are not finished."


class SegmentForm(forms.Form):
    """`stored` is the segment being edited, if there is one: then its key stays."""

    name = forms.CharField(
        max_length=200,
        label="Name",
        help_text="What campaigns show when they ask for it.",
        error_messages={"required": NO_NAME},
    )
    key = forms.CharField(
        required=False,
        max_length=63,
        label="Short name",
        help_text="For files, such as “loyal”. It cannot change later; left empty, it is made "
        "from the name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    rule = forms.CharField(
        required=False,
        label="Who is in it",
        widget=forms.Textarea(attrs={"class": "rule-builder", "rows": 4}),
    )

    def __init__(self, data: Any = None, *, stored: Segment | None) -> None:
        super().__init__(data, initial=_initial(stored))
        if stored:
            del self.fields["key"]

    def clean_rule(self) -> rule_text.Document | None:
        return rule_text.checked(self.cleaned_data["rule"])

    def explain(self, problems: Iterable[tuple[str, str]]) -> None:
        """Puts what services object to beside the field it is about."""
        for field, sentence in problems:
            name, _, pointer = field.partition("/")
            said = rule_text.in_words(f"/{pointer}", sentence) if name == "rule" else sentence
            self.add_error(name if name in self.fields else None, said)

    def parsed(self, *, known: Collection[str]) -> Rule | None:
        """The rule as typed; None, with the reason beside it, if it cannot be asked yet."""
        self.is_valid()
        if "rule" in self.errors:
            return None
        rule = self.cleaned_data["rule"]
        problems = rule_problems(rule, known=known)
        self.explain(problems)
        return None if problems else parse(rule, scope="segment")

    @property
    def sentence(self) -> str:
        """What the page says under the conditions as they are now."""
        try:
            return in_words(rule_text.read(str(self["rule"].value() or "")))
        except rule_text.UnreadableRuleError:
            return UNFINISHED


def in_words(rule: rule_text.Document | None) -> str:
    said = rule_text.sentence(rule)
    if not said:
        return UNFINISHED
    return EVERYBODY if not (rule or {}).get("rules") else f"A person is in it if {said}."


def free_key(name: str, *, taken: Collection[str]) -> str:
    """A short name made from the name and not in use yet."""
    stem = re.sub(r"[^a-z0-9]+", "-", slugify(name)).strip("-")[:LONGEST_STEM].strip("-")
    stem = stem or "segment"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)


def _initial(stored: Segment | None) -> dict[str, str]:
    if stored is None:
        return {}
    return {"name": stored.name, "rule": msgspec.json.encode(stored.rule).decode()}
