"""Pushes: claiming what is due, settling what came back, cancelling what must not go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.content import Rendered
from campaigns.engine.states import PushState, Reason
from campaigns.push.gateway import Outgoing

CLAIM = """
WITH heads AS MATERIALIZED (
    -- From each live campaign on its own: a paused one may have any number waiting.
    SELECT p.id, p.bulk FROM campaigns_campaign c CROSS JOIN LATERAL (
        (SELECT id, bulk, due_at FROM campaigns_push
         WHERE campaign_id = c.id AND NOT bulk AND state = 'pending' AND due_at <= %(now)b
         ORDER BY due_at LIMIT %(heads)b)
        UNION ALL
        (SELECT id, bulk, due_at FROM campaigns_push
         WHERE campaign_id = c.id AND bulk AND state = 'pending' AND due_at <= %(now)b
         ORDER BY due_at LIMIT %(heads)b)) p
    WHERE c.state = 'live' ORDER BY p.bulk, p.due_at LIMIT %(heads)b
), single AS MATERIALIZED (
    SELECT id FROM campaigns_push
    WHERE id = ANY(ARRAY(SELECT id FROM heads WHERE NOT bulk)) AND state = 'pending'
    ORDER BY due_at LIMIT %(limit)b FOR NO KEY UPDATE SKIP LOCKED
), many AS MATERIALIZED (
    SELECT id FROM campaigns_push
    WHERE id = ANY(ARRAY(SELECT id FROM heads WHERE bulk)) AND state = 'pending'
    ORDER BY due_at LIMIT LEAST(%(bulk_limit)b, %(limit)b - (SELECT count(*) FROM single))
    FOR NO KEY UPDATE SKIP LOCKED
), due AS (
    SELECT id FROM single UNION ALL SELECT id FROM many
), judged AS (
    SELECT p.id, d.platform, d.address_kind, d.address, CASE
        WHEN p.expires_at <= %(now)b THEN 'expired'
        WHEN d.id IS NULL OR d.person_id IS NULL THEN 'logged_out'
        WHEN owner.canonical <> target.canonical THEN 'device_changed_hands'
        WHEN d.retired_at IS NOT NULL OR d.address = '' THEN 'device_retired'
        WHEN d.push_permission = 'denied' THEN 'push_not_allowed'
        ELSE '' END AS objection
    FROM due JOIN campaigns_push p USING (id)
    LEFT JOIN audience_device d ON d.id = p.device_id
    LEFT JOIN LATERAL (SELECT COALESCE(merged_into_id, id) AS canonical
                       FROM audience_person WHERE id = d.person_id) owner ON true
    LEFT JOIN LATERAL (SELECT COALESCE(merged_into_id, id) AS canonical
                       FROM audience_person WHERE id = p.person_id) target ON true
)
UPDATE campaigns_push p SET
    state = CASE j.objection WHEN '' THEN 'sending' WHEN 'expired' THEN 'dropped'
            ELSE 'cancelled' END,
    reason = j.objection, attempts = LEAST(p.attempts + 1, 32767),
    lease = CASE j.objection WHEN '' THEN %(lease)b::uuid END,
    lease_until = CASE j.objection WHEN '' THEN %(until)b::timestamptz END,
    sent_at = CASE j.objection WHEN '' THEN %(now)b ELSE p.sent_at END,
    settled_at = CASE j.objection WHEN '' THEN NULL ELSE %(now)b END
FROM judged j, campaigns_moment m, campaigns_campaign c, audience_workspace w
WHERE p.id = j.id AND m.id = p.moment_id AND c.id = p.campaign_id
  AND w.id = p.workspace_id
RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
          p.expires_at, w.key, c.key, j.platform, j.address_kind, j.address, m.content,
          p.attempts, p.resent, p.bulk, p.can_be_cancelled AND p.due_at > %(patience)b
