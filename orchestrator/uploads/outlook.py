"""What counting an upload would lead to, and what it has led to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from audience.models import IdentityKind
from audience.sql import run
from campaigns.definition import Definition
from campaigns.engine.states import MomentState
from campaigns.models import Campaign, CampaignState
from campaigns.selectors.listening import Listener, listening
from orchestrator.models import Upload
from orchestrator.uploads.reading import Row
from triggers.clock import due
from triggers.trigger import EventTrigger

STARTS_WITHIN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Starting:
    """A live campaign that starts with the event; `too_old` rows cannot lead to its message."""

    campaign: Listener
    ignores_after: timedelta
    useful_for: timedelta
    too_old: int


@dataclass(frozen=True, kw_only=True)
class Outlook:
    people: int
    known: int
    starting: list[Starting]
    others: list[Listener]


def outlook(
    *, workspace_id: int, event: str, rows: Sequence[Row], zone: ZoneInfo, now: datetime
) -> Outlook:
    ids = list({row.user_id for row in rows})
    listeners = listening(workspace_id=workspace_id, event=event) if event else []
    live = {one.campaign_id: one for one in listeners if one.state == CampaignState.LIVE}
    definitions = definitions_of(workspace_id=workspace_id, campaigns=list(live))
    starting = [
        starts(live[id_], definition, rows, zone=zone, now=now)
        for id_, definition in definitions.items()
        if isinstance(definition.trigger, EventTrigger) and definition.trigger.event == event
    ]
    begun = {one.campaign.campaign_id for one in starting}
    return Outlook(
        people=len(ids),
        known=known_people(workspace_id=workspace_id, user_ids=ids),
        starting=starting,
        others=[one for id_, one in live.items() if id_ not in begun],
    )


def definitions_of(*, workspace_id: int, campaigns: Sequence[int]) -> dict[int, Definition]:
    """What is live of each, in the order given."""
    rows = Campaign.objects.filter(workspace_id=workspace_id, pk__in=campaigns)
    found = dict(rows.values_list("pk", "live_version__definition"))
    return {id_: msgspec.convert(found[id_], Definition) for id_ in campaigns if found.get(id_)}


def starts(
    campaign: Listener,
    definition: Definition,
    rows: Sequence[Row],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Starting:
    trigger = definition.trigger
    ignores_after = timedelta(seconds=trigger.max_age_s)
    useful_for = timedelta(seconds=definition.useful_for_s)

    def is_late(at: datetime) -> bool:
        if now - at > ignores_after:
            return True
        first = due(trigger.wait, since=at, zone=zone) if trigger.wait else at
        return first + useful_for <= now

    late = {at: is_late(at) for at in {row.occurred_at for row in rows}}
    return Starting(
        campaign=campaign,
        ignores_after=ignores_after,
        useful_for=useful_for,
        too_old=sum(late[row.occurred_at] for row in rows),
    )


def known_people(*, workspace_id: int, user_ids: Sequence[str]) -> int:
    rows = run(
        "SELECT count(*) FROM audience_identity WHERE workspace_id = %(workspace)b "
        "AND kind = %(kind)b AND value = ANY(%(ids)b::text[])",
        workspace=workspace_id,
        kind=IdentityKind.USER.value,
        ids=user_ids,
    )
    return int(rows[0][0])


@dataclass(frozen=True, kw_only=True)
class Came:
    """How many people a campaign considered because of the upload, by what became of them."""

    campaign_id: int
    name: str
    states: list[tuple[MomentState, int]]


def came_of(*, upload: Upload) -> list[Came]:
    """So far: what the upload's messages have started."""
    rows = run(
        """
        SELECT m.campaign_id, c.name, m.state, count(*)
        FROM campaigns_moment m
        JOIN campaigns_campaign c ON c.id = m.campaign_id
        JOIN triggers_event e ON e.received_at = m.received_at AND e.id = m.event_id
        WHERE m.workspace_id = %(workspace)b AND m.event_name = %(event)b
          AND m.opened_at >= %(since)b AND m.opened_at < %(until)b
          AND starts_with(e.message_id, %(prefix)b)
        GROUP BY 1, 2, 3 ORDER BY 2, 1, 4 DESC, 3
        """,
        workspace=upload.workspace_id,
        event=upload.event,
        since=upload.created_at,
        until=(upload.counted_at or upload.created_at) + STARTS_WITHIN,
        prefix=f"upload-{upload.pk}-",
    )
    found: dict[int, Came] = {}
    for id_, name, state, number in rows:
        came = found.setdefault(id_, Came(campaign_id=id_, name=name, states=[]))
        came.states.append((MomentState(state), number))
    return list(found.values())
