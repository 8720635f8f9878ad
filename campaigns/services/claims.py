"""Claiming pushes: what is due and may still go is leased to one sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.content import Rendered
from campaigns.engine.states import PushState
from campaigns.push.gateway import Outgoing
from campaigns.services.pushes import Ended, ended

# Found by their ids: where PostgreSQL knows of few that wait, it would go through an index of
# those instead, dead rows and all, were the state not hidden from it.
CLAIM = """
WITH heads AS MATERIALIZED (
    -- From each live campaign on its own: a paused one may have any number waiting.
    SELECT p.id FROM campaigns_campaign c CROSS JOIN LATERAL (
        SELECT id, due_at FROM campaigns_push
        WHERE campaign_id = c.id AND bulk = %(bulk)b AND state = 'pending' AND due_at <= %(now)b
        ORDER BY due_at LIMIT %(heads)b) p
    WHERE c.state = 'live' ORDER BY p.due_at LIMIT %(heads)b
), due AS MATERIALIZED (
    SELECT id FROM campaigns_push
    WHERE id = ANY(ARRAY(SELECT id FROM heads)) AND state || '' = 'pending'
    ORDER BY due_at LIMIT %(limit)b FOR NO KEY UPDATE SKIP LOCKED
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
    bulk: bool,
    patience: timedelta,
    now: datetime,
) -> Claimed:
    """Take due pushes of live campaigns; what may not go any more ends here, with its reason.

    Either those of broadcasts or all others. A device must still belong to the push's person, be
    in use and have an address. `patience` is for how long after it was due a push may wait for
    what would cancel it.
    """
    rows = run(
        CLAIM,
        lease=lease,
        until=now + lease_for,
        limit=limit,
        bulk=bulk,
        heads=limit * SPARE,
        patience=now - patience,
        now=now,
    )
    going = [row for row in rows if row[5] == PushState.SENDING]
    stopped = [row for row in rows if row[5] != PushState.SENDING]
    return Claimed(
        outgoing=[_outgoing(row, now=now) for row in going],
        ended=[ended((*row[:7], row[16], *row[8:])) for row in stopped],
        patient={row[0]: (row[3], row[2]) for row in going if row[17]},
    )


def put_back(*, lease: UUID, pushes: Sequence[UUID]) -> None:
    """Claimed pushes that do not go yet, as if they had not been claimed."""
    run(
        """
        UPDATE campaigns_push SET state = 'pending', attempts = attempts - 1, lease = NULL,
            lease_until = NULL, sent_at = CASE WHEN attempts > 1 THEN sent_at END
        WHERE id = ANY(%(ids)b::uuid[]) AND lease = %(lease)b
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
    )
