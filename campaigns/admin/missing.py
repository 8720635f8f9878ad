"""What is still wrong on the campaign page, each with the section where it is put right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from campaigns.admin.cancels import CancelForm, Cancels
from campaigns.admin.forms import MessageForm

SECTIONS = {
    "goal": ("name", "intent"),
    "limits": (
        *("re_entry", "re_entry_number", "re_entry_unit", "re_entry_scope"),
        *("useful_for", "max_age", "max_people", "max_per_hour"),
        *("place_cooldown", "tag_cooldown", "quiet_hours"),
    ),
    "message": (NON_FIELD_ERRORS,),
}
# Their sentences say too little without the label.
NAMED = (
    *("useful_for", "max_age", "key", "max_people", "max_per_hour", "every", "yearly"),
    *("place_cooldown", "tag_cooldown", "open_minutes"),
)
IN_LIMITS = (
    *("useful_for_s", "trigger.max_", "trigger.re_entry"),
    *("trigger.place_cooldown_s", "trigger.tag_cooldown_s", "trigger.quiet_hours"),
)
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
    return "limits" if field.startswith(IN_LIMITS) else "when"


def section_of_field(name: str) -> str:
    """The section in which a field of the page stands."""
    return next((section for section, names in SECTIONS.items() if name in names), "when")


def of_form(form: forms.Form) -> Iterator[Missing]:
    for field, errors in form.errors.items():
        about = f"{form.fields[field].label}: " if field in NAMED else ""
        for error in errors:
            yield Missing(section=section_of_field(field), sentence=f"{about}{error}")


def of_cancels(cancels: Cancels, rows: Iterable[CancelForm]) -> Iterator[Missing]:
    if cancels.wrong:
        yield Missing(section="when", sentence=f"{MEANWHILE}: {cancels.wrong}")
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
