"""The fields of a place's page. triggers.places.given says what is wrong with them."""

import json
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import QueryDict

from triggers.admin.hours_form import HoursForm
from triggers.models import Place
from triggers.models.place import DEFAULT_APPROACH_M, DEFAULT_RADIUS_M
from triggers.places.given import Fault, PlaceError, PlaceInput, number_of, read_place

NUMBERS = ("latitude", "longitude", "radius_m", "approach_m")
TEXTS = ("name", "address", "phone", "time_zone")
DATES = ("opens_on", "closes_on")
MISSING = {
    "name": "Give the place a name.",
    "external_id": "Give your own number or name of the place.",
    "latitude": "Click the map, paste coordinates, or write the latitude here.",
    "longitude": "Click the map, paste coordinates, or write the longitude here.",
}
WORDS = {
    "external_id": "number or name", "radius_m": "radius", "approach_m": "distance",
    "opens_on": "first day", "closes_on": "last day", "time_zone": "time zone",
}  # fmt: skip
NO_NUMBER = "Write a number, with a point for decimals."
NO_DRAWING = "This is no area. Draw it on the map."
WORDS_OF_TRUTH = {"true": True, "false": False}
Attribute = tuple[str, str]


class PlaceForm(forms.Form):
    """`stored` is the place being edited, if there is one: then its external id stays."""

    name = forms.CharField(required=False, label="Name")
    external_id = forms.CharField(
        required=False, label="Your own number or name of it",
        help_text="Such as “store-12”: files and your server use it. It cannot change later.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    address = forms.CharField(required=False, label="Address")
    phone = forms.CharField(required=False, label="Telephone")
    latitude = forms.CharField(required=False, label="Latitude")
    longitude = forms.CharField(required=False, label="Longitude")
    radius_m = forms.CharField(required=False, label="Radius, in metres")
    area = forms.CharField(required=False, label="Area", widget=forms.Textarea)
    approach_m = forms.CharField(
        required=False, label="Counts as near from, in metres",
        help_text="Measured from the edge. “Comes near” happens here.",
    )  # fmt: skip
    tags = forms.CharField(
        required=False, label="Tags", help_text="With commas between them: flagship, cafe."
    )
    time_zone = forms.ChoiceField(required=False, label="Time zone", choices=[])
    opens_on = forms.CharField(
        required=False, label="Opens on", widget=forms.TextInput(attrs={"type": "date"}),
        help_text="Empty: it is open already.",
    )  # fmt: skip
    closes_on = forms.CharField(
        required=False, label="Closes on", widget=forms.TextInput(attrs={"type": "date"}),
        help_text="Its last day. Empty: it stays.",
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, stored: Place | None, workspace_zone: str
    ) -> None:
        super().__init__(data, initial=_initial(stored))
        self.stored = stored
        self.hours = HoursForm(data, stored=stored.hours if stored else None)
        self.attributes = _typed_attributes(data) if data is not None else _shown(stored)
        self.attribute_errors: list[str] = []
        zones = sorted(available_timezones() - {"localtime"})
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", f"The workspace’s ({workspace_zone})"),
            *((zone, zone) for zone in zones),
        ]
        if stored:
            del self.fields["external_id"]

    @property
    def is_area(self) -> bool:
        return bool(str(self["area"].value() or "").strip())

    def read(self) -> PlaceInput | None:
        """None, with the reasons beside the fields, for what cannot be saved."""
        self.is_valid()
        try:
            place = read_place(self._raw())
        except PlaceError as error:
            for fault in error.faults:
                self._explain(fault)
            return None
        except ValueError:
            self.add_error("area", NO_DRAWING)
            return None
        if self.errors:
            return None
        return place

    def _raw(self) -> dict[str, Any]:
        """What read_place takes. Raises ValueError for an area that is no JSON."""
        typed = {name: self._text(name) for name in self.fields}
        raw: dict[str, Any] = {name: typed[name] for name in TEXTS}
        raw |= {name: typed[name] or None for name in DATES}
        raw |= {name: _number(typed[name]) for name in NUMBERS}
        raw["external_id"] = self.stored.external_id if self.stored else typed["external_id"]
        raw["tags"] = [tag for one in typed["tags"].split(",") if (tag := one.strip())]
        raw["area"] = json.loads(typed["area"]) if typed["area"] else None
        raw["attributes"] = self._attributes()
        raw["hours"] = self.hours.document()
        return raw

    def _text(self, name: str) -> str:
        return str(self[name].value() or "").strip()

    def _attributes(self) -> dict[str, Any]:
        stored = self.stored.attributes if self.stored else {}
        known = {(name, _as_text(value)): value for name, value in stored.items()}
        return {
            name: known.get((name, text), _value(text))
            for name, text in self.attributes
            if name or text
        }

    def _explain(self, fault: Fault) -> None:
        head, _, rest = fault.field.partition(".")
        sentence = _sentence(fault, head)
        if head == "hours":
            self.hours.explain(rest, fault.sentence)
        elif head == "attributes":
            self.attribute_errors.append(sentence)
        else:
            self.add_error(head if head in self.fields else None, sentence)


def _sentence(fault: Fault, head: str) -> str:
    if fault.code == "missing" and head in MISSING:
        return MISSING[head]
    if fault.code == "wrong_type" and head in NUMBERS:
        return NO_NUMBER
    said = fault.sentence if head == "area" else f"{fault.sentence} {fault.fix}"
    return said.replace(head, WORDS.get(head, head))


def _number(text: str) -> float | str | None:
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return number_of(text) if text else None


def _value(text: str) -> Any:
    if text in WORDS_OF_TRUTH:
        return WORDS_OF_TRUTH[text]
    return number_of(text)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _typed_attributes(data: QueryDict) -> list[Attribute]:
    names, values = data.getlist("attribute_name"), data.getlist("attribute_value")
    pairs = [(name.strip(), text.strip()) for name, text in zip(names, values, strict=False)]
    return [*(pair for pair in pairs if any(pair)), ("", "")]


def _shown(stored: Place | None) -> list[Attribute]:
    kept = stored.attributes if stored else {}
    return [*((name, _as_text(value)) for name, value in kept.items()), ("", "")]


def _initial(stored: Place | None) -> dict[str, Any]:
    if stored is None:
        return {"radius_m": f"{DEFAULT_RADIUS_M:g}", "approach_m": f"{DEFAULT_APPROACH_M:g}"}
    return {
        **{name: getattr(stored, name) for name in TEXTS},
        **{name: f"{getattr(stored, name):.10g}" for name in NUMBERS},
        **{name: day.isoformat() if (day := getattr(stored, name)) else "" for name in DATES},
        "tags": ", ".join(stored.tags),
        "area": json.dumps(stored.area) if stored.area else "",
    }
