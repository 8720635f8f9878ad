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
    """What is known of a phone now, and was before. `aliases` are people under whom its rows
    stand, who became the one that has it."""

    workspace_id: int
    phone: Phone
    before: Seen
    seen: Seen
    source: str
    aliases: Collection[int] = ()

    @property
    def gone(self) -> set[int]:
        """Places of which nothing needs to be known any more."""
        return _places(self.before) - _places(self.seen)


@dataclass(frozen=True, kw_only=True)
class FixRow:
    workspace_id: int
    phone: Phone
    latitude: float
    longitude: float
    accuracy_m: float | None
    occurred_at: datetime


def write(*, phones: Sequence[PhoneRow], now: datetime) -> None:
    _take_over([Phone(who, one.phone.device) for one in phones for who in one.aliases])
    _forget([(one.phone, place) for one in phones for place in one.gone])
    _write_tracks(phones)
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
    """Kept positions past their days, and phones that have been silent for a day; the most that
    went from one table."""
    before = now - FORGOTTEN_AFTER
    fixes = run(
        """
        DELETE FROM triggers_fix WHERE id IN (
            SELECT f.id FROM audience_workspace w CROSS JOIN LATERAL (
                SELECT id FROM triggers_fix
                WHERE workspace_id = w.id
                  AND occurred_at < %(now)b - make_interval(days => w.keep_fixes_days)
                LIMIT %(limit)b) f LIMIT %(limit)b) RETURNING 1
        """,
        now=now,
        limit=limit,
    )
    presences = run(
        """
        DELETE FROM triggers_presence WHERE (person_id, device_id, place_id) IN (
            SELECT person_id, device_id, place_id FROM triggers_presence
            WHERE seen_at < %(before)b LIMIT %(limit)b) RETURNING 1
        """,
        before=before,
        limit=limit,
    )
    tracks = run(
        """
        DELETE FROM triggers_track WHERE (person_id, device_id) IN (
            SELECT person_id, device_id FROM triggers_track
            WHERE fixed_at < %(before)b LIMIT %(limit)b) RETURNING 1
        """,
        before=before,
        limit=limit,
    )
    return max(len(fixes), len(presences), len(tracks))


def _places(seen: Seen) -> set[int]:
    return {presence.place for presence in seen.presences}


def _take_over(aliases: Sequence[Phone]) -> None:
    """The rows of a phone that stand under who became somebody else make way for new ones."""
    for table in ("triggers_presence", "triggers_track") if aliases else ():
        run(
            f"DELETE FROM {table} t USING unnest(%(people)b::bigint[], %(devices)b::bigint[]) "
            "AS a (person_id, device_id) "
            "WHERE t.person_id = a.person_id AND t.device_id = a.device_id",
            people=[phone.person for phone in aliases],
            devices=[phone.device for phone in aliases],
        )


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
    if not tracks:
        return
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
    if not rows:
        return
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
