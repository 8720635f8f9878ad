"""The safety limit of what goes to many people at once: "200000 people"."""

import re
from typing import Final

PEOPLE: Final = "^[1-9][0-9]{0,8} people$"
PEOPLE_HELP: Final = "Write a number of people such as 200000 people."
DEFAULT: Final = "100000 people"


def read(text: str) -> int | None:
    """None for other words."""
    return int(text.partition(" ")[0]) if re.fullmatch(PEOPLE, text) else None


def write(count: int) -> str:
    return f"{count} people"
