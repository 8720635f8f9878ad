"""The two forms of an upload: the file with its event, then what its columns mean."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localtime

from campaigns.engine.hearing import OWN_EVENTS
from orchestrator.uploads.decoding import MAX_BYTES
from orchestrator.uploads.reading import Choices
from orchestrator.uploads.stored import Shown

NOW, AT = "now", "at"
EVENT_NAMES = "event-names"  # the list of suggestions on the page
TOO_LARGE = "The file is larger than 10 MB. Split it and upload the parts."


def event_field() -> forms.CharField:
    return forms.CharField(
        max_length=200,
        label="What did they do?",
        help_text="An event your app sends, or a new one, such as Open Day Attended.",
        error_messages={"required": "Say what these people did."},
        widget=forms.TextInput(attrs={"list": EVENT_NAMES, "autocomplete": "off"}),
    )


class EventForm(forms.Form):
    event = event_field()

    def clean_event(self) -> str:
        name: str = self.cleaned_data["event"]
        if name in OWN_EVENTS:
            raise forms.ValidationError(f"“{name}” is written by Moments itself. Choose another.")
        return name


class FileForm(EventForm):
    """The file is first looked at when everything else has been."""

    file = forms.FileField(
        label="Which file?",
        help_text="A CSV file with a header, one person a line: at most 10 MB, 50,000 rows and 50 "
        "columns.",
        allow_empty_file=True,
        error_messages={"required": "Choose the file."},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    field_order = ("file", "event")

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class ColumnsForm(EventForm):
    """`now` is the time of the request; columns are chosen by their position."""

    id_column = forms.ChoiceField(
        label="Which column is the user id?",
        help_text="The id by which your app knows the person. Other columns can be used in the "
        "message.",
        error_messages={"required": "Choose the column with the user id."},
    )
    time = forms.ChoiceField(label="When was it?")
    at = forms.DateTimeField(
        required=False,
        label="Date and time",
        help_text="For “one date and time for everybody”.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Write a date and a time."},
    )

    def __init__(
        self, *args: Any, header: Sequence[str], zone: str, now: datetime, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._now = now
        columns = [(str(at), name) for at, name in enumerate(header)]
        self.fields["id_column"].choices = [("", "Choose a column"), *columns]  # type: ignore[attr-defined]
        self.fields["time"].choices = [  # type: ignore[attr-defined]
            (NOW, "The moment they are counted"),
            (AT, "One date and time for everybody"),
            *((at, f"As in column “{name}”") for at, name in columns),
        ]
        self.fields["time"].help_text = (
            "Times in the file are like 2026-11-21 14:30 or 21-11-2026 14:30, day first, "
            f"in {zone}."
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("time") == AT and "at" not in self.errors:
            self._check_at(typed.get("at"))
        elif typed.get("time") != AT:
            self.errors.pop("at", None)
        if typed.get("time") and typed.get("time") == typed.get("id_column"):
            self.add_error("time", "This column is the user id already.")
        return typed

    def _check_at(self, at: datetime | None) -> None:
        if at is None:
            self.add_error("at", "Choose the date and time.")
        elif at > self._now:
            self.add_error("at", "This is still to come. Choose a time that has passed.")

    @property
    def choices(self) -> Choices:
        """Once valid."""
        time = self.cleaned_data["time"]
        return Choices(
            id_column=int(self.cleaned_data["id_column"]),
            time_column=int(time) if time not in (NOW, AT) else None,
            at=self.cleaned_data["at"] if time == AT else None,
        )


def as_stored(stored: Shown, event: str) -> dict[str, Any]:
    """What the form of the columns shows of a stored upload."""
    chosen = stored.choices
    time = AT if chosen.at else NOW
    return {
        "event": event,
        "id_column": "" if chosen.id_column is None else str(chosen.id_column),
        "time": time if chosen.time_column is None else str(chosen.time_column),
        "at": localtime(chosen.at).strftime("%Y-%m-%dT%H:%M") if chosen.at else "",
    }
