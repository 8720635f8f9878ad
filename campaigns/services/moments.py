"""Carrying out what step() decided: moments and their pushes, for people held locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from audience.sql import run
from campaigns.engine.crossing import tags_of
from campaigns.engine.effects import (
    CancelPushes,
    Decision,
    Effect,
    EndMoment,
    NewPush,
    OpenMoment,
    ResumeMoment,
    SettlePush,
)
from campaigns.engine.states import MomentState
from campaigns.services.pushes import Ended, cancel_for_moments


def carry_out(
    *, effects: Sequence[Effect], workspace_of: Mapping[int, int], now: datetime
) -> list[Ended]:
    """Write effects; the pushes that ended by it still have to be told to their moments.

    `workspace_of` maps a person to the workspace; moments that stand already are left alone.
    """
    opened = [effect for effect in effects if isinstance(effect, OpenMoment)]
    resumed = [effect for effect in effects if isinstance(effect, ResumeMoment)]
    ended = [effect for effect in effects if isinstance(effect, EndMoment)]
    told = [one for one in effects if isinstance(one, SettlePush)]
    stopped = {one.moment: one.reason for one in effects if isinstance(one, CancelPushes)}
    if opened:
        insert(opened, workspace_of=workspace_of, now=now)
    if resumed:
        resume(resumed)
    insert_pushes([*opened, *resumed], workspace_of=workspace_of, now=now)
    if ended:
        end(ended)
    over = {one.id for one in ended}
    if heard := [one.push for one in told if one.moment not in over]:
        run("UPDATE campaigns_push SET told = true WHERE id = ANY(%(ids)b::uuid[])", ids=heard)
    return cancel_for_moments(reasons=stopped, now=now) if stopped else []


def insert(opened: Sequence[OpenMoment], *, workspace_of: Mapping[int, int], now: datetime) -> None:
    run(
        """
        INSERT INTO campaigns_moment (id, workspace_id, campaign_id, version_id, person_id,
            event_id, event_name, key, occurrence, state, reason, detail, trace, content,
            occurred_at, received_at, due_at, passed_at, expires_at, sequence, chain, tags,
            opened_at, ended_at)
        SELECT id, workspace_id, campaign_id, version_id, person_id, event_id, event_name, key,
               occurrence, state, reason, detail, trace::jsonb, content::jsonb, occurred_at,
               received_at, due_at, CASE WHEN state = 'pushing' THEN %(now)b END, expires_at,
               sequence, chain, ARRAY(SELECT jsonb_array_elements_text(tags::jsonb)), %(now)b,
               CASE WHEN state IN ('waiting', 'pushing') THEN NULL ELSE %(now)b END
        FROM unnest(%(ids)b::uuid[], %(workspaces)b::bigint[], %(campaigns)b::bigint[],
                    %(versions)b::bigint[], %(people)b::bigint[], %(events)b::bigint[],
                    %(names)b::text[], %(keys)b::text[], %(occurrences)b::text[],
                    %(states)b::text[], %(reasons)b::text[], %(details)b::text[],
                    %(traces)b::text[], %(contents)b::text[], %(occurred)b::timestamptz[],
                    %(received)b::timestamptz[], %(due)b::timestamptz[],
                    %(expires)b::timestamptz[], %(sequences)b::bigint[],
                    %(chains)b::smallint[], %(tags)b::text[])
             AS m (id, workspace_id, campaign_id, version_id, person_id, event_id, event_name,
                   key, occurrence, state, reason, detail, trace, content, occurred_at,
                   received_at, due_at, expires_at, sequence, chain, tags)
        ON CONFLICT (id) DO NOTHING
        """,
        ids=[moment.id for moment in opened],
        workspaces=[workspace_of[moment.person_id] for moment in opened],
        campaigns=[moment.campaign.id for moment in opened],
        versions=[moment.campaign.version_id for moment in opened],
        people=[moment.person_id for moment in opened],
        events=[moment.event.event_id for moment in opened],
        names=[moment.event.name for moment in opened],
        keys=[moment.key for moment in opened],
        occurrences=[moment.event.message_id for moment in opened],
        occurred=[moment.event.occurred_at for moment in opened],
        received=[moment.event.received_at for moment in opened],
        expires=[moment.expires_at for moment in opened],
        sequences=[moment.sequence for moment in opened],
        chains=[moment.event.chain for moment in opened],
        tags=[text(tags_of(moment.event)) for moment in opened],
        due=[moment.decision.due_at for moment in opened],
        now=now,
        **columns([moment.decision for moment in opened]),
    )


def resume(resumed: Sequence[ResumeMoment]) -> None:
    run(
        """
        UPDATE campaigns_moment m
        SET version_id = r.version_id, state = r.state, reason = r.reason, detail = r.detail,
            trace = r.trace::jsonb, content = r.content::jsonb,
            passed_at = CASE WHEN r.state = 'pushing' THEN r.decided_at END,
            ended_at = CASE WHEN r.state IN ('waiting', 'pushing') THEN NULL ELSE r.decided_at END
        FROM unnest(%(ids)b::uuid[], %(versions)b::bigint[], %(states)b::text[],
                    %(reasons)b::text[], %(details)b::text[], %(traces)b::text[],
                    %(contents)b::text[], %(times)b::timestamptz[])
             AS r (id, version_id, state, reason, detail, trace, content, decided_at)
        -- Found by id: an index of what waits, with its dead rows, must not look cheaper.
        WHERE m.id = r.id AND m.state || '' = 'waiting'
        """,
        ids=[moment.id for moment in resumed],
        versions=[moment.campaign.version_id for moment in resumed],
        times=[moment.decided_at for moment in resumed],
        **columns([moment.decision for moment in resumed]),
    )


def columns(decisions: Sequence[Decision]) -> dict[str, list[Any]]:
    return {
        "states": [decision.state.value for decision in decisions],
        "reasons": [str(decision.reason) for decision in decisions],
        "details": [decision.detail for decision in decisions],
        "traces": [text(decision.trace) for decision in decisions],
        "contents": [
            text(decision.content) if decision.content else None for decision in decisions
        ],
    }


def insert_pushes(
    moments: Sequence[OpenMoment | ResumeMoment],
    *,
    workspace_of: Mapping[int, int],
    now: datetime,
) -> None:
    pairs: list[tuple[OpenMoment | ResumeMoment, NewPush]] = [
        (moment, push)
        for moment in moments
        if moment.decision.state is MomentState.PUSHING
        for push in moment.decision.pushes
    ]
    if not pairs:
        return
    run(
        """
        INSERT INTO campaigns_push (id, workspace_id, campaign_id, moment_id, person_id,
            device_id, state, reason, error_code, fcm_name, attempts, resent, bulk,
            can_be_cancelled, told, due_at, expires_at, created_at)
        SELECT id, workspace_id, campaign_id, moment_id, person_id, device_id, 'pending', '', '',
               '', 0, false, bulk, can_be_cancelled, false, %(now)b, expires_at, %(now)b
        FROM unnest(%(ids)b::uuid[], %(workspaces)b::bigint[], %(campaigns)b::bigint[],
                    %(moments)b::uuid[], %(people)b::bigint[], %(devices)b::bigint[],
                    %(expires)b::timestamptz[], %(bulk)b::boolean[],
                    %(cancels)b::boolean[])
             AS p (id, workspace_id, campaign_id, moment_id, person_id, device_id, expires_at,
                   bulk, can_be_cancelled)
        ON CONFLICT (id) DO NOTHING
        """,
        ids=[push.id for _, push in pairs],
        workspaces=[workspace_of[moment.person_id] for moment, _ in pairs],
        campaigns=[moment.campaign.id for moment, _ in pairs],
        moments=[moment.id for moment, _ in pairs],
        people=[moment.person_id for moment, _ in pairs],
        devices=[push.device_id for _, push in pairs],
        expires=[moment.expires_at for moment, _ in pairs],
        bulk=[moment.campaign.hearing.fans_out for moment, _ in pairs],
        cancels=[bool(moment.campaign.cancels) for moment, _ in pairs],
        now=now,
    )


def end(ended: Sequence[EndMoment]) -> None:
    run(
        """
        UPDATE campaigns_moment m
        SET state = e.state, reason = e.reason, detail = e.detail, ended_at = e.ended_at
        FROM unnest(%(ids)b::uuid[], %(states)b::text[], %(reasons)b::text[],
                    %(details)b::text[], %(times)b::timestamptz[])
             AS e (id, state, reason, detail, ended_at)
        WHERE m.id = e.id AND m.state IN ('waiting', 'pushing')
        """,
        ids=[moment.id for moment in ended],
        states=[moment.state.value for moment in ended],
        reasons=[str(moment.reason) for moment in ended],
        details=[moment.detail for moment in ended],
        times=[moment.ended_at for moment in ended],
    )


def text(document: Any) -> str:
    return msgspec.json.encode(document).decode()
