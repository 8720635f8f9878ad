"""The least time between two messages about a place: "4 h", or "none"."""

import re
from typing import Final

from orchestrator.recipes import words
from orchestrator.recipes.words import DURATION

NONE: Final = "none"
COOLDOWN: Final = f"^{NONE}$|{DURATION}"
COOLDOWN_HELP: Final = "Write a duration such as 4 h or 7 days, or none."


def read(text: str) -> int | None:
    """Seconds; None for other words."""
    if not re.fullmatch(COOLDOWN, text):
        return None
    return 0 if text == NONE else words.seconds(text)


def write(seconds: int) -> str:
    return words.duration(seconds) if seconds else NONE
