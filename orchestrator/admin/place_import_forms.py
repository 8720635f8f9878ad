"""The forms of an import of places: the file, what its columns mean, and how to import it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from orchestrator.uploads.decoding import too_large
from orchestrator.uploads.places.columns import (
    AS_IS,
    ATTRIBUTE,
    CHECK,
    LABELS,
    NOTHING,
    SWAPPED,
    Choices,
)
from orchestrator.uploads.places.sheet import MAX_BYTES

MEANINGS = [
    (ATTRIBUTE, "As an attribute"),
    (NOTHING, "Leave it out"),
    ("A field of the place", list(LABELS.items())),
]
ORDERS = [
    (CHECK, "Stop if they look swapped"),
    (SWAPPED, "They are swapped in this file: swap them back"),
    (AS_IS, "They are right as they are"),
]


class PlacesFileForm(forms.Form):
    file = forms.FileField(
        label="Which file?",
        help_text="CSV with a header, one place a row, or GeoJSON: at most 40 MB, 100,000 places "
        "and 50 columns.",
        allow_empty_file=True,
        error_messages={"required": "Choose the file."},
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.json,.geojson,text/csv,application/geo+json"}
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(too_large(MAX_BYTES))
        return file


class MeaningsForm(forms.Form):
    """One choice a column, by its position."""

    order = forms.ChoiceField(label="Latitude and longitude", choices=ORDERS)

    def __init__(self, *args: Any, header: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._header = header
        for at, name in enumerate(header):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=name, choices=MEANINGS, required=False
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        used = Counter(self._meanings(typed))
        for at in range(len(self._header)):
            meaning = typed.get(f"column_{at}")
            if meaning in LABELS and used[meaning] > 1:
                self.add_error(f"column_{at}", f"Only one column can be “{LABELS[meaning]}”.")
        return typed

    def _meanings(self, typed: dict[str, Any]) -> list[str]:
        return [typed.get(f"column_{at}", ATTRIBUTE) for at in range(len(self._header))]

    @property
    def choices(self) -> Choices:
        """Once valid."""
        meanings = self._meanings(self.cleaned_data)
        return Choices(meanings=tuple(meanings), order=self.cleaned_data["order"])


def as_typed(choices: Choices) -> dict[str, str]:
    columns = {f"column_{at}": one for at, one in enumerate(choices.meanings)}
    return {"order": choices.order, **columns}


class ImportForm(forms.Form):
    leave_out = forms.BooleanField(required=False)
    remove_missing = forms.BooleanField(required=False)
