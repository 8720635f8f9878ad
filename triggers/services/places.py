"""Putting and removing places, many at a time.

Whoever changes the places of a workspace holds its row. So versions follow each other, and who
has seen a version has seen every change up to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from audience.models import Workspace
from audience.sql import run
from triggers.places.given import PlaceInput

CHUNK = 1_000
PUT = """  -- what is the same is not written; xmax is 0 in a row that nobody has updated
    INSERT INTO triggers_place AS known (
        workspace_id, external_id, name, latitude, longitude, radius_m, area, approach_m, tags,
        attributes, address, phone, time_zone, hours, opens_on, closes_on, version, created_at,
        changed_at)
    SELECT %(workspace)b::bigint, external_id, name, latitude, longitude, radius_m,
           area::jsonb, approach_m,
           ARRAY(SELECT tag FROM jsonb_array_elements_text(tags::jsonb)
                 WITH ORDINALITY AS t (tag, place) ORDER BY place),
           attributes::jsonb, address, phone, time_zone, hours::jsonb, opens_on, closes_on,
           %(version)b::bigint, %(now)b::timestamptz, %(now)b::timestamptz
    FROM unnest(%(external_id)b::text[], %(name)b::text[], %(latitude)b::float8[],
                %(longitude)b::float8[], %(radius_m)b::float8[], %(area)b::text[],
                %(approach_m)b::float8[], %(tags)b::text[], %(attributes)b::text[],
                %(address)b::text[], %(phone)b::text[], %(time_zone)b::text[],
                %(hours)b::text[], %(opens_on)b::date[], %(closes_on)b::date[])
        AS given (external_id, name, latitude, longitude, radius_m, area, approach_m, tags,
                  attributes, address, phone, time_zone, hours, opens_on, closes_on)
    ON CONFLICT (workspace_id, external_id) DO UPDATE
    SET name = EXCLUDED.name, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude,
        radius_m = EXCLUDED.radius_m, area = EXCLUDED.area, approach_m = EXCLUDED.approach_m,
        tags = EXCLUDED.tags, attributes = EXCLUDED.attributes, address = EXCLUDED.address,
        phone = EXCLUDED.phone, time_zone = EXCLUDED.time_zone, hours = EXCLUDED.hours,
        opens_on = EXCLUDED.opens_on, closes_on = EXCLUDED.closes_on,
        version = EXCLUDED.version, changed_at = EXCLUDED.changed_at, removed_at = NULL
    WHERE known.removed_at IS NOT NULL OR (
        known.name, known.latitude, known.longitude, known.radius_m, known.area,
        known.approach_m, known.tags, known.attributes, known.address, known.phone,
        known.time_zone, known.hours, known.opens_on, known.closes_on
    ) IS DISTINCT FROM (
        EXCLUDED.name, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.radius_m, EXCLUDED.area,
        EXCLUDED.approach_m, EXCLUDED.tags, EXCLUDED.attributes, EXCLUDED.address,
        EXCLUDED.phone, EXCLUDED.time_zone, EXCLUDED.hours, EXCLUDED.opens_on,
        EXCLUDED.closes_on)
    RETURNING xmax = 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """How many places are new, have changed (or are back), and were like this before."""

    created: int
    changed: int
    unchanged: int


class TwinPlacesError(ValueError):
    """The same external_id twice in one put: which one counts is for the caller to say."""


def put_places(*, workspace: Workspace, places: Sequence[PlaceInput], now: datetime) -> Put:
    """All of them or none. Raises TwinPlacesError."""
    if len({one.external_id for one in places}) < len(places):
        raise TwinPlacesError("An external_id stands twice among the places")
    with transaction.atomic():
        version = _next_version(workspace.pk)
        written = [
            is_new
            for chunk in _chunks(places)
            for is_new in _write(chunk, workspace_id=workspace.pk, version=version, now=now)
        ]
        if written:
            _raise_version(workspace.pk, version)
    created = sum(written)
    return Put(
        created=created, changed=len(written) - created, unchanged=len(places) - len(written)
    )


def remove_places(*, workspace_id: int, external_ids: Sequence[str], now: datetime) -> int:
    """How many were removed: those that exist and were not removed before."""
    with transaction.atomic():
        version = _next_version(workspace_id)
        removed = run(
            """
            UPDATE triggers_place
            SET removed_at = %(now)b, changed_at = %(now)b, version = %(version)b
            WHERE workspace_id = %(workspace)b AND external_id = ANY(%(ids)b::text[])
              AND removed_at IS NULL
            RETURNING id
            """,
            workspace=workspace_id,
            ids=list(external_ids),
            version=version,
            now=now,
        )
        if removed:
            _raise_version(workspace_id, version)
    return len(removed)


def _next_version(workspace_id: int) -> int:
    """The version of a change, whose transaction holds the workspace's row from now on."""
    return run(
        "SELECT places_version + 1 FROM audience_workspace WHERE id = %(id)b FOR NO KEY UPDATE",
        id=workspace_id,
    )[0][0]


def _raise_version(workspace_id: int, version: int) -> None:
    run(
        "UPDATE audience_workspace SET places_version = %(version)b WHERE id = %(id)b",
        version=version,
        id=workspace_id,
    )


def _chunks(places: Sequence[PlaceInput]) -> Iterator[Sequence[PlaceInput]]:
    for start in range(0, len(places), CHUNK):
        yield places[start : start + CHUNK]


def _write(
    places: Sequence[PlaceInput], *, workspace_id: int, version: int, now: datetime
) -> list[bool]:
    """Whether it is new, for each place that was written; what is the same is not."""
    rows = run(
        PUT,
        workspace=workspace_id,
        version=version,
        now=now,
        **_columns(places),
    )
    return [is_new for (is_new,) in rows]


def _columns(places: Sequence[PlaceInput]) -> dict[str, list[Any]]:
    """The fields of all places, one list each; JSON as text."""
    plain = (
        "external_id", "name", "latitude", "longitude", "radius_m", "approach_m", "address",
        "phone", "time_zone", "opens_on", "closes_on",
    )  # fmt: skip
    columns = {name: [getattr(one, name) for one in places] for name in plain}
    for name in ("area", "tags", "attributes", "hours"):
        columns[name] = [_json(getattr(one, name)) for one in places]
    return columns


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