"""
SPARE = 4  # other workers hold some of the pushes a claim looks at


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


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """`outgoing` are leased to the caller until `lease_until`; `ended` never went.

    `patient` are those of `outgoing` that an event may still cancel, with (person, workspace).
    """

    outgoing: list[Outgoing]
    ended: list[Ended]
    patient: dict[UUID, tuple[int, int]]


def claim(
    *,
    lease: UUID,
    lease_for: timedelta,
    limit: int,
    bulk_limit: int,
    patience: timedelta,
    now: datetime,
) -> Claimed:
    """Take due pushes of live campaigns; what may not go any more ends here, with its reason.

    Those of broadcasts, of which it takes no more than `bulk_limit`, come last. A device must
    still belong to the push's person, be in use and have an address. `patience` is
    for how long after it was due a push may wait for what would cancel it.
    """
    rows = run(
        CLAIM,
        lease=lease,
        until=now + lease_for,
        limit=limit,
        bulk_limit=bulk_limit,
        heads=limit * SPARE,
        patience=now - patience,
        now=now,
    )
    going = sorted(
        (row for row in rows if row[5] == PushState.SENDING), key=lambda row: bool(row[16])
    )
    stopped = [row for row in rows if row[5] != PushState.SENDING]
    return Claimed(
        outgoing=[_outgoing(row, now=now) for row in going],
        ended=[_ended((*row[:7], row[16], *row[8:])) for row in stopped],
        patient={row[0]: (row[3], row[2]) for row in going if row[17]},
    )


def put_back(*, lease: UUID, pushes: Sequence[UUID]) -> None:
    """Claimed pushes that do not go yet, as if they had not been claimed."""
    run(
        """
        UPDATE campaigns_push SET state = 'pending', attempts = attempts - 1, lease = NULL,
            lease_until = NULL, sent_at = CASE WHEN attempts > 1 THEN sent_at END
        WHERE id = ANY(%(ids)b::uuid[]) AND lease = %(lease)b AND state = 'sending'
        """,
        ids=pushes,
        lease=lease,
    )


def _outgoing(row: tuple, *, now: datetime) -> Outgoing:
    content = msgspec.json.decode(row[13], type=Rendered)
    return Outgoing(
        push_id=row[0],
        moment_id=row[1],
        workspace_key=row[8],
        campaign_key=row[9],
        platform=row[10],
        address_kind=row[11],
        address=row[12],
        title=content.title,
        body=content.body,
        deep_link=content.deep_link,
        ttl_s=max(1, int((row[7] - now).total_seconds())),
        expires_epoch=int(row[7].timestamp()),
        attempts=row[14],
        resent=row[15],
        bulk=row[16],
    )


def _ended(row: tuple) -> Ended:
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
        WHERE p.id = s.id AND p.lease = %(lease)b AND p.state = 'sending' AND c.id = p.campaign_id
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
    over = [_ended(row) for row in rows if row[5] != PushState.PENDING]
    return [replace(one, retire=one.push in retire) for one in over]


def cancel_for_moments(*, reasons: Mapping[UUID, str], now: datetime) -> list[Ended]:
    """End the pushes of these moments that have not gone yet."""
    rows = run(
        """
        UPDATE campaigns_push p SET state = 'cancelled', reason = r.reason, settled_at = %(now)b
        FROM campaigns_campaign c,
             unnest(%(moments)b::uuid[], %(reasons)b::text[]) AS r (moment_id, reason)
        WHERE p.moment_id = r.moment_id AND p.state = 'pending' AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        moments=sorted(reasons),
        reasons=[str(reasons[moment]) for moment in sorted(reasons)],
        now=now,
    )
    return [_ended(row) for row in rows]


def cancel_for_device(*, device_id: int, reason: Reason, now: datetime) -> list[Ended]:
    """End every push that still waits for this device, at once."""
    rows = run(
        """
        UPDATE campaigns_push p SET state = 'cancelled', reason = %(reason)b, settled_at = %(now)b
        FROM campaigns_campaign c
        WHERE p.device_id = %(device)b AND p.state = 'pending' AND c.id = p.campaign_id
        RETURNING p.id, p.moment_id, p.workspace_id, p.person_id, p.device_id, p.state, p.reason,
                  p.bulk, '', c.key
        """,
        device=device_id,
        reason=reason.value,
        now=now,
    )
    return [_ended(row) for row in rows]


def drop_expired(*, now: datetime, limit: int) -> list[Ended]:
    """Waiting pushes that are no longer worth showing, whatever their campaign's state."""
    rows = run(
        """
        WITH late AS (
            SELECT id FROM campaigns_push WHERE state = 'pending' AND expires_at <= %(now)b
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
    return [_ended(row) for row in rows]


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
    return [_ended(row) for row in rows if row[5] != PushState.PENDING]
