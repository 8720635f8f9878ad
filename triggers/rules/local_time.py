"""The clock of one place: the local hour and day of now, and where its calendar periods begin."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from triggers.rules.values import MISSING, as_instant

Facts = Mapping[str, Any]

_FIRST_DAYS: Final[dict[str, Callable[[date], date]]] = {
    "day": lambda today: today,
    "week": lambda today: today - timedelta(days=today.weekday()),
    "month": lambda today: today.replace(day=1),
}
PERIODS: Final = tuple(_FIRST_DAYS)


def hour(_path: str) -> Callable[[Facts], Any]:
    """0 to 23, missing without an aware now and a zone."""
    return _of_local_now(lambda local: local.hour)


def weekday(_path: str) -> Callable[[Facts], Any]:
    """1 for Monday to 7 for Sunday, missing without an aware now and a zone."""
    return _of_local_now(lambda local: local.isoweekday())


def period_start(period: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The first instant, in UTC, of the day, week (from Monday) or month that holds now."""
    first = _FIRST_DAYS[period](now.astimezone(zone).date())
    # A midnight that the clocks skip is, with the offset before the gap, the gap's very end.
    return datetime.combine(first, time.min, zone).astimezone(UTC)


def _of_local_now(part: Callable[[datetime], int]) -> Callable[[Facts], Any]:
    def read(facts: Facts) -> Any:
        now, zone = as_instant(facts.get("now")), facts.get("zone")
        if now is None or not isinstance(zone, tzinfo):
            return MISSING
        return part(now.astimezone(zone))

    return read
