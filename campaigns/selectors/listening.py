"""Which campaigns an event has to do with."""

from dataclasses import dataclass

from audience.sql import run
from campaigns.models import CampaignState

MOST = 100


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A campaign and what the event does in it; none of the three: its conditions ask for it."""

    campaign_id: int
    name: str
    state: CampaignState
    starts: bool
    stops: bool


def listening(*, workspace_id: int, event: str) -> list[Listener]:
    """Campaigns that name the event, as they are live or else as drafted; not those that ended."""
    rows = run(
        """
        SELECT id, name, state, COALESCE(document->'trigger'->>'event' = %(event)b, false),
               jsonb_path_exists(document, '$.trigger.cancel_on[*].event ? (@ == $event)', named)
        FROM (
            SELECT c.id, c.name, c.state, jsonb_build_object('event', %(event)b::text) AS named,
                   CASE WHEN c.state = 'draft' THEN c.draft ELSE v.definition END AS document
            FROM campaigns_campaign c
            LEFT JOIN campaigns_campaignversion v ON v.id = c.live_version_id
            WHERE c.workspace_id = %(workspace)b AND c.state <> 'ended'
        ) c
        WHERE jsonb_path_exists(document->'trigger', '$.**.event ? (@ == $event)', named)
        ORDER BY array_position(ARRAY['live', 'paused', 'draft'], state::text), name, id
        LIMIT %(most)b
        """,
        workspace=workspace_id,
        event=event,
        most=MOST,
    )
    return [
        Listener(campaign_id=id, name=name, state=CampaignState(state), starts=starts, stops=stops)
        for id, name, state, starts, stops in rows
    ]
