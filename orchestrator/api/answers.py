"""Answers kept by Idempotency-Key, and the lock that makes one request at a time work on a key.

The key, what the request did and its answer are one transaction: a kill leaves all of it or
nothing. So no row ever says "in work"; an advisory lock does, and it ends with its transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from audience.sql import run

LOCK_CLASS = 0x4B6579  # differs from that of the lanes
# PostgreSQL sees a dead process at once, a dead machine after this time; then the lock is free.
LOST_AFTER = "60s"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The answer that a request with this key got."""

    id: int
    fingerprint: bytes
    status: int
    body: dict[str, Any]
    created_at: datetime


def lock(*, workspace_id: int, key: str) -> bool:
    """Whether nobody else works on this key; held to the end of the transaction."""
    digest = blake2b(f"{workspace_id}:{key}".encode(), digest_size=4).digest()
    return run(
        """
        SELECT set_config('idle_in_transaction_session_timeout', %(lost)s, true),
               pg_try_advisory_xact_lock(%(class)b::int, %(key)b::int)
        """,
        lost=LOST_AFTER,
        **{"class": LOCK_CLASS},
        key=int.from_bytes(digest, signed=True),
    )[0][1]


def find(*, workspace_id: int, key: str) -> Kept | None:
    """Ask after `lock`, in a statement of its own: only that one sees what was just committed."""
    rows = run(
        """
        SELECT id, fingerprint, status, answer, created_at FROM orchestrator_idempotencykey
        WHERE workspace_id = %(workspace)b AND key = %(key)b
        """,
        workspace=workspace_id,
        key=key,
    )
    for id, fingerprint, status, answer, created_at in rows:
        return Kept(
            id=id,
            fingerprint=bytes(fingerprint),
            status=status,
            body=msgspec.json.decode(answer),
            created_at=created_at,
        )
    return None


def forget(*, id: int) -> None:
    run("DELETE FROM orchestrator_idempotencykey WHERE id = %(id)b", id=id)


def keep(
    *,
    workspace_id: int,
    key: str,
    fingerprint: bytes,
    status: int,
    body: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """The body as it was stored: what is answered now and what is replayed are the same bytes."""
    rows = run(
        """
        INSERT INTO orchestrator_idempotencykey (workspace_id, key, fingerprint, status, answer,
                                                 created_at)
        VALUES (%(workspace)b, %(key)b, %(fingerprint)b, %(status)b, %(body)b::text::jsonb, %(now)b)
        RETURNING answer
        """,
        workspace=workspace_id,
        key=key,
        fingerprint=fingerprint,
        status=status,
        body=msgspec.json.encode(body).decode(),
        now=now,
    )
    return msgspec.json.decode(rows[0][0])
