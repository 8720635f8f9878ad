"""How often one person can get a campaign: "once", "every 7 days", "once a day per key"."""

import re
from typing import Final, Literal

from orchestrator.recipes import words
from orchestrator.recipes.words import DURATION
from triggers.trigger import ReEntry

PER_KEY: Final = " per key"
HOW_OFTEN: Final = rf"^(always|(once|once a day|every {DURATION.strip('^$')})({PER_KEY})?)$"
HOW_OFTEN_HELP: Final = (
    "Write always, once, once a day or, with a duration, every 7 days; and “per key” behind it"
    " to count for each value of “per”."
)
_MODES: Final[dict[str, Literal["always", "once", "daily"]]] = {
    "always": "always",
    "once": "once",
    "once a day": "daily",
}
_SAID: Final = {mode: said for said, mode in _MODES.items()}


def read(text: str) -> ReEntry | None:
    """None for other words."""
    if not re.fullmatch(HOW_OFTEN, text):
        return None
    often = text.removesuffix(PER_KEY)
    scope: Literal["person", "key"] = "person" if often == text else "key"
    if often in _MODES:
        return ReEntry(mode=_MODES[often], scope=scope)
    seconds = words.seconds(often.removeprefix("every ")) or 0
    return ReEntry(mode="every", every_s=seconds, scope=scope)


def write(re_entry: ReEntry) -> str:
    """Reads back to the same, once it is normal."""
    plain = normal(re_entry)
    per_key = PER_KEY if plain.scope == "key" else ""
    if plain.mode == "every":
        return f"every {words.duration(plain.every_s)}{per_key}"
    return f"{_SAID[plain.mode]}{per_key}"


def normal(re_entry: ReEntry) -> ReEntry:
    """The same without what its mode does not look at, as a form may have left it."""
    if re_entry.mode == "always":
        return ReEntry()
    if re_entry.mode == "every":
        return re_entry
    return ReEntry(mode=re_entry.mode, scope=re_entry.scope)
