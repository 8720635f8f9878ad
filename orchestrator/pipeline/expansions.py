"""Expansions: schedules, dates and business events on their way through the people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from audience.sql import run
from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.program import Program
from orchestrator.models import ExpansionState

AUDIENCE_LIMIT = "audience_limit"


class Occasion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happens to each person of an expansion.

    `zones` are the time zones whose people it is for, None for everyone; "" stands for people
    whose zone is not known. A person's own date counts if it lies in [since, until). `past_of` is
    an event and a property: an expansion that goes through the log instead of the people.
    """

    name: str = ""
    properties: dict[str, Any] = {}
    zones: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    past_of: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """An expansion to be: one occurrence of a campaign, or a part of one."""

    workspace_id: int
    campaign_id: int
    occurrence: str
    part: str
    due_at: datetime
    expires_at: datetime
    occasion: Occasion
    reason: str = ""  # why it is stopped before it begins


def opening(
    campaign: CompiledCampaign,
    program: Program,
    *,
    occurrence: str,
    part: str = "",
    at: datetime,
    occasion: Occasion,
) -> Opening:
    return Opening(
        workspace_id=program.workspace_id,
        campaign_id=campaign.id,
        occurrence=occurrence[:200],
        part=part,
        due_at=at,
        expires_at=at + timedelta(seconds=campaign.definition.useful_for_s),
        occasion=occasion,
    )


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A running expansion that the caller's transaction holds.

    `moments` are those of all parts of its occurrence so far.
    """

    id: int
    workspace_id: int
    campaign_id: int
    occurrence: str
    due_at: datetime
    expires_at: datetime
    occasion: Occasion
    cursor: int
    skipped: tuple[int, ...]
    moments: int


def begin(*, openings: Sequence[Opening], now: datetime) -> None:
    """Those that are there already, running or over, stay as they are."""
    run(
        """
        INSERT INTO orchestrator_expansion (workspace_id, campaign_id, occurrence, part, state,
            reason, due_at, expires_at, event, cursor, skipped, people, moments, created_at,
            ended_at)
        SELECT workspace_id, campaign_id, occurrence, part,
               CASE reason WHEN '' THEN 'running' ELSE 'stopped' END, reason, due_at, expires_at,
               event::jsonb, 0, '{}', 0, 0, %(now)b,
               CASE reason WHEN '' THEN NULL ELSE %(now)b END
        FROM unnest(%(workspaces)b::bigint[], %(campaigns)b::bigint[], %(occurrences)b::text[],
                    %(parts)b::text[], %(reasons)b::text[], %(due)b::timestamptz[],
                    %(expires)b::timestamptz[], %(events)b::text[])
             AS o (workspace_id, campaign_id, occurrence, part, reason, due_at, expires_at, event)
        ON CONFLICT (campaign_id, occurrence, part) DO NOTHING
        """,
        workspaces=[one.workspace_id for one in openings],
        campaigns=[one.campaign_id for one in openings],
        occurrences=[one.occurrence for one in openings],
        parts=[one.part for one in openings],
        reasons=[one.reason for one in openings],
        due=[one.due_at for one in openings],
        expires=[one.expires_at for one in openings],
        events=[msgspec.json.encode(one.occasion).decode() for one in openings],
        now=now,
    )


# Where a business event asks for what the log knows, the log is gone through first. The campaign
# stays as it is until the chunk is written: to pause it is to wait for that.
NEXT = """
    SELECT e.id FROM orchestrator_expansion e
    JOIN campaigns_campaign c ON c.id = e.campaign_id AND c.state = 'live'
    WHERE e.state = 'running' AND e.due_at <= %(now)b AND (e.part = 'log' OR NOT EXISTS (
        SELECT FROM orchestrator_expansion o WHERE o.campaign_id = e.campaign_id
        AND o.part = 'log' AND o.state = 'running'))
    ORDER BY e.worked_at NULLS FIRST, e.due_at, e.id LIMIT 1
    FOR NO KEY UPDATE OF e SKIP LOCKED FOR KEY SHARE OF c SKIP LOCKED
