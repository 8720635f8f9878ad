"""What is still wrong on the campaign page, each with the section where it is put right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms

from campaigns.admin.cancels import CancelForm, Cancels
from campaigns.admin.forms import MessageForm

SECTIONS = {
    "name": "goal",
    "intent": "goal",
    "event": "when",
    "rule": "when",
    "wait": "when",
    "wait_number": "when",
    "wait_unit": "when",
    "wait_day": "when",
    "wait_days": "when",
    "wait_at": "when",
    "key": "when",
    "re_entry": "limits",
    "re_entry_number": "limits",
    "re_entry_unit": "limits",
    "re_entry_scope": "limits",
    "useful_for": "limits",
    "max_age": "limits",
}
# Their sentences say too little without the label.
NAMED = ("useful_for", "max_age", "key")
MEANWHILE = "Don't send if, meanwhile"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing to put right before the campaign can be saved, and the section it is in."""

    section: str
    sentence: str


def section_of(field: str) -> str:
    """The section of a service's path such as trigger.re_entry."""
    if field.startswith("messages"):
        return "message"
    in_limits = field.startswith(("useful_for_s", "trigger.max_age_s", "trigger.re_entry"))
    return "limits" if in_limits else "when"


def of_form(form: forms.Form) -> Iterator[Missing]:
    for field, errors in form.errors.items():
        about = f"{form.fields[field].label}: " if field in NAMED else ""
        for error in errors:
            yield Missing(section=SECTIONS.get(field, "message"), sentence=f"{about}{error}")


def of_cancels(cancels: Cancels, rows: Iterable[CancelForm]) -> Iterator[Missing]:
    if cancels.too_many:
        yield Missing(section="when", sentence=f"{MEANWHILE}: {cancels.too_many}")
    for row in rows:
        about = f"{MEANWHILE} ({row.event_name or 'no event yet'})"
        for errors in row.errors.values():
            for error in errors:
                yield Missing(section="when", sentence=f"{about}: {error}")


def of_messages(used: Iterable[MessageForm]) -> Iterator[Missing]:
    for form in used:
        for field, errors in form.errors.items():
            label = form.fields[field].label if field in form.fields else ""
            where = "" if form.is_default else f" ({form.language or 'no language yet'})"
            for error in errors:
                yield Missing(section="message", sentence=f"{label}{where}: {error}")
