"""Quiet hours, on the person's clock."""

from datetime import datetime, time
from zoneinfo import ZoneInfo


def is_quiet(quiet: tuple[time, ...], at: datetime, zone: ZoneInfo) -> bool:
    """`quiet` is () or from and until, which may be the next morning; equal ends are all day."""
    if not quiet:
        return False
    begin, end = quiet
    local = at.astimezone(zone).time()
    if begin < end:
        return begin <= local < end
    return local >= begin or local < end
