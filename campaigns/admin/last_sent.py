"""When each campaign of a page last sent something, in one query that stays cheap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from unfold.views import ChangeList

from audience.sql import run

NEWEST_MOMENTS = 200  # of each campaign; beyond them the list says "not lately"


class CampaignList(ChangeList):
    """The list, with `last_sent_at`, `has_moments` and what is `known` on each campaign."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = last_sent(campaigns=[campaign.pk for campaign in self.result_list])
        admin: Any = self.model_admin
        known = admin.known(request) if self.result_list else None
        for campaign in self.result_list:
            campaign.known = known
            campaign.last_sent_at, campaign.has_moments = found[campaign.pk]


def last_sent(*, campaigns: Sequence[int]) -> dict[int, tuple[datetime | None, bool]]:
    """By campaign: when it last sent (among its newest moments), and whether it has moments."""
    rows = run(
        """
        SELECT c.id, newest.sent_at, newest.any
        FROM unnest(%(campaigns)b::bigint[]) AS c (id) CROSS JOIN LATERAL (
            SELECT max(opened_at) FILTER (WHERE state = 'sent') AS sent_at, count(*) > 0 AS any
            FROM (SELECT opened_at, state FROM campaigns_moment WHERE campaign_id = c.id
                  ORDER BY opened_at DESC, id DESC LIMIT %(newest)b) AS m
        ) AS newest
        """,
        campaigns=list(campaigns),
        newest=NEWEST_MOMENTS,
    )
    return {row[0]: (row[1], row[2]) for row in rows}
