"""Devices in the database: read and locked, written, their addresses moved."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from audience.services.people import PeopleChanged
from audience.sql import run


@dataclass(frozen=True, kw_only=True)
class DeviceRow:
    id: int
    workspace_id: int
    installation_id: str
    person_id: int | None
    owner_is_user: bool
    platform: str
    address_kind: str
    address: str
    push_permission: str
    facts: dict[str, Any]
    source: str
    claimed_at: datetime
    last_seen_at: datetime
    retired_at: datetime | None


Key = tuple[int, str]


def read(keys: Sequence[Key]) -> dict[Key, DeviceRow]:
    rows = run(
        """
        SELECT d.id, d.workspace_id, d.installation_id, COALESCE(p.merged_into_id, p.id),
               EXISTS (SELECT FROM audience_identity u
                       WHERE u.person_id = p.id AND u.kind = 'user'),
               d.platform, d.address_kind, d.address, d.push_permission, d.facts, d.source,
               d.claimed_at, d.last_seen_at, d.retired_at
        FROM unnest(%(workspaces)b::bigint[], %(installations)b::text[])
             AS k (workspace_id, installation_id)
        JOIN audience_device d USING (workspace_id, installation_id)
        LEFT JOIN audience_person p ON p.id = d.person_id
        ORDER BY d.id FOR NO KEY UPDATE OF d
        """,
        workspaces=[key[0] for key in keys],
        installations=[key[1] for key in keys],
    )
    return {(row[1], row[2]): as_row(row) for row in rows}


def as_row(row: tuple[Any, ...]) -> DeviceRow:
    names = [field.name for field in fields(DeviceRow)]
    return DeviceRow(**{**dict(zip(names, row, strict=True)), "facts": msgspec.json.decode(row[9])})


def write(devices: Sequence[DeviceRow]) -> dict[Key, int]:
    """Write devices, after taking each address from whoever else has it. The ids of new ones."""
    take_addresses(devices)
    known = [device for device in devices if device.id]
    if known:
        update(known)
    fresh = [device for device in devices if not device.id]
    return insert(fresh) if fresh else {}


def take_addresses(devices: Sequence[DeviceRow]) -> None:
    run(
        """
        UPDATE audience_device d
        SET address = '', address_kind = '', retired_reason = 'address_moved'
        FROM unnest(%(workspaces)b::bigint[], %(installations)b::text[], %(kinds)b::text[],
                    %(addresses)b::text[]) AS n (workspace_id, installation_id, kind, address)
        WHERE n.address <> '' AND d.workspace_id = n.workspace_id AND d.address_kind = n.kind
          AND md5(d.address) = md5(n.address) AND d.address <> ''
          AND d.installation_id <> n.installation_id
        """,
        workspaces=[device.workspace_id for device in devices],
        installations=[device.installation_id for device in devices],
        kinds=[device.address_kind for device in devices],
        addresses=[device.address for device in devices],
    )


COLUMNS = """(%(ids)b::bigint[], %(workspaces)b::bigint[], %(installations)b::text[],
    %(people)b::bigint[], %(platforms)b::text[], %(kinds)b::text[], %(addresses)b::text[],
    %(permissions)b::text[], %(facts)b::text[], %(sources)b::text[], %(claimed)b::timestamptz[],
    %(seen)b::timestamptz[], %(retired)b::timestamptz[])
    AS n (id, workspace_id, installation_id, person_id, platform, address_kind, address,
          permission, facts, source, claimed_at, seen_at, retired_at)"""


def columns(devices: Sequence[DeviceRow]) -> dict[str, list[Any]]:
    return {
        "ids": [device.id for device in devices],
        "workspaces": [device.workspace_id for device in devices],
        "installations": [device.installation_id for device in devices],
        "people": [device.person_id for device in devices],
        "platforms": [device.platform for device in devices],
        "kinds": [device.address_kind for device in devices],
        "addresses": [device.address for device in devices],
        "permissions": [device.push_permission for device in devices],
        "facts": [msgspec.json.encode(device.facts).decode() for device in devices],
        "sources": [device.source for device in devices],
        "claimed": [device.claimed_at for device in devices],
        "seen": [device.last_seen_at for device in devices],
        "retired": [device.retired_at for device in devices],
    }


def update(devices: Sequence[DeviceRow]) -> None:
    """Devices that read() locked."""
    run(
        f"""
        UPDATE audience_device d SET
            person_id = n.person_id, platform = n.platform, address_kind = n.address_kind,
            address = n.address, push_permission = n.permission, facts = n.facts::jsonb,
            source = n.source, claimed_at = n.claimed_at, last_seen_at = n.seen_at,
            retired_at = n.retired_at,
            retired_reason = CASE WHEN n.retired_at IS NULL THEN '' ELSE d.retired_reason END
        FROM unnest{COLUMNS} WHERE d.id = n.id
        """,
        **columns(devices),
    )


def insert(devices: Sequence[DeviceRow]) -> dict[Key, int]:
    """Raises PeopleChanged when somebody else made one of them meanwhile."""
    rows = run(
        f"""
        INSERT INTO audience_device (workspace_id, installation_id, person_id, platform,
            address_kind, address, push_permission, facts, source, claimed_at, last_seen_at,
            retired_at, retired_reason)
        SELECT workspace_id, installation_id, person_id, platform, address_kind, address,
               permission, facts::jsonb, source, claimed_at, seen_at, retired_at, ''
        FROM unnest{COLUMNS}
        ON CONFLICT (workspace_id, installation_id) DO NOTHING
        RETURNING workspace_id, installation_id, id
        """,
        **columns(devices),
    )
    if len(rows) != len(devices):
        raise PeopleChanged
    return {(row[0], row[1]): row[2] for row in rows}
