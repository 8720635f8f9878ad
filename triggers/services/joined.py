"""Who did an event with which value: what business events ask for ("who viewed this sku?")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from audience.sql import run
from triggers.rules import MISSING, find_fact


@dataclass(frozen=True, kw_only=True)
class Join:
    """A person did an event; `digest` names its workspace, property and value."""

    digest: bytes
    person_id: int
    occurred_at: datetime


def digest(*, workspace_id: int, event: str, property: str, value: Any) -> bytes | None:
    """None for what joins nothing: no value, a list or an object. "42" and 42 are two values."""
    if value is None or not isinstance(value, str | int | float | bool):
        return None
    text = msgspec.json.encode([workspace_id, event, property, value])
    return blake2b(text, digest_size=16).digest()


def value_at(properties: Mapping[str, Any], field: str) -> Any:
    """What a field such as event.properties.sku is in an event with these properties."""
    fact = find_fact(field)
    value = fact.reader()({"event": {"properties": properties}}) if fact else None
    return None if value is MISSING else value


def keep(*, joins: Sequence[Join]) -> None:
    """Remember when each person last did it."""
    newest: dict[tuple[bytes, int], datetime] = {}
    for one in joins:
        key = (one.digest, one.person_id)
        newest[key] = max(one.occurred_at, newest.get(key, one.occurred_at))
    if not newest:
        return
    keys = sorted(newest)
    run(
        """
        INSERT INTO triggers_joined (digest, person_id, occurred_at)
        SELECT * FROM unnest(%(digests)b::bytea[], %(people)b::bigint[], %(times)b::timestamptz[])
        ON CONFLICT (digest, person_id) DO UPDATE
        SET occurred_at = GREATEST(triggers_joined.occurred_at, EXCLUDED.occurred_at)
        """,
        digests=[key[0] for key in keys],
        people=[key[1] for key in keys],
        times=[newest[key] for key in keys],
    )
