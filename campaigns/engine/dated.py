"""Date triggers: when the date in a person's trait comes round, and whether it still does."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine.compiled import CompiledCampaign
from triggers.clock import anniversary, date_trigger
from triggers.rules import find_fact
from triggers.trigger import DateTrigger

INSTANT = timedelta(microseconds=1)


def still_dated(
    campaign: CompiledCampaign, traits: Mapping[str, Any], zone: ZoneInfo, *, at: datetime
) -> bool:
    """For a date trigger: whether the trait still says the time at which the event stands."""
    trigger = campaign.definition.trigger
    return not isinstance(trigger, DateTrigger) or reached(trigger, traits, zone, since=at) == at


def reached(
    trigger: DateTrigger, traits: Mapping[str, Any], zone: ZoneInfo, *, since: datetime
) -> datetime | None:
    """When the trigger fires for a person with these traits, not before `since`; else None."""
    value = written_date(trigger, traits)
    if value is None:
        return None
    at = time.fromisoformat(trigger.at) if trigger.at else None
    if trigger.yearly:
        clock = at or time.min
        return anniversary(value, after=since - INSTANT, zone=zone, at=clock, days=trigger.days)
    found = date_trigger(value, days=trigger.days, hours=trigger.hours, at=at, zone=zone)
    return found if found and found >= since else None


def written_date(trigger: DateTrigger, traits: Mapping[str, Any]) -> str | None:
    """The date as the trait has it; None where it is no text."""
    fact = find_fact(f"person.traits.{trigger.trait}")
    value = fact.reader()({"person": {"traits": traits}}) if fact else None
    return value if isinstance(value, str) else None
