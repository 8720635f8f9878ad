"""A length of time as people choose it: one of a few, or a number of minutes, hours or days."""

from typing import Any

from django import forms

CUSTOM = "custom"
UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
SHORTEST_S = 60
LONGEST_S = 28 * 86_400
OUT_OF_RANGE = "Choose between one minute and 28 days."

Choices = list[tuple[int, str]]


class DurationWidget(forms.MultiWidget):
    """A list of common lengths; the number and its unit count only when “Another time” is on."""

    def __init__(self, choices: Choices) -> None:
        self.known = {seconds for seconds, _ in choices}
        listed = [*choices, (CUSTOM, "Another time…")]
        number = forms.NumberInput(attrs={"min": 1, "aria-label": "How many"})
        unit = forms.Select(choices=[(unit, unit) for unit in UNITS], attrs={"aria-label": "Unit"})
        super().__init__([forms.Select(choices=listed), number, unit])

    def decompress(self, value: Any) -> list[Any]:
        seconds = int(value or 0)
        unit = next(
            name for name, size in reversed(UNITS.items()) if seconds % size == 0 or size == 60
        )
        number = max(1, seconds // UNITS[unit])
        return [seconds if seconds in self.known else CUSTOM, number, unit]


class DurationField(forms.MultiValueField):
    """Gives whole seconds, between one minute and 28 days."""

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        fields = (
            forms.ChoiceField(choices=[*choices, (CUSTOM, "")]),
            forms.FloatField(required=False),
            forms.ChoiceField(choices=[(unit, unit) for unit in UNITS], required=False),
        )
        super().__init__(
            fields=fields,
            widget=DurationWidget(choices),
            require_all_fields=False,
            required=True,
            **kwargs,
        )

    def compress(self, data_list: list[Any]) -> int:
        chosen, number, unit = (*data_list, None, None, None)[:3]
        if chosen != CUSTOM:
            return int(chosen)
        seconds = int((number or 0) * UNITS[unit or "minutes"])
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise forms.ValidationError(OUT_OF_RANGE)
        return seconds


def in_words(seconds: int) -> str:
    """86400 is "1 day"."""
    for unit, size in reversed(UNITS.items()):
        if seconds % size == 0 or size == UNITS["minutes"]:
            number = seconds // size
            return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
    raise AssertionError("minutes always fit")
