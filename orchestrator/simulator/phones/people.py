"""Who the cast are in the database, and what to call everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from audience.admin.who import name
from audience.models import Identity, IdentityKind
from audience.sql import run
from orchestrator.simulator.phones.cast import BY_IDENTITY, CAST, WORKSPACE, Phone
from triggers.rules.values import printable


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of the cast, with the canonical person and all the persons merged into it."""

    phone: Phone
    person_id: int
    ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Anybody: the canonical person, all the persons of it, and the id to call them by, if any."""

    person_id: int
    ids: tuple[int, ...]
    identity: tuple[str, str] | None

    @property
    def who(self) -> str:
        known = [Identity(kind=self.identity[0], value=self.identity[1])] if self.identity else []
        return printable(name(self.person_id, known))

    @property
    def user_id(self) -> str:
        return self._id_of(IdentityKind.USER)

    @property
    def anonymous_id(self) -> str:
        return self._id_of(IdentityKind.ANONYMOUS)

    def _id_of(self, kind: str) -> str:
        return self.identity[1] if self.identity and self.identity[0] == kind else ""


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


def ids_of(*, phone: str) -> list[int]:
    """All ids of the person who holds this phone of the cast; none while nobody is known."""
    workspace = workspace_id()
    known = members(workspace=workspace) if workspace is not None else []
    return [id for member in known if member.phone.key == phone for id in member.ids]


def holders(*, people: Sequence[int]) -> dict[int, Holder]:
    """By any id a person ever had, who they are now; of several ids of a kind the oldest counts."""
    if not people:
        return {}
    rows = run(
        """
        SELECT a.id, c.id, q.ids, i.kind, i.value
        FROM unnest(%(people)b::bigint[]) AS a (id)
        JOIN audience_person p ON p.id = a.id
        CROSS JOIN LATERAL (SELECT COALESCE(p.merged_into_id, p.id) AS id) c
        CROSS JOIN LATERAL (SELECT array_agg(o.id ORDER BY o.id) AS ids FROM audience_person o
                            WHERE o.id = c.id OR o.merged_into_id = c.id) q
        LEFT JOIN LATERAL (SELECT kind, value FROM audience_identity
                           WHERE person_id = ANY(q.ids)
                           ORDER BY kind <> 'user', id LIMIT 1) i ON true
        """,
        people=sorted(set(people)),
    )
    return {
        row[0]: Holder(
            person_id=row[1], ids=tuple(row[2]), identity=(row[3], row[4]) if row[3] else None
        )
        for row in rows
    }
