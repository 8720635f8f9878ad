"""Reading moments that are not over, with their pushes."""

from collections.abc import Sequence
from uuid import UUID

from audience.sql import run
from campaigns.engine.state import MomentOfPerson
from campaigns.engine.states import MomentState, PushState


def with_pushes(*, ids: Sequence[UUID]) -> dict[UUID, MomentOfPerson]:
    """Moments by id; the ones that do not exist are left out."""
    if not ids:
        return {}
    rows = run(
        """
        SELECT m.id, m.campaign_id, c.key, m.state, array_agg(p.id), array_agg(p.state)
        FROM campaigns_moment m
        JOIN campaigns_campaign c ON c.id = m.campaign_id
        JOIN campaigns_push p ON p.moment_id = m.id
        WHERE m.id = ANY(%(ids)b::uuid[]) GROUP BY m.id, c.key
        """,
        ids=sorted(set(ids)),
    )
    return {
        row[0]: MomentOfPerson(
            id=row[0],
            campaign_id=row[1],
            campaign_key=row[2],
            state=MomentState(row[3]),
            pushes=dict(zip(row[4], map(PushState, row[5]), strict=True)),
        )
        for row in rows
    }
