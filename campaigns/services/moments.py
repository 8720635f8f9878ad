"""Carrying out what step() decided: moments and their pushes, for people held locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from audience.sql import run
from campaigns.engine.effects import EndMoment, NewPush, OpenMoment


def write(
    *,
    opened: Sequence[OpenMoment],
    ended: Sequence[EndMoment],
    workspace_of: dict[int, int],
    now: datetime,
) -> None:
    """`workspace_of` maps a person to the workspace; moments that stand already are left alone."""
    if opened:
        insert_moments(opened, workspace_of=workspace_of, now=now)
        insert_pushes(opened, workspace_of=workspace_of, now=now)
    if ended:
        end_moments(ended)


def insert_moments(
    opened: Sequence[OpenMoment], *, workspace_of: dict[int, int], now: datetime
) -> None:
    run(
        """
        INSERT INTO campaigns_moment (id, workspace_id, campaign_id, version_id, person_id,
            event_id, event_name, occurrence, state, reason, detail, trace, content, occurred_at,
            received_at, expires_at, sequence, key, opened_at, ended_at)
        SELECT id, workspace_id, campaign_id, version_id, person_id, event_id, event_name,
               occurrence, state, reason, detail, trace::jsonb, content::jsonb, occurred_at,
               received_at, expires_at, sequence, '', %(now)b,
               CASE WHEN state IN ('waiting', 'pushing') THEN NULL ELSE %(now)b END
        FROM unnest(%(ids)b::uuid[], %(workspaces)b::bigint[], %(campaigns)b::bigint[],
                    %(versions)b::bigint[], %(people)b::bigint[], %(events)b::bigint[],
                    %(names)b::text[], %(occurrences)b::text[], %(states)b::text[],
                    %(reasons)b::text[], %(details)b::text[], %(traces)b::text[],
                    %(contents)b::text[], %(occurred)b::timestamptz[],
                    %(received)b::timestamptz[], %(expires)b::timestamptz[],
                    %(sequences)b::bigint[])
             AS m (id, workspace_id, campaign_id, version_id, person_id, event_id, event_name,
                   occurrence, state, reason, detail, trace, content, occurred_at, received_at,
                   expires_at, sequence)
        ON CONFLICT (id) DO NOTHING
        """,
        ids=[moment.id for moment in opened],
        workspaces=[workspace_of[moment.person_id] for moment in opened],
        campaigns=[moment.campaign.id for moment in opened],
        versions=[moment.campaign.version_id for moment in opened],
        people=[moment.person_id for moment in opened],
        events=[moment.event.event_id for moment in opened],
        names=[moment.event.name for moment in opened],
        occurrences=[moment.event.message_id for moment in opened],
        states=[moment.state.value for moment in opened],
        reasons=[str(moment.reason) for moment in opened],
        details=[moment.detail for moment in opened],
        traces=[text(moment.trace) for moment in opened],
        contents=[text(moment.content) if moment.content else None for moment in opened],
        occurred=[moment.event.occurred_at for moment in opened],
        received=[moment.event.received_at for moment in opened],
        expires=[moment.expires_at for moment in opened],
        sequences=[moment.sequence for moment in opened],
        now=now,
    )


def insert_pushes(
    opened: Sequence[OpenMoment], *, workspace_of: dict[int, int], now: datetime
) -> None:
    pairs: list[tuple[OpenMoment, NewPush]] = [
        (moment, push) for moment in opened for push in moment.pushes
    ]
    if not pairs:
        return
    run(
        """
        INSERT INTO campaigns_push (id, workspace_id, campaign_id, moment_id, person_id,
            device_id, state, reason, error_code, fcm_name, attempts, resent, due_at, expires_at,
            created_at)
        SELECT id, workspace_id, campaign_id, moment_id, person_id, device_id, 'pending', '', '',
               '', 0, false, %(now)b, expires_at, %(now)b
        FROM unnest(%(ids)b::uuid[], %(workspaces)b::bigint[], %(campaigns)b::bigint[],
                    %(moments)b::uuid[], %(people)b::bigint[], %(devices)b::bigint[],
                    %(expires)b::timestamptz[])
             AS p (id, workspace_id, campaign_id, moment_id, person_id, device_id, expires_at)
        ON CONFLICT (id) DO NOTHING
        """,
        ids=[push.id for _, push in pairs],
        workspaces=[workspace_of[moment.person_id] for moment, _ in pairs],
        campaigns=[moment.campaign.id for moment, _ in pairs],
        moments=[moment.id for moment, _ in pairs],
        people=[moment.person_id for moment, _ in pairs],
        devices=[push.device_id for _, push in pairs],
        expires=[moment.expires_at for moment, _ in pairs],
        now=now,
    )


def end_moments(ended: Sequence[EndMoment]) -> None:
    run(
        """
        UPDATE campaigns_moment m
        SET state = e.state, reason = e.reason, ended_at = e.ended_at
        FROM unnest(%(ids)b::uuid[], %(states)b::text[], %(reasons)b::text[],
                    %(times)b::timestamptz[]) AS e (id, state, reason, ended_at)
        WHERE m.id = e.id AND m.ended_at IS NULL
        """,
        ids=[moment.id for moment in ended],
        states=[moment.state.value for moment in ended],
        reasons=[str(moment.reason) for moment in ended],
        times=[moment.ended_at for moment in ended],
    )


def text(document: Any) -> str:
    return msgspec.json.encode(document).decode()