"""


def take(*, now: datetime) -> Taken | None:
    """The running expansion of a live campaign that was worked at longest ago, if one is free."""
    rows = run(
        f"""
        WITH next AS ({NEXT})
        SELECT e.id, e.workspace_id, e.campaign_id, e.occurrence, e.due_at, e.expires_at, e.event,
               e.cursor, e.skipped,
               (SELECT sum(o.moments)::bigint FROM orchestrator_expansion o
                WHERE o.campaign_id = e.campaign_id AND o.occurrence = e.occurrence)
        FROM orchestrator_expansion e JOIN next ON next.id = e.id
        """,
        now=now,
    )
    if not rows:
        return None
    row = rows[0]
    return Taken(
        id=row[0],
        workspace_id=row[1],
        campaign_id=row[2],
        occurrence=row[3],
        due_at=row[4],
        expires_at=row[5],
        occasion=msgspec.json.decode(row[6], type=Occasion),
        cursor=row[7],
        skipped=tuple(row[8]),
        moments=row[9],
    )


def put_last(*, now: datetime) -> None:
    """The one that take() gives would fail again: let the others go first."""
    run(
        f"WITH next AS ({NEXT}) UPDATE orchestrator_expansion e SET worked_at = %(now)b "
        "FROM next WHERE e.id = next.id",
        now=now,
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one chunk got. `skipped` are people to come back for."""

    cursor: int
    skipped: Sequence[int]
    people: int
    moments: int
    done: bool


def advance(taken: Taken, progress: Progress, *, now: datetime) -> None:
    run(
        """
        UPDATE orchestrator_expansion SET cursor = %(cursor)b, skipped = %(skipped)b::bigint[],
            people = people + %(people)b, moments = moments + %(moments)b, worked_at = %(now)b,
            state = CASE WHEN %(done)b THEN 'done' ELSE state END,
            ended_at = CASE WHEN %(done)b THEN %(now)b END
        WHERE id = %(id)b
        """,
        id=taken.id,
        cursor=progress.cursor,
        skipped=list(progress.skipped),
        people=progress.people,
        moments=progress.moments,
        done=progress.done,
        now=now,
    )


def stop_at_limit(taken: Taken, *, moments: int, now: datetime) -> None:
    """It stays where it was, so that nobody is passed over if the limit is raised."""
    run(
        "UPDATE orchestrator_expansion SET moments = moments + %(moments)b WHERE id = %(id)b",
        id=taken.id,
        moments=moments,
    )
    stop(taken, AUDIENCE_LIMIT, now=now)


def go_on(*, limits: Mapping[int, int], now: datetime) -> None:
    """Those that stopped at a limit which is higher now and that are not too late go on.

    `limits` are the most moments of one occurrence, by campaign.
    """
    run(
        """
        UPDATE orchestrator_expansion e SET state = 'running', reason = '', ended_at = NULL
        FROM unnest(%(campaigns)b::bigint[], %(limits)b::bigint[]) AS l (campaign_id, most)
        WHERE e.campaign_id = l.campaign_id AND e.state = 'stopped'
          AND e.reason = %(reason)b AND e.expires_at > %(now)b
          AND l.most > (SELECT sum(o.moments) FROM orchestrator_expansion o
                        WHERE o.campaign_id = e.campaign_id AND o.occurrence = e.occurrence)
        """,
        campaigns=sorted(limits),
        limits=[limits[campaign] for campaign in sorted(limits)],
        reason=AUDIENCE_LIMIT,
        now=now,
    )


def stop(taken: Taken, reason: str, *, now: datetime) -> None:
    run(
        "UPDATE orchestrator_expansion SET state = %(state)b, reason = %(reason)b, "
        "worked_at = %(now)b, ended_at = %(now)b WHERE id = %(id)b",
        id=taken.id,
        state=ExpansionState.STOPPED.value,
        reason=reason,
        now=now,
    )
