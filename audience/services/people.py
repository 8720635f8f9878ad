"""Resolving people: from the ids in a batch of messages to locked, canonical people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from audience.identities import Claim, IdentityKey, Known, Plan, plan
from audience.models.person import IdentityKind
from audience.sql import run


class PeopleChanged(Exception):
    """Somebody else linked, merged or made the same people meanwhile: start again."""


@dataclass(frozen=True)
class PersonRow:
    """A person as locked in the database. `merged` are the people that became this one."""

    id: int
    workspace_id: int
    traits: dict[str, Any]
    trait_sources: dict[str, str]
    locale: str
    time_zone: str
    first_seen_at: datetime
    sequence: int
    merged: tuple[int, ...]
    known_digest: bytes


@dataclass(frozen=True)
class Resolved:
    """`people[i]` is the person of claim i; `rows` are those people, locked.

    `merged` maps each person that became part of another in this batch to that other, `also` the
    people asked for besides to the canonical ones.
    """

    people: list[int | None]
    rows: dict[int, PersonRow]
    merged: dict[int, int]
    also: dict[int, int]


def resolve(
    *,
    claims: Sequence[Claim],
    also: Sequence[int] = (),
    seen_at: Mapping[int, datetime],
    now: datetime,
) -> Resolved:
    """Find, make, link, merge and lock the people of a batch, in the caller's transaction.

    `also` are people to lock besides, by any id they had. `seen_at` maps a claim's index to when
    its message occurred. Raises PeopleChanged when the caller must start again.
    """
    keys = sorted({key for claim in claims for key in claim.keys})
    known = read_identities(keys)
    planned = plan(claims, known)
    ids = make_people(planned, claims, seen_at=seen_at, now=now)
    people = [None if who is None else ids.get(who, who) for who in planned.people]
    merged = {loser: ids.get(winner, winner) for loser, winner in planned.merged.items()}
    wanted = {who for who in people if who} | set(merged) | set(merged.values())
    canonical = canonical_ids(also)
    rows = lock(sorted(wanted | set(canonical.values())))
    if known and changed(known, planned):
        raise PeopleChanged
    if merged:
        write_merges(merged)
    also_now = {asked: merged.get(who, who) for asked, who in canonical.items()}
    return Resolved(people=people, rows=rows, merged=merged, also=also_now)


def aliases(resolved: Resolved) -> dict[int, int]:
    """Every id these people ever had, mapped to the canonical one."""
    return {
        alias: resolved.merged.get(row.id, row.id)
        for row in resolved.rows.values()
        for alias in (row.id, *row.merged)
    }


def changed(known: Mapping[IdentityKey, Known], planned: Plan) -> bool:
    """Whether what the plan was made from differs, now that its people are locked."""
    ours = {key.value for key in planned.new_keys if key.kind == IdentityKind.USER}
    return any(
        now.person != known[key].person or now.users - ours != known[key].users - ours
        for key, now in read_identities(sorted(known)).items()
    )


def read_identities(keys: Sequence[IdentityKey]) -> dict[IdentityKey, Known]:
    """Canonical person and user ids of each key that is known."""
    if not keys:
        return {}
    rows = run(
        """
        SELECT i.workspace_id, i.kind, i.value, c.person_id,
               ARRAY(SELECT u.value FROM audience_identity u
                     WHERE u.kind = 'user' AND u.person_id = ANY(ARRAY(
                         SELECT c.person_id UNION ALL
                         SELECT id FROM audience_person WHERE merged_into_id = c.person_id)))
        FROM unnest(%(workspaces)b::bigint[], %(kinds)b::text[], %(values)b::text[])
             AS k (workspace_id, kind, value)
        JOIN audience_identity i USING (workspace_id, kind, value)
        JOIN audience_person p ON p.id = i.person_id,
        LATERAL (SELECT COALESCE(p.merged_into_id, p.id) AS person_id) c
        """,
        workspaces=[key.workspace_id for key in keys],
        kinds=[key.kind for key in keys],
        values=[key.value for key in keys],
    )
    return {IdentityKey(*row[:3]): Known(row[3], frozenset(row[4])) for row in rows}


def make_people(
    planned: Plan, claims: Sequence[Claim], *, seen_at: Mapping[int, datetime], now: datetime
) -> dict[int, int]:
    """Insert new identities first, then the people they won. Maps plan numbers to ids."""
    if not planned.new_keys:
        return {}
    fresh = run(
        "SELECT nextval(pg_get_serial_sequence('audience_person', 'id')) "
        "FROM generate_series(1, %(count)b::int)",
        count=planned.new_people,
    )  # numbers of people who were merged within the plan stay unused
    ids = {-number: row[0] for number, row in enumerate(fresh, start=1)}
    keys = sorted(planned.new_keys)
    owners = [ids.get(planned.owner[key], planned.owner[key]) for key in keys]
    won = run(
        """
        INSERT INTO audience_identity (workspace_id, kind, value, person_id, source, linked_at)
        SELECT *, %(now)b FROM unnest(
            %(workspaces)b::bigint[], %(kinds)b::text[], %(values)b::text[],
            %(owners)b::bigint[], %(sources)b::text[])
        ON CONFLICT DO NOTHING RETURNING id
        """,
        workspaces=[key.workspace_id for key in keys],
        kinds=[key.kind for key in keys],
        values=[key.value for key in keys],
        owners=owners,
        sources=[planned.new_keys[key] for key in keys],
        now=now,
    )
    if len(won) != len(keys):
        raise PeopleChanged
    insert_people(planned, claims, ids=ids, seen_at=seen_at, now=now)
    return ids


def insert_people(
    planned: Plan,
    claims: Sequence[Claim],
    *,
    ids: Mapping[int, int],
    seen_at: Mapping[int, datetime],
    now: datetime,
) -> None:
    workspaces: dict[int, int] = {}
    first_seen: dict[int, datetime] = {}
    for key in planned.new_keys:
        if planned.owner[key] < 0:
            workspaces[ids[planned.owner[key]]] = key.workspace_id
    for index, who in enumerate(planned.people):
        person = ids.get(who) if who else None
        if person:
            occurred = seen_at.get(index, now)
            first_seen[person] = min(first_seen.get(person, occurred), occurred)
    people = sorted(workspaces)
    run(
        """
        INSERT INTO audience_person (id, workspace_id, traits, trait_sources, locale, time_zone,
                                     first_seen_at, last_seen_at, sequence, known_digest)
        SELECT id, workspace_id, '{}', '{}', '', '', first_seen_at, %(now)b, 0, ''
        FROM unnest(%(ids)b::bigint[], %(workspaces)b::bigint[], %(first)b::timestamptz[])
             AS t (id, workspace_id, first_seen_at)
        """,
        ids=people,
        workspaces=[workspaces[person] for person in people],
        first=[first_seen.get(person, now) for person in people],
        now=now,
    )


def canonical_ids(people: Sequence[int]) -> dict[int, int]:
    if not people:
        return {}
    rows = run(
        "SELECT id, COALESCE(merged_into_id, id) FROM audience_person "
        "WHERE id = ANY(%(people)b::bigint[])",
        people=sorted(set(people)),
    )
    return {row[0]: row[1] for row in rows}


def lock(people: Sequence[int]) -> dict[int, PersonRow]:
    """Lock canonical people in id order; PeopleChanged if one was merged away meanwhile."""
    rows = run(
        """
        SELECT id, workspace_id, traits, trait_sources, locale, time_zone, first_seen_at,
               sequence,
               ARRAY(SELECT m.id FROM audience_person m WHERE m.merged_into_id = p.id),
               known_digest, merged_into_id
        FROM audience_person p WHERE id = ANY(%(people)b::bigint[])
        ORDER BY id FOR NO KEY UPDATE OF p
        """,
        people=people,
    )
    if len(rows) != len(people) or any(row[10] is not None for row in rows):
        raise PeopleChanged
    return {row[0]: as_row(row) for row in rows}


def lock_free(people: Sequence[int]) -> dict[int, PersonRow]:
    """Lock those of these people whom nobody holds and who are still canonical."""
    rows = run(
        """
        SELECT id, workspace_id, traits, trait_sources, locale, time_zone, first_seen_at,
               sequence,
               ARRAY(SELECT m.id FROM audience_person m WHERE m.merged_into_id = p.id),
               known_digest
        FROM audience_person p WHERE id = ANY(%(people)b::bigint[]) AND merged_into_id IS NULL
        ORDER BY id FOR NO KEY UPDATE OF p SKIP LOCKED
        """,
        people=people,
    )
    return {row[0]: as_row(row) for row in rows}


def as_row(row: tuple[Any, ...]) -> PersonRow:
    return PersonRow(
        id=row[0],
        workspace_id=row[1],
        traits=msgspec.json.decode(row[2]),
        trait_sources=msgspec.json.decode(row[3]),
        locale=row[4],
        time_zone=row[5],
        first_seen_at=row[6],
        sequence=row[7],
        merged=tuple(row[8]),
        known_digest=bytes(row[9]),
    )


def write_merges(merged: Mapping[int, int]) -> None:
    """Point merged people, and all merged into them before, at the winner; move their devices."""
    losers = sorted(merged)
    values = {"losers": losers, "winners": [merged[loser] for loser in losers]}
    run(
        """
        UPDATE audience_person p SET merged_into_id = m.winner
        FROM unnest(%(losers)b::bigint[], %(winners)b::bigint[]) AS m (loser, winner)
        WHERE p.id = m.loser OR p.merged_into_id = m.loser
        """,
        **values,
    )
    run(
        """
        UPDATE audience_device d SET person_id = m.winner
        FROM unnest(%(losers)b::bigint[], %(winners)b::bigint[]) AS m (loser, winner)
        WHERE d.person_id = m.loser
        """,
        **values,
    )
