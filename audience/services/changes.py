"""Writing what a transaction leaves of the people it holds locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from audience.sql import run


@dataclass(frozen=True)
class PersonChange:
    """What a batch leaves of a person."""

    id: int
    traits: dict[str, Any]
    trait_sources: dict[str, str]
    locale: str
    time_zone: str
    sequence: int
    known_digest: bytes


def write_people(changes: Sequence[PersonChange], *, now: datetime) -> None:
    """Write people the caller holds locked."""
    encode = msgspec.json.encode
    run(
        """
        UPDATE audience_person p
        SET traits = c.traits::jsonb, trait_sources = c.sources::jsonb, locale = c.locale,
            time_zone = c.zone, sequence = c.sequence, known_digest = c.digest,
            last_seen_at = %(now)b
        FROM unnest(%(ids)b::bigint[], %(traits)b::text[], %(sources)b::text[],
                    %(locales)b::text[], %(zones)b::text[], %(sequences)b::bigint[],
                    %(digests)b::bytea[])
             AS c (id, traits, sources, locale, zone, sequence, digest)
        WHERE p.id = c.id
        """,
        ids=[change.id for change in changes],
        traits=[encode(change.traits).decode() for change in changes],
        sources=[encode(change.trait_sources).decode() for change in changes],
        locales=[change.locale for change in changes],
        zones=[change.time_zone for change in changes],
        sequences=[change.sequence for change in changes],
        digests=[change.known_digest for change in changes],
        now=now,
    )
