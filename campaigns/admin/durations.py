"""A length of time as people choose it: one of a few, or a number of minutes, hours or days."""

from typing import Any

from django import forms

CUSTOM = "custom"
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
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
        number = forms.NumberInput(attrs={"min": 0, "step": "any", "aria-label": "How many"})
        unit = forms.Select(choices=[(unit, unit) for unit in UNITS], attrs={"aria-label": "Unit"})
        super().__init__([forms.Select(choices=listed), number, unit])

    def decompress(self, value: Any) -> list[Any]:
        seconds = int(value or 0)
        chosen = seconds if seconds in self.known else CUSTOM
        number, unit = counted(seconds)
        if unit == "seconds":
            return [chosen, seconds / UNITS["minutes"], "minutes"]
        return [chosen, number, unit]


class DurationField(forms.MultiValueField):
    """Gives whole seconds between the two limits; by default one minute and 28 days."""

    def __init__(
        self,
        *,
        choices: Choices,
        limits: tuple[int, int] = (SHORTEST_S, LONGEST_S),
        refusal: str = OUT_OF_RANGE,
        **kwargs: Any,
    ) -> None:
        self.limits, self.refusal = limits, refusal
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
        if number is None:
            raise forms.ValidationError(self.refusal)
        seconds = number * UNITS[unit or "minutes"]
        shortest, longest = self.limits
        if not shortest <= seconds <= longest:
            raise forms.ValidationError(self.refusal)
        return round(seconds)


def counted(seconds: int) -> tuple[int, str]:
    """The number and the biggest unit that says it exactly: 5400 is (90, "minutes")."""
    size, unit = max((size, unit) for unit, size in SECONDS.items() if seconds % size == 0)
    return (seconds // size, unit) if seconds else (0, "minutes")


def in_words(seconds: int) -> str:
    """86400 is "1 day"."""
    number, unit = counted(seconds)
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
