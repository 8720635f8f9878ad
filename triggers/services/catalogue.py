"""The event catalogue, learnt from what arrives; bounded, and cheap once a name is known."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from audience.sql import run

MAX_NAMES = 1_000
MAX_PATHS = 200
MAX_SAMPLES = 5
MAX_SAMPLE = 60
LEARN_AGAIN_AFTER = timedelta(minutes=1)

Name = tuple[int, str]
_learnt: dict[Name, datetime] = {}
_lock = threading.Lock()


def learn(*, seen: Iterable[tuple[int, str, Mapping[str, Any]]], now: datetime) -> None:
    """Record (workspace, event name, properties); a name at most once a minute a process."""
    fresh: dict[Name, Mapping[str, Any]] = {}
    with _lock:
        if len(_learnt) > 2 * MAX_NAMES:
            _learnt.clear()
        for workspace_id, name, properties in seen:
            key = (workspace_id, name)
            if key not in _learnt or now - _learnt[key] > LEARN_AGAIN_AFTER:
                _learnt[key] = now
                fresh[key] = properties
    if fresh:
        write(fresh, now=now)


def forget() -> None:
    """Learn every name again."""
    with _lock:
        _learnt.clear()


def write(names: Mapping[Name, Mapping[str, Any]], *, now: datetime) -> None:
    keys = sorted(names)
    known = {
        (row[0], row[1]): msgspec.json.decode(row[2])
        for row in run(
            """
            SELECT workspace_id, name, properties FROM triggers_eventname
            JOIN unnest(%(workspaces)b::bigint[], %(names)b::text[])
                 AS k (workspace_id, name) USING (workspace_id, name)
            """,
            workspaces=[key[0] for key in keys],
            names=[key[1] for key in keys],
        )
    }
    documents = [merged(known.get(key, {}), names[key]) for key in keys]
    run(
        """
        INSERT INTO triggers_eventname (workspace_id, name, properties, first_seen_at,
                                        last_seen_at)
        SELECT workspace_id, name, properties::jsonb, %(now)b, %(now)b
        FROM unnest(%(workspaces)b::bigint[], %(names)b::text[], %(documents)b::text[])
             AS k (workspace_id, name, properties)
        WHERE EXISTS (SELECT FROM triggers_eventname e
                      WHERE e.workspace_id = k.workspace_id AND e.name = k.name)
           OR (SELECT count(*) FROM triggers_eventname e
               WHERE e.workspace_id = k.workspace_id) < %(most)b
        ON CONFLICT (workspace_id, name) DO UPDATE
        SET properties = EXCLUDED.properties, last_seen_at = EXCLUDED.last_seen_at
        """,
        workspaces=[key[0] for key in keys],
        names=[key[1] for key in keys],
        documents=[msgspec.json.encode(document).decode() for document in documents],
        now=now,
        most=MAX_NAMES,
    )


def merged(known: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The catalogue entry of a name after one more event."""
    result = dict(known)
    for path, value in paths(properties):
        if path not in result and len(result) >= MAX_PATHS:
            continue
        entry = result.get(path, {"kind": kind(value), "samples": []})
        sample = str(value)[:MAX_SAMPLE]
        if kind(value) in {"text", "number"} and sample not in entry["samples"]:
            entry = {**entry, "samples": [sample, *entry["samples"]][:MAX_SAMPLES]}
        result[path] = entry
    return result


def paths(properties: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in list(properties.items())[:MAX_PATHS]:
        if isinstance(value, Mapping) and prefix.count(".") < 3:
            yield from paths(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", value


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "text"
