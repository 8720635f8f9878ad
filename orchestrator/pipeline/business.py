"""business: the brand's server reports something that happened to no person."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from audience.sql import run
from campaigns.engine.compiled import CompiledCampaign
from orchestrator import bells
from orchestrator.pipeline import expansions, programs
from orchestrator.pipeline.expansions import Occasion, opening
from triggers.rules import Verdict
from triggers.trigger import BusinessTrigger

HOUR = timedelta(hours=1)
UTC = ZoneInfo("UTC")


def report(
    *,
    workspace_id: int,
    name: str,
    properties: dict[str, Any],
    message_id: str,
    occurred_at: datetime,
    now: datetime,
) -> list[str]:
    """Begin an expansion for each live campaign that acts on it; the keys of those campaigns.

    `message_id` tells it from every other: the same one again begins nothing. A campaign that has
    had its hour's share has an expansion too, one that was stopped, for its page to tell.
    """
    with transaction.atomic():
        program = programs.of([workspace_id], now=now)[workspace_id]
        acting = [one for one in program.fanning_out if may_act(one, name, properties, now=now)]
        if not acting:
            return []
        begun = counted([one.id for one in acting], since=now - HOUR)
        occasion = Occasion(name=name, properties=properties)
        found = [
            replace(
                opening(one, program, occurrence=message_id, at=occurred_at, occasion=occasion),
                reason="hourly_limit" if begun.get(one.id, 0) >= most_an_hour(one) else "",
            )
            for one in acting
        ]
        expansions.begin(openings=found, now=now)
        bells.ring_after_commit(bells.PLAN)
    return [one.key for one in acting]


def may_act(
    campaign: CompiledCampaign, name: str, properties: dict[str, Any], *, now: datetime
) -> bool:
    """Whether it listens, and its rule may match somebody: of people nothing is known here."""
    if not isinstance(campaign.definition.trigger, BusinessTrigger) or campaign.event != name:
        return False
    event = {"name": name, "properties": properties, "context": {}}
    verdict = campaign.rule.verdict({"event": event, "now": now, "zone": UTC})
    return verdict is not Verdict.NO_MATCH


def counted(campaigns: list[int], *, since: datetime) -> dict[int, int]:
    """How often these campaigns began since then. Locks them, so that the count is exact."""
    run(
        "SELECT FROM campaigns_campaign WHERE id = ANY(%(ids)b::bigint[]) "
        "ORDER BY id FOR NO KEY UPDATE",
        ids=campaigns,
    )
    rows = run(
        """
        SELECT campaign_id, count(*) FROM orchestrator_expansion
        WHERE campaign_id = ANY(%(ids)b::bigint[]) AND created_at > %(since)b AND part = ''
          AND reason <> 'hourly_limit'
        GROUP BY campaign_id
        """,
        ids=campaigns,
        since=since,
    )
    return {row[0]: row[1] for row in rows}


def most_an_hour(campaign: CompiledCampaign) -> int:
    trigger = campaign.definition.trigger
    return trigger.max_per_hour if isinstance(trigger, BusinessTrigger) else 0
