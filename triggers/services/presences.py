"""Writing where phones are, for people held locked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from audience.sql import run
from triggers.places.presence import Seen
from triggers.places.visits import due_at
from triggers.selectors.presences import Phone

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class PhoneRow:
    """What is known of a phone now. `gone` are places of which nothing needs to be known."""

    workspace_id: int
    phone: Phone
    seen: Seen
    gone: Collection[int]
    source: str


@dataclass(frozen=True, kw_only=True)
class FixRow:
    workspace_id: int
    phone: Phone
    latitude: float
    longitude: float
    accuracy_m: float | None
    occurred_at: datetime


def write(*, phones: Sequence[PhoneRow], moved: Collection[int], now: datetime) -> None:
    """`moved` are people that became part of others, whose rows these are now."""
    if moved:
        for table in ("triggers_presence", "triggers_track"):
            run(f"DELETE FROM {table} WHERE person_id = ANY(%(ids)b::bigint[])", ids=sorted(moved))
    _forget([(one.phone, place) for one in phones for place in one.gone])
    _write_tracks([one for one in phones if one.seen.track])
    _write_presences(phones, now=now)


def keep_fixes(*, fixes: Sequence[FixRow]) -> None:
    run(
        """
        INSERT INTO triggers_fix (workspace_id, person_id, device_id, latitude, longitude,
                                  accuracy_m, occurred_at)
        SELECT * FROM unnest(%(workspaces)b::bigint[], %(people)b::bigint[],
            %(devices)b::bigint[], %(latitudes)b::float8[], %(longitudes)b::float8[],
            %(accuracies)b::float8[], %(times)b::timestamptz[])
        """,
        workspaces=[one.workspace_id for one in fixes],
        people=[one.phone.person for one in fixes],
        devices=[one.phone.device for one in fixes],
        latitudes=[one.latitude for one in fixes],
        longitudes=[one.longitude for one in fixes],
        accuracies=[one.accuracy_m for one in fixes],
        times=[one.occurred_at for one in fixes],
    )


def forget_old(*, now: datetime, limit: int) -> int:
    """Kept positions past their days, and phones that have been silent for a day."""
    before = now - FORGOTTEN_AFTER
    run(
        """
        DELETE FROM triggers_fix WHERE id IN (
            SELECT f.id FROM audience_workspace w CROSS JOIN LATERAL (
                SELECT id FROM triggers_fix
                WHERE workspace_id = w.id
                  AND occurred_at < %(now)b - make_interval(days => w.keep_fixes_days)
                LIMIT %(limit)b) f)
        """,
        now=now,
        limit=limit,
    )
    gone = run(
        """
        DELETE FROM triggers_presence WHERE (person_id, device_id, place_id) IN (
            SELECT person_id, device_id, place_id FROM triggers_presence
            WHERE seen_at < %(before)b LIMIT %(limit)b) RETURNING 1
        """,
        before=before,
        limit=limit,
    )
    run(
        """
        DELETE FROM triggers_track WHERE (person_id, device_id) IN (
            SELECT person_id, device_id FROM triggers_track
            WHERE fixed_at < %(before)b LIMIT %(limit)b)
        """,
        before=before,
        limit=limit,
    )
    return len(gone)


def _forget(gone: Sequence[tuple[Phone, int]]) -> None:
    if gone:
        run(
            """
            DELETE FROM triggers_presence p
            USING unnest(%(people)b::bigint[], %(devices)b::bigint[], %(places)b::bigint[])
                  AS g (person_id, device_id, place_id)
            WHERE p.person_id = g.person_id AND p.device_id = g.device_id
              AND p.place_id = g.place_id
            """,
            people=[phone.person for phone, _ in gone],
            devices=[phone.device for phone, _ in gone],
            places=[place for _, place in gone],
        )


def _write_tracks(phones: Sequence[PhoneRow]) -> None:
    tracks = [(one.workspace_id, one.phone, one.seen.track) for one in phones if one.seen.track]
    run(
        """
        INSERT INTO triggers_track (workspace_id, person_id, device_id, fixed_at, cell_latitude,
                                    cell_longitude)
        SELECT * FROM unnest(%(workspaces)b::bigint[], %(people)b::bigint[],
            %(devices)b::bigint[], %(times)b::timestamptz[], %(latitudes)b::smallint[],
            %(longitudes)b::smallint[])
        ON CONFLICT (person_id, device_id) DO UPDATE SET fixed_at = excluded.fixed_at,
            cell_latitude = excluded.cell_latitude, cell_longitude = excluded.cell_longitude
        """,
        workspaces=[workspace for workspace, _, _ in tracks],
        people=[phone.person for _, phone, _ in tracks],
        devices=[phone.device for _, phone, _ in tracks],
        times=[track.fixed_at for _, _, track in tracks],
        latitudes=[track.cell[0] for _, _, track in tracks],
        longitudes=[track.cell[1] for _, _, track in tracks],
    )


def _write_presences(phones: Sequence[PhoneRow], *, now: datetime) -> None:
    rows = [(one, presence) for one in phones for presence in one.seen.presences]
    columns: Mapping[str, list] = {
        "workspaces": [one.workspace_id for one, _ in rows],
        "people": [one.phone.person for one, _ in rows],
        "devices": [one.phone.device for one, _ in rows],
        "places": [presence.place for _, presence in rows],
        "levels": [int(presence.level) for _, presence in rows],
        "near": [presence.near_since for _, presence in rows],
        "entered": [presence.entered_at for _, presence in rows],
        "outside": [presence.outside_since for _, presence in rows],
        "dwelled": [presence.dwelled for _, presence in rows],
        "sources": [one.source for one, _ in rows],
        "due": [due_at(presence) for _, presence in rows],
    }
    run(
        """
        INSERT INTO triggers_presence (workspace_id, person_id, device_id, place_id, level,
            near_since, entered_at, outside_since, dwelled, source, due_at, seen_at)
        SELECT *, %(now)b FROM unnest(%(workspaces)b::bigint[], %(people)b::bigint[],
            %(devices)b::bigint[], %(places)b::bigint[], %(levels)b::smallint[],
            %(near)b::timestamptz[], %(entered)b::timestamptz[], %(outside)b::timestamptz[],
            %(dwelled)b::boolean[], %(sources)b::text[], %(due)b::timestamptz[])
        ON CONFLICT (person_id, device_id, place_id) DO UPDATE SET level = excluded.level,
            near_since = excluded.near_since, entered_at = excluded.entered_at,
            outside_since = excluded.outside_since, dwelled = excluded.dwelled,
            source = excluded.source, due_at = excluded.due_at, seen_at = excluded.seen_at
        """,
        now=now,
        **columns,
    )
