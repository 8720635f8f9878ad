"""When a device ends to be somebody's, or to be of use."""

from collections.abc import Mapping
from datetime import datetime

from audience.sql import run


def log_out(*, workspace_id: int, installation_id: str, now: datetime) -> int:
    """Take the device from its owner; its id.

    A device not known yet is written down as nobody's, so that a claim which is older than the
    logout, and still on its way, does not give it to anybody.
    """
    rows = run(
        """
        INSERT INTO audience_device (workspace_id, installation_id, platform, address_kind,
            address, push_permission, facts, source, claimed_at, last_seen_at, retired_reason)
        VALUES (%(workspace)b, %(installation)b, 'unknown', '', '', 'unknown', '{}', 'public',
                %(now)b, %(now)b, '')
        ON CONFLICT (workspace_id, installation_id)
        DO UPDATE SET person_id = NULL, claimed_at = EXCLUDED.claimed_at
        RETURNING id
        """,
        workspace=workspace_id,
        installation=installation_id,
        now=now,
    )
    device: int = rows[0][0]
    return device


def retire(*, reasons: Mapping[int, str], now: datetime) -> None:
    """Devices that FCM says are gone; a new address brings one back."""
    run(
        """
        UPDATE audience_device d SET retired_at = %(now)b, retired_reason = r.reason
        FROM unnest(%(ids)b::bigint[], %(reasons)b::text[]) AS r (id, reason)
        WHERE d.id = r.id AND d.retired_at IS NULL
        """,
        ids=sorted(reasons),
        reasons=[reasons[device] for device in sorted(reasons)],
        now=now,
    )
