"""The event log: what is new, and writing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from audience.sql import run


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event as it is written; ids are those of section 1 of the design."""

    id: int
    workspace_id: int
    person_id: int
    device_id: int | None
    key_id: int | None
    message_id: str
    type: str
    name: str
    properties: Mapping[str, Any]
    context: Mapping[str, Any]
    source: str
    occurred_at: datetime
    received_at: datetime
    sequence: int
    program_version: int


def digest(*, workspace_id: int, origin: str, message_id: str) -> bytes:
    """16 bytes that name a message among all workspaces.

    `origin` keeps our own messages apart, so that no client can take an id of theirs first.
    """
    text = f"{workspace_id}:{origin}:{message_id}".encode(errors="replace")
    return blake2b(text, digest_size=16).digest()


def event_id(message: bytes) -> int:
    """A positive 63-bit id from a message's digest: known before anything is written."""
    return int.from_bytes(message[:8]) >> 1


def remember(*, digests: Sequence[bytes], now: datetime) -> set[bytes]:
    """Record messages as seen; the ones that are new. Waits for whoever records the same."""
    rows = run(
        """
        INSERT INTO triggers_seenmessage (digest, received_at)
        SELECT digest, %(now)b FROM unnest(%(digests)b::bytea[]) AS d (digest)
        ON CONFLICT DO NOTHING RETURNING digest
        """,
        digests=sorted(set(digests)),
        now=now,
    )
    return {bytes(row[0]) for row in rows}


def known(*, digests: Sequence[bytes]) -> set[bytes]:
    """Those of these messages that were seen."""
    rows = run(
        "SELECT digest FROM triggers_seenmessage WHERE digest = ANY(%(digests)b::bytea[])",
        digests=sorted(set(digests)),
    )
    return {bytes(row[0]) for row in rows}


def append(*, events: Sequence[EventRow], now: datetime) -> None:
    """Write events; `now` is when they were decided."""
    encode = msgspec.json.encode
    run(
        """
        INSERT INTO triggers_event (id, workspace_id, person_id, device_id, key_id, message_id,
            type, name, properties, context, source, occurred_at, received_at, sequence,
            program_version, decided_at)
        SELECT id, workspace_id, person_id, device_id, key_id, message_id, type, name,
               properties::jsonb, context::jsonb, source, occurred_at, received_at, sequence,
               program_version, %(now)b
        FROM unnest(%(ids)b::bigint[], %(workspaces)b::bigint[], %(people)b::bigint[],
                    %(devices)b::bigint[], %(keys)b::bigint[], %(messages)b::text[],
                    %(types)b::text[], %(names)b::text[], %(properties)b::text[],
                    %(contexts)b::text[], %(sources)b::text[], %(occurred)b::timestamptz[],
                    %(received)b::timestamptz[], %(sequences)b::bigint[],
                    %(programs)b::bigint[])
             AS e (id, workspace_id, person_id, device_id, key_id, message_id, type, name,
                   properties, context, source, occurred_at, received_at, sequence,
                   program_version)
        """,
        ids=[event.id for event in events],
        workspaces=[event.workspace_id for event in events],
        people=[event.person_id for event in events],
        devices=[event.device_id for event in events],
        keys=[event.key_id for event in events],
        messages=[event.message_id for event in events],
        types=[event.type for event in events],
        names=[event.name for event in events],
        properties=[encode(event.properties).decode() for event in events],
        contexts=[encode(event.context).decode() for event in events],
        sources=[event.source for event in events],
        occurred=[event.occurred_at for event in events],
        received=[event.received_at for event in events],
        sequences=[event.sequence for event in events],
        programs=[event.program_version for event in events],
        now=now,
    )
