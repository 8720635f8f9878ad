"""What is wrong with a place that somebody gave, and what to do about it."""

from dataclasses import dataclass
from typing import Any, Final

SHOWN_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """field: a field's name with a dotted path behind it, such as "hours.weekly.mon.0"."""

    field: str
    code: str
    sentence: str
    fix: str


class PlaceError(ValueError):
    """A place that cannot be saved; `faults` is everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(fault.sentence for fault in faults))
        self.faults = faults


def printable(text: Any) -> str:
    """Fit to be shown: short, and without signs that control anything."""
    shown = str(text)[:SHOWN_CHARS]
    return "".join(char if char.isprintable() else "\ufffd" for char in shown)


def text_fault(name: str, value: Any, most: int) -> Fault | None:
    """Why this is no text of at most so many characters, or None."""
    if not isinstance(value, str):
        return Fault(name, "wrong_type", f"The {name} is no text.", "Give text, in quotes.")
    if len(value) > most:
        return Fault(
            name,
            "too_long",
            f"The {name} has more than {most:,} characters.",
            "Give a shorter one.",
        )
    if not storable(value):
        return Fault(
            name, "bad_text", f"The {name} holds a NUL or half a character.",
            "Take it out, or save the file as UTF-8.",
        )  # fmt: skip
    return None


def storable(text: str) -> bool:
    """Whether PostgreSQL takes it: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
