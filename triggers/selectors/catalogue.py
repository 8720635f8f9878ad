"""How many events of each name came on each day, up to this moment."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from audience.sql import run
from triggers.places.crossings import CROSSINGS

DAYS = 14
# What the product itself writes into the log: campaigns.engine.hearing.OWN_EVENTS.
OWN_NAMES = (
    "Campaign Triggered",
    "Date Reached",
    "Push Accepted",
    "Push Cancelled",
    "Push Dropped",
    "Push Failed",
    "Push Opened",
    "Push Unconfirmed",
    "Schedule Reached",
    *sorted(CROSSINGS),
)
# What upkeep has not counted yet is counted by whoever looks: as a rule two minutes' events.
NEWEST = 20_000

Daily = tuple[int, ...]


def last_days(*, now: datetime) -> list[date]:
    """The days (UTC) that are shown, today last."""
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=ago) for ago in reversed(range(DAYS))]


def daily(*, workspace_id: int, names: Collection[str], now: datetime) -> dict[str, Daily]:
    """Events by name for each of the last days; the name "" stands for all that are not kept."""
    days = last_days(now=now)
    wanted = {*names, ""}
    found: dict[tuple[str, date], int] = {}
    for name, day, events in run(
        """
        WITH known AS (
            SELECT name, day, events FROM triggers_eventcount
            WHERE workspace_id = %(workspace)b AND name = ANY(%(names)b::text[])
              AND day >= %(first)b
        ), newest AS (
            SELECT name, received_at FROM triggers_event
            WHERE workspace_id = %(workspace)b
              AND received_at >= COALESCE(
                  (SELECT until FROM triggers_counted WHERE workspace_id = %(workspace)b),
                  %(since)b)
            ORDER BY received_at DESC, id DESC LIMIT %(newest)b
        )
        SELECT name, day, events FROM known
        UNION ALL
        SELECT name, (received_at AT TIME ZONE 'UTC')::date, count(*)
        FROM newest WHERE name = ANY(%(names)b::text[]) GROUP BY 1, 2
        """,
        workspace=workspace_id,
        names=sorted(wanted),
        first=days[0],
        since=datetime.combine(days[0], datetime.min.time(), UTC),
        newest=NEWEST,
    ):
        found[name, day] = found.get((name, day), 0) + events
    return {name: tuple(found.get((name, day), 0) for day in days) for name in wanted}
