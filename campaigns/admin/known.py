"""What the campaign page's words and choices need to know of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from audience.models import Workspace
from campaigns.models import Campaign
from triggers.clock import local_date, zone_of
from triggers.selectors.place_tags import tags_of
from triggers.selectors.segments import keys_of

MOST_CAMPAIGNS = 1_000
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class Known:
    """`campaigns` maps a key to a name, those changed last first; `segments` are keys.

    `tags` says how many places have each, None where nobody asks.
    """

    zone: ZoneInfo = UTC
    today: date | None = None
    campaigns: Mapping[str, str] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    tags: Mapping[str, int] | None = None

    def name_of(self, key: str) -> str:
        return self.campaigns.get(key, key)


NOTHING = Known()


def known_in(*, workspace: Workspace, now: datetime, with_tags: bool = False) -> Known:
    rows = Campaign.objects.filter(workspace=workspace).order_by("-changed_at", "-id")
    zone = zone_of(workspace.time_zone).zone
    return Known(
        zone=zone,
        today=local_date(now, zone),
        campaigns=dict(rows.values_list("key", "name")[:MOST_CAMPAIGNS]),
        segments=keys_of(workspace_id=workspace.pk),
        tags=tags_of(workspace_id=workspace.pk) if with_tags else None,
    )
