"""Learning names and properties from a batch of events, in its transaction.

No statement here waits for another transaction: what somebody else is writing is learnt with a
later event, and names that were missed altogether are added when events are counted.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from audience.sql import run
from triggers.services.catalogue.entry import merged
from triggers.services.catalogue.memory import MAX_NAMES, Memory, Name

MAX_NAME_CHARS = 200
# Who adds names to a workspace's catalogue holds this lock, so that it never has too many.
ADDING = "pg_try_advisory_xact_lock(hashtextextended('catalogue of ' || {}, 0))"

Properties = Mapping[str, Any]

_memory = Memory()


def learn(*, seen: Iterable[tuple[int, str, Properties]], now: datetime) -> None:
    """Record (workspace, event name, properties); a name at most once a minute a process."""
    events: dict[int, dict[str, Properties]] = {}
    for workspace, name, properties in seen:
        if len(name) <= MAX_NAME_CHARS:
            events.setdefault(workspace, {})[name] = properties
    if unread := _memory.unread(events, now=now):
        _memory.keep(_names_of(unread), now=now)
    if due := _memory.due(events, now=now):
        _write({key: events[key[0]][key[1]] for key in sorted(due)}, now=now)


def forget() -> None:
    """Learn every name again."""
    _memory.forget()


def _names_of(workspaces: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {one: [] for one in workspaces}
    for workspace, name in run(
        "SELECT workspace_id, name FROM triggers_eventname "
        "WHERE workspace_id = ANY(%(ids)b::bigint[])",
        ids=workspaces,
    ):
        names[workspace].append(name)
    return names


def _write(events: Mapping[Name, Properties], *, now: datetime) -> None:
    known, open_to = _locked(events)
    keys = [key for key in events if key in known or key[0] in open_to]
    entries = [merged(known.get(key, {}), events[key]) for key in keys]
    run(
        """
        WITH learnt AS (
            SELECT * FROM unnest(%(workspaces)b::bigint[], %(names)b::text[],
                                 %(documents)b::text[], %(left_out)b::bigint[],
                                 %(known)b::bool[])
                AS k (workspace_id, name, document, left_out, is_known)
        ), again AS (
            UPDATE triggers_eventname e
            SET properties = COALESCE(document::jsonb, properties), last_seen_at = %(now)b,
                paths_left_out = e.paths_left_out + left_out
            FROM learnt k
            WHERE is_known AND e.workspace_id = k.workspace_id AND e.name = k.name
        ), sizes AS MATERIALIZED (
            SELECT workspace_id, count(*) AS names FROM triggers_eventname
            WHERE workspace_id = ANY(%(workspaces)b::bigint[]) GROUP BY workspace_id
        ), new AS (
            SELECT k.*, row_number() OVER (PARTITION BY workspace_id ORDER BY name)
                        + COALESCE(names, 0) AS place
            FROM learnt k LEFT JOIN sizes USING (workspace_id)
            WHERE NOT is_known AND NOT EXISTS (
                SELECT FROM triggers_eventname e
                WHERE e.workspace_id = k.workspace_id AND e.name = k.name)
        )
        INSERT INTO triggers_eventname (workspace_id, name, properties, paths_left_out,
                                        first_seen_at, last_seen_at)
        SELECT workspace_id, name, document::jsonb, left_out, %(now)b, %(now)b
        FROM new WHERE place <= %(most)b
        ON CONFLICT DO NOTHING
        """,
        workspaces=[key[0] for key in keys],
        names=[key[1] for key in keys],
        documents=[
            # An entry that says nothing new is not written again: it may be big.
            None
            if entry.properties == known.get(key)
            else msgspec.json.encode(entry.properties).decode()
            for key, entry in zip(keys, entries, strict=True)
        ],
        left_out=[entry.left_out for entry in entries],
        known=[key in known for key in keys],
        now=now,
        most=MAX_NAMES,
    )


def _locked(events: Iterable[Name]) -> tuple[dict[Name, dict[str, Any]], set[int]]:
    """Entries that are ours to change, and the workspaces that are ours to add names to."""
    keys = list(events)
    rows = run(
        f"""
        WITH wanted AS (
            SELECT * FROM unnest(%(workspaces)b::bigint[], %(names)b::text[])
                AS k (workspace_id, name)
        ), ours AS MATERIALIZED (
            SELECT e.workspace_id, e.name, e.properties
            FROM triggers_eventname e JOIN wanted USING (workspace_id, name)
            ORDER BY e.workspace_id, e.name FOR NO KEY UPDATE OF e SKIP LOCKED
        ), growing AS MATERIALIZED (
            SELECT DISTINCT workspace_id FROM wanted w WHERE NOT EXISTS (
                SELECT FROM triggers_eventname e
                WHERE e.workspace_id = w.workspace_id AND e.name = w.name)
        )
        SELECT workspace_id, name, properties FROM ours
        UNION ALL
        SELECT workspace_id, NULL, NULL FROM growing WHERE {ADDING.format("workspace_id")}
        """,
        workspaces=[key[0] for key in keys],
        names=[key[1] for key in keys],
    )
    known = {(row[0], row[1]): msgspec.json.decode(row[2]) for row in rows if row[1] is not None}
    return known, {row[0] for row in rows if row[1] is None}
