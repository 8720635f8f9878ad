"""Places as plain rows: what an event carries of one, and what an index has missed."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from audience.sql import run

SNAPSHOT = (
    "id", "external_id", "name", "tags", "attributes", "address", "phone", "time_zone", "hours",
    "opens_on", "closes_on",
)  # fmt: skip
AT_ONCE = 2_000  # rows fetched at a time


class Changed(NamedTuple):
    """A place for an index. area: GeoJSON as areas.write_area makes it, None for a circle."""

    id: int
    latitude: float
    longitude: float
    radius_m: float
    area: dict[str, Any] | None
    approach_m: float
    removed: bool


class Dated(NamedTuple):
    """A place's name for the outside, and from and until when (its own days) it is in use."""

    external_id: str
    time_zone: str
    opens_on: date | None
    closes_on: date | None


def version_of(*, workspace_id: int) -> int:
    rows = run(
        "SELECT places_version FROM audience_workspace WHERE id = %(id)b",
        id=workspace_id,
    )
    return rows[0][0]


def ids_of(*, workspace_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """Of those that there are, by their external ids."""
    rows = run(
        "SELECT external_id, id FROM triggers_place WHERE workspace_id = %(workspace)b "
        "AND external_id = ANY(%(ids)b::text[]) AND removed_at IS NULL",
        workspace=workspace_id,
        ids=sorted(external_ids),
    )
    return dict(rows)


def dated(*, ids: Collection[int]) -> dict[int, Dated]:
    rows = run(
        """
        SELECT p.id, p.external_id, COALESCE(NULLIF(p.time_zone, ''), w.time_zone), p.opens_on,
               p.closes_on
        FROM triggers_place p JOIN audience_workspace w ON w.id = p.workspace_id
        WHERE p.id = ANY(%(ids)b::bigint[])
        """,
        ids=sorted(ids),
    )
    return {id: Dated(*rest) for id, *rest in rows}


def snapshots(*, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What an event carries of each place, without distance_m and confidence.

    Dates are ISO text; time_zone is the workspace's where the place has none of its own.
    """
    rows = run(
        """
        SELECT p.id, p.external_id, p.name, p.tags, p.attributes, p.address, p.phone,
               COALESCE(NULLIF(p.time_zone, ''), w.time_zone), p.hours, p.opens_on, p.closes_on
        FROM triggers_place p JOIN audience_workspace w ON w.id = p.workspace_id
        WHERE p.id = ANY(%(ids)b::bigint[])
        """,
        ids=sorted(ids),
    )
    return {row[0]: _snapshot(dict(zip(SNAPSHOT, row, strict=True))) for row in rows}


def _snapshot(place: dict[str, Any]) -> dict[str, Any]:
    for name in ("attributes", "hours"):
        place[name] = place[name] and msgspec.json.decode(place[name])
    for name in ("opens_on", "closes_on"):
        place[name] = place[name] and place[name].isoformat()
    return place


def changed_since(*, workspace_id: int, version: int) -> Iterator[Changed]:
    """Every place that changed after this version, removed ones too; streamed."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT id, latitude, longitude, radius_m, area, approach_m, removed_at IS NOT NULL
            FROM triggers_place
            WHERE workspace_id = %(workspace)b AND version > %(version)b
            """,
            {"workspace": workspace_id, "version": version},
        )
        while rows := cursor.fetchmany(AT_ONCE):
            for id, latitude, longitude, radius_m, area, approach_m, removed in rows:
                shape = area and msgspec.json.decode(area)
                yield Changed(id, latitude, longitude, radius_m, shape, approach_m, removed)
