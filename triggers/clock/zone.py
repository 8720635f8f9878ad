"""Which time zone holds for a person: the first name that is one."""

from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

SHOWN_CHARS: Final = 64
# Names that say nothing about a person: this machine's own zone, and "not set".
NOT_A_PLACE: Final = {"localtime", "Factory"}


@dataclass(frozen=True, slots=True)
class Zone:
    """fallback_from: the first name that is no time zone, fit to show, or None."""

    zone: ZoneInfo
    name: str
    fallback_from: str | None


def zone_of(*names: str | None) -> Zone:
    """The first known IANA name, in the order given; UTC when there is none.

    None and "" are unknown and passed over in silence. Names come from outside: they are
    looked up in the list of known ones and never reach the file system.
    """
    refused: str | None = None
    for name in names:
        if not name:
            continue
        if name in known_zones():
            return Zone(zone=_load(name), name=name, fallback_from=refused)
        refused = refused or _shown(name)
    return Zone(zone=_load("UTC"), name="UTC", fallback_from=refused)


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name that is a place's."""
    return frozenset(available_timezones() - NOT_A_PLACE)


@cache  # of known names only, some 600; ZoneInfo's own cache keeps eight
def _load(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in name[:SHOWN_CHARS])
