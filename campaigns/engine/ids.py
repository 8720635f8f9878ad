"""Ids that are hashes, so that the same firing is the same row however often it is computed."""

from hashlib import blake2b
from uuid import UUID

SEPARATOR = "\x1f"


def moment_id(*, campaign_id: int, person_id: int, key: str, occurrence: str) -> UUID:
    return _uuid("moment", campaign_id, person_id, key, occurrence)


def push_id(*, moment: UUID, device_id: int) -> UUID:
    return _uuid("push", moment.hex, device_id)


def _uuid(*parts: object) -> UUID:
    text = SEPARATOR.join(str(part) for part in parts)
    return UUID(bytes=blake2b(text.encode(errors="replace"), digest_size=16).digest())
