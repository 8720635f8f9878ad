"""Who the cast are in the database. Nobody else is ever read or touched through this."""

from dataclasses import dataclass

from audience.sql import run
from orchestrator.simulator.phones.cast import BY_IDENTITY, CAST, WORKSPACE, Phone


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of the cast, with the canonical person and all the persons merged into it."""

    phone: Phone
    person_id: int
    ids: tuple[int, ...]


def workspace_id() -> int | None:
    rows = run("SELECT id FROM audience_workspace WHERE key = %(key)b", key=WORKSPACE)
    return rows[0][0] if rows else None


def members(*, workspace: int) -> list[Member]:
    """The members that are known; one who became part of somebody else's person is left out."""
    rows = run(
        """
        SELECT i.kind, i.value, c.id, q.ids
        FROM unnest(%(kinds)b::text[], %(values)b::text[]) AS k (kind, value)
        JOIN audience_identity i USING (kind, value)
        JOIN audience_person p ON p.id = i.person_id,
        LATERAL (SELECT COALESCE(p.merged_into_id, p.id) AS id) c,
        LATERAL (SELECT array_agg(o.id ORDER BY o.id) AS ids FROM audience_person o
                 WHERE o.id = c.id OR o.merged_into_id = c.id) q
        WHERE i.workspace_id = %(workspace)b
          AND NOT EXISTS (SELECT FROM audience_identity u
                          WHERE u.person_id = ANY(q.ids) AND u.kind = 'user'
                            AND u.value <> ALL(%(users)b::text[]))
        """,
        workspace=workspace,
        kinds=[kind for kind, _ in BY_IDENTITY],
        values=[value for _, value in BY_IDENTITY],
        users=[phone.user_id for phone in CAST if phone.user_id],
    )
    return [
        Member(phone=BY_IDENTITY[row[0], row[1]], person_id=row[2], ids=tuple(row[3]))
        for row in rows
    ]
