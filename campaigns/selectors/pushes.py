"""Reading pushes that went out."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from audience.sql import run


class SentPush(NamedTuple):
    """A push, the person it was decided for, and how many messages led to its moment."""

    id: UUID
    moment_id: UUID
    person_id: int
    device_id: int
    campaign_key: str
    chain: int


def sent(*, pushes: Sequence[UUID]) -> dict[UUID, SentPush]:
    """Those of these pushes that exist."""
    rows = run(
        """
        SELECT p.id, p.moment_id, p.person_id, p.device_id, c.key, m.chain
        FROM campaigns_push p JOIN campaigns_moment m ON m.id = p.moment_id
        JOIN campaigns_campaign c ON c.id = p.campaign_id
        WHERE p.id = ANY(%(ids)b::uuid[])
        """,
        ids=pushes,
    )
    return {row[0]: SentPush._make(row) for row in rows}
