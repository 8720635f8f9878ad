"""Pushes: settling what came back, cancelling what must not go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from audience.sql import run
from campaigns.engine.states import PushState, Reason


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A push that is over; it still has to be told to its moment."""

    workspace_id: int
    push: UUID
    moment: UUID
    person_id: int
    device_id: int
    campaign_key: str
    state: PushState
    reason: Reason
    bulk: bool = False
    retire: bool = False


def ended(row: tuple) -> Ended:
    return Ended(
        push=row[0],
        moment=row[1],
        workspace_id=row[2],
        person_id=row[3],
        device_id=row[4],
        state=PushState(row[5]),
        reason=Reason(row[6]),
        bulk=row[7],
        campaign_key=row[9],
    )


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What one try led to; `pending` goes again at `due_at`."""

    push: UUID
    state: PushState
    reason: str = ""
    error_code: str = ""
    fcm_name: str = ""
    due_at: datetime
    resent: bool = False
    retire: bool = False


def settle(*, lease: UUID, settlements: Sequence[Settlement], now: datetime) -> list[Ended]:
    """Write outcomes of pushes whose lease is still ours; the ones that are over."""
    rows = run(
        """
        UPDATE campaigns_push p SET
            state = CASE WHEN s.state = 'pending' AND s.due_at >= p.expires_at THEN 'dropped'
                    ELSE s.state END,
            reason = CASE WHEN s.state = 'pending' AND s.due_at >= p.expires_at THEN 'expired'
                     ELSE s.reason END,
            error_code = s.error_code, fcm_name = s.fcm_name, due_at = s.due_at,
            resent = p.resent OR s.resent, lease = NULL, lease_until = NULL,
            settled_at = CASE WHEN s.state = 'pending' AND s.due_at < p.expires_at THEN NULL
                         ELSE %(now)b END
        FROM unnest(%(ids)b::uuid[], %(states)b::text[], %(reasons)b::text[],
                    %(codes)b::text[], %(names)b::text[], %(due)b::timestamptz[],
                    %(resent)b::boolean[])
             AS s (id, state, reason, error_code, fcm_name, due_at, resent),
             campaigns_campaign c
        WHERE p.id = s.id AND p.lease = %(lease)b AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        ids=[one.push for one in settlements],
        states=[one.state.value for one in settlements],
        reasons=[one.reason for one in settlements],
        codes=[one.error_code for one in settlements],
        names=[one.fcm_name for one in settlements],
        due=[one.due_at for one in settlements],
        resent=[one.resent for one in settlements],
        lease=lease,
        now=now,
    )
    retire = {one.push for one in settlements if one.retire}
    over = [ended(row) for row in rows if row[5] != PushState.PENDING]
    return [replace(one, retire=one.push in retire) for one in over]


def cancel_for_moments(*, reasons: Mapping[UUID, str], now: datetime) -> list[Ended]:
    """End the pushes of these moments that have not gone yet."""
    rows = run(
        """
        UPDATE campaigns_push p SET state = 'cancelled', reason = r.reason, settled_at = %(now)b
        FROM campaigns_campaign c,
             unnest(%(moments)b::uuid[], %(reasons)b::text[]) AS r (moment_id, reason)
        -- Found by moment: an index of what waits, with its dead rows, must not look cheaper.
        WHERE p.moment_id = r.moment_id AND p.state || '' = 'pending' AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        moments=sorted(reasons),
        reasons=[str(reasons[moment]) for moment in sorted(reasons)],
        now=now,
    )
    return [ended(row) for row in rows]


def cancel_for_device(*, device_id: int, reason: Reason, now: datetime) -> list[Ended]:
    """End every push that still waits for this device, at once."""
    rows = run(
        """
        UPDATE campaigns_push p SET state = 'cancelled', reason = %(reason)b, settled_at = %(now)b
        FROM campaigns_campaign c
        WHERE p.device_id = %(device)b AND p.state = 'pending' AND p.settled_at IS NULL
          AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        device=device_id,
        reason=reason.value,
        now=now,
    )
    return [ended(row) for row in rows]


def drop_expired(*, now: datetime, limit: int) -> list[Ended]:
    """Waiting pushes that are no longer worth showing, whatever their campaign's state."""
    rows = run(
        """
        WITH late AS (
            SELECT id FROM campaigns_push
            WHERE state = 'pending' AND settled_at IS NULL AND expires_at <= %(now)b
            ORDER BY expires_at LIMIT %(limit)b FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE campaigns_push p SET state = 'dropped', reason = 'expired', settled_at = %(now)b
        FROM late, campaigns_campaign c WHERE p.id = late.id AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        now=now,
        limit=limit,
    )
    return [ended(row) for row in rows]


def reclaim(*, now: datetime, limit: int) -> list[Ended]:
    """Pushes whose sender died: once more under the same tag while fresh, else unconfirmed."""
    rows = run(
        """
        WITH lost AS (
            SELECT id FROM campaigns_push WHERE state = 'sending' AND lease_until < %(now)b
            ORDER BY lease_until LIMIT %(limit)b FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE campaigns_push p SET
            state = CASE WHEN p.resent OR p.expires_at <= %(now)b THEN 'unconfirmed'
                    ELSE 'pending' END,
            reason = CASE WHEN p.resent OR p.expires_at <= %(now)b THEN 'unconfirmed' ELSE '' END,
            settled_at = CASE WHEN p.resent OR p.expires_at <= %(now)b THEN %(now)b END,
            resent = true, lease = NULL, lease_until = NULL, due_at = %(now)b
        FROM lost, campaigns_campaign c WHERE p.id = lost.id AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        now=now,
        limit=limit,
    )
    return [ended(row) for row in rows if row[5] != PushState.PENDING]
