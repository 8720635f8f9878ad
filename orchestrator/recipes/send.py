"""How far from a person's date a campaign starts: "3 days before at 09:00", "2 h after"."""

import re
from typing import Final, NamedTuple

_COUNT: Final = "[1-9][0-9]{0,3}"
_SIDE: Final = "(?:before|after)"
_AT: Final = "at (?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DAYS: Final = f"{_COUNT} days? {_SIDE}"
_HOURS: Final = f"{_COUNT} ?(?:h|hours?) {_SIDE}"
SEND: Final = f"^(?:(?:on the day {_AT}|{_DAYS}(?: {_AT})?)(?: and {_HOURS})?|{_HOURS})$"
SEND_HELP: Final = (
    "Write on the day at 09:00, 3 days before, 3 days before at 09:00, 1 day after at 18:00 or"
    " 2 h before."
)


class Moved(NamedTuple):
    """Days and hours after the date, negative before it; at is a local time or None."""

    days: int = 0
    hours: int = 0
    at: str | None = None


def read(text: str) -> Moved | None:
    """None for other words."""
    if not re.fullmatch(SEND, text):
        return None
    at = re.search("[0-9]{2}:[0-9]{2}", text)
    return Moved(_moved(text, "days?"), _moved(text, "(?:h|hours?)"), at[0] if at else None)


def _moved(text: str, unit: str) -> int:
    found = re.search(f"({_COUNT}) ?{unit} (before|after)", text)
    if found is None:
        return 0
    return -int(found[1]) if found[2] == "before" else int(found[1])


def write(moved: Moved) -> str | None:
    """Reads back to the same; None for the date itself, which needs no words."""
    if moved == Moved():
        return None
    hours = _side(moved.hours, "h") if moved.hours else ""
    if not moved.days and moved.at is None:
        return hours
    day = (
        _side(moved.days, "day" if abs(moved.days) == 1 else "days") if moved.days else "on the day"
    )
    at = f" at {moved.at}" if moved.at is not None else ""
    return f"{day}{at}{' and ' if hours else ''}{hours}"


def _side(count: int, unit: str) -> str:
    return f"{abs(count)} {unit} {'before' if count < 0 else 'after'}"
