"""Reading devices of people, as plain rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from audience.sql import run


class DeviceOfPerson(NamedTuple):
    person_id: int
    id: int
    platform: str
    address_kind: str
    address: str
    push_permission: str
    facts: dict[str, Any]
    retired: bool


def identities_of(*, people: Sequence[int]) -> list[tuple[int, str]]:
    """(person as asked for, value) of every id of these people, merged as they may be."""
    rows = run(
        """
        SELECT asked.id, i.value FROM unnest(%(people)b::bigint[]) AS asked (id),
        LATERAL (SELECT COALESCE(merged_into_id, id) AS id FROM audience_person
                 WHERE id = asked.id) AS canonical,
        LATERAL (SELECT canonical.id UNION ALL
                 SELECT id FROM audience_person WHERE merged_into_id = canonical.id) AS family
        JOIN audience_identity i ON i.person_id = family.id
        """,
        people=people,
    )
    return [(row[0], row[1]) for row in rows]


def devices_of(*, people: Sequence[int]) -> list[DeviceOfPerson]:
    """Every device these canonical people own, also those that cannot be reached."""
    rows = run(
        """
        SELECT person_id, id, platform, address_kind, address, push_permission, facts,
               retired_at IS NOT NULL
        FROM audience_device WHERE person_id = ANY(%(people)b::bigint[]) ORDER BY id
        """,
        people=people,
    )
    return [DeviceOfPerson._make(row)._replace(facts=msgspec.json.decode(row[6])) for row in rows]
