"""Segments of a workspace, as plain rows."""

import msgspec

from audience.sql import run
from triggers.segments import Named


def segments_of(*, workspace_id: int) -> list[Named]:
    """All of them, by key."""
    rows = run(
        "SELECT key, name, rule FROM triggers_segment WHERE workspace_id = %(workspace)b "
        "ORDER BY key",
        workspace=workspace_id,
    )
    decode = msgspec.json.decode
    return [Named(key=key, name=name, rule=decode(rule)) for key, name, rule in rows]


def keys_of(*, workspace_id: int) -> frozenset[str]:
    rows = run(
        "SELECT key FROM triggers_segment WHERE workspace_id = %(workspace)b",
        workspace=workspace_id,
    )
    return frozenset(key for (key,) in rows)


def kept_keys_of(*, workspace_id: int) -> frozenset[str]:
    """The same, and none of them can be deleted before the caller's transaction ends."""
    rows = run(
        "SELECT key FROM triggers_segment WHERE workspace_id = %(workspace)b "
        "ORDER BY id FOR KEY SHARE",
        workspace=workspace_id,
    )
    return frozenset(key for (key,) in rows)
