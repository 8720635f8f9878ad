"""Places as a map shows them: few enough to draw, and of one workspace."""

from collections.abc import Collection
from math import cos, radians
from typing import Any, NamedTuple

import msgspec

from audience.sql import run
from triggers.places.geometry import Position
from triggers.places.presence import Level

MOST_SHOWN = 2_000
MOST_NEIGHBOURS = 200
METRES_A_DEGREE = 111_000.0
WIDEST_AREA = 6.0  # how much further than its radius_m an area's corners are looked for


class Box(NamedTuple):
    """Degrees. West of east, unless the date line lies between them."""

    south: float
    west: float
    north: float
    east: float


class Shown(NamedTuple):
    """area: GeoJSON, None for a circle."""

    id: int
    name: str
    latitude: float
    longitude: float
    radius_m: float
    area: dict[str, Any] | None


def within(*, workspace_id: int, box: Box, at: Position) -> list[Shown]:
    """The places inside a box, those nearest to `at` first, MOST_SHOWN of them."""
    rows = run(
        """
        SELECT id, name, latitude, longitude, radius_m, area FROM triggers_place
        WHERE workspace_id = %(workspace)b AND removed_at IS NULL
          AND latitude BETWEEN %(south)b AND %(north)b
          AND CASE WHEN %(west)b::float8 <= %(east)b::float8
                   THEN longitude BETWEEN %(west)b AND %(east)b
                   ELSE longitude >= %(west)b OR longitude <= %(east)b END
        ORDER BY (latitude - %(latitude)b::float8) ^ 2
               + ((longitude - %(longitude)b::float8) * %(narrow)b::float8) ^ 2, id
        LIMIT %(most)b::int
        """,
        workspace=workspace_id,
        **box._asdict(),
        latitude=at.latitude,
        longitude=at.longitude,
        narrow=cos(radians(at.latitude)),
        most=MOST_SHOWN,
    )
    return [_shown(row) for row in rows]


def neighbours(*, workspace_id: int, at: Position, extent_m: float) -> list[Shown]:
    """The places whose fences may touch one that reaches so far around `at`, nearest first."""
    rows = run(
        """
        SELECT id, name, latitude, longitude, radius_m, area
        FROM triggers_place, LATERAL (SELECT sqrt(
            (latitude - %(latitude)b::float8) ^ 2 + ((180 - abs(180 - abs(
                longitude - %(longitude)b::float8))) * %(narrow)b::float8) ^ 2
            ) * %(metres)b::float8 AS away_m) AS away
        WHERE workspace_id = %(workspace)b AND removed_at IS NULL
          AND away_m <= 1.05 * (%(extent)b::float8
              + radius_m * CASE WHEN area IS NULL THEN 1 ELSE %(widest)b::float8 END)
        ORDER BY away_m, id LIMIT %(most)b::int
        """,
        workspace=workspace_id,
        latitude=at.latitude,
        longitude=at.longitude,
        narrow=cos(radians(at.latitude)),
        metres=METRES_A_DEGREE,
        extent=extent_m,
        widest=WIDEST_AREA,
        most=MOST_NEIGHBOURS,
    )
    return [_shown(row) for row in rows]


def box_of_all(*, workspace_id: int) -> Box | None:
    """What holds every place of a workspace; None without any."""
    rows = run(
        """
        SELECT min(latitude), min(longitude), max(latitude), max(longitude) FROM triggers_place
        WHERE workspace_id = %(workspace)b AND removed_at IS NULL
        """,
        workspace=workspace_id,
    )
    return None if rows[0][0] is None else Box(*rows[0])


def people_inside(*, ids: Collection[int]) -> dict[int, int]:
    """How many people are inside each place; a place without any is missing."""
    rows = run(
        """
        SELECT place_id, count(DISTINCT person_id) FROM triggers_presence
        WHERE place_id = ANY(%(ids)b::bigint[]) AND level >= %(inside)b::int
        GROUP BY place_id
        """,
        ids=sorted(ids),
        inside=int(Level.MEDIUM),
    )
    return dict(rows)


def _shown(row: tuple[Any, ...]) -> Shown:
    id, name, latitude, longitude, radius_m, area = row
    shape = area and msgspec.json.decode(area)
    return Shown(id, name, latitude, longitude, radius_m, shape)
