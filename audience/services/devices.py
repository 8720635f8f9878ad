"""Devices: claims by the newest event, logout, retirement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from audience.services.people import PeopleChanged
from audience.sql import run

SEEN_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class DeviceClaim:
    """One installation as a message described it; None where the message said nothing."""

    workspace_id: int
    installation_id: str
    person_id: int | None
    platform: str | None
    address_kind: str | None
    address: str | None
    push_permission: str | None
    facts: Mapping[str, Any]
    source: str
    claimed_at: datetime
    guarded: bool  # a verified workspace: only a trusted source may take a device from a user


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


def claim(*, claims: Sequence[DeviceClaim], now: datetime) -> dict[Key, int]:
    """Apply claims in order; maps (workspace, installation id) to the device's id."""
    keys = sorted({(item.workspace_id, item.installation_id) for item in claims})
    if not keys:
        return {}
    before = read(keys)
    after = dict(before)
    for item in without_foreign_addresses(claims):
        key = (item.workspace_id, item.installation_id)
        after[key] = claimed(after.get(key), item, now=now)
    after = one_holder_an_address(after)
    changed = [after[key] for key in keys if needs_writing(before.get(key), after[key])]
    made = write(changed) if changed else {}
    return {key: made.get(key) or before[key].id for key in keys}


def one_holder_an_address(devices: Mapping[Key, DeviceRow]) -> dict[Key, DeviceRow]:
    """Of two devices of a batch with one address, the newest claim has it."""
    newest: dict[tuple[int, str, str], Key] = {}
    for key, device in sorted(devices.items(), key=lambda one: one[1].claimed_at):
        newest[(device.workspace_id, device.address_kind, device.address)] = key
    return {
        key: device
        if newest[(device.workspace_id, device.address_kind, device.address)] == key
        else replace(device, address="", address_kind="")
        for key, device in devices.items()
    }


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


def claimed(device: DeviceRow | None, item: DeviceClaim, *, now: datetime) -> DeviceRow:
    """The device after one claim; an older claim, or one not trusted enough, changes nothing."""
    if device is None:
        return first_seen(item, now=now)
    if item.claimed_at < device.claimed_at or is_foreign(device, item):
        return device
    new_address = bool(item.address) and item.address != device.address
    return replace(
        device,
        person_id=item.person_id or device.person_id,
        platform=item.platform or device.platform,
        address_kind=(item.address_kind or "") if item.address else device.address_kind,
        address=item.address or device.address,
        push_permission=item.push_permission or device.push_permission,
        facts={**device.facts, **item.facts},
        source=item.source,
        claimed_at=item.claimed_at,
        last_seen_at=now,
        retired_at=None if new_address else device.retired_at,
    )


def first_seen(item: DeviceClaim, *, now: datetime) -> DeviceRow:
    return DeviceRow(
        id=0,
        workspace_id=item.workspace_id,
        installation_id=item.installation_id,
        person_id=item.person_id,
        owner_is_user=False,
        platform=item.platform or "unknown",
        address_kind=(item.address_kind or "") if item.address else "",
        address=item.address or "",
        push_permission=item.push_permission or "unknown",
        facts=dict(item.facts),
        source=item.source,
        claimed_at=item.claimed_at,
        last_seen_at=now,
        retired_at=None,
    )


def without_foreign_addresses(claims: Sequence[DeviceClaim]) -> Sequence[DeviceClaim]:
    """In a verified workspace a public claim cannot take an address from a user's device."""
    suspects = [one for one in claims if one.guarded and one.source == "public" and one.address]
    if not suspects:
        return claims
    rows = run(
        """
        SELECT d.workspace_id, d.address_kind, d.address, d.installation_id
        FROM unnest(%(workspaces)b::bigint[], %(kinds)b::text[], %(addresses)b::text[])
             AS s (workspace_id, address_kind, address)
        JOIN audience_device d ON d.workspace_id = s.workspace_id AND d.address <> ''
             AND d.address_kind = s.address_kind AND md5(d.address) = md5(s.address)
        WHERE EXISTS (SELECT FROM audience_identity u
                      WHERE u.person_id = d.person_id AND u.kind = 'user')
        """,
        workspaces=[one.workspace_id for one in suspects],
        kinds=[one.address_kind for one in suspects],
        addresses=[one.address for one in suspects],
    )
    taken = {row[:3]: row[3] for row in rows}

    def safe(one: DeviceClaim) -> DeviceClaim:
        holder = taken.get((one.workspace_id, one.address_kind, one.address))
        foreign = one in suspects and holder not in {None, one.installation_id}
        return replace(one, address=None, address_kind=None) if foreign else one

    return [safe(one) for one in claims]


def is_foreign(device: DeviceRow, item: DeviceClaim) -> bool:
    return item.guarded and item.source == "public" and device.owner_is_user


def needs_writing(before: DeviceRow | None, after: DeviceRow) -> bool:
    """A device that only was seen again is written at most once an hour."""
    if before is None or after.last_seen_at - before.last_seen_at > SEEN_AGAIN_AFTER:
        return True
    same = {"claimed_at": before.claimed_at, "last_seen_at": before.last_seen_at}
    return replace(after, **same, source=before.source) != before  # type: ignore[arg-type]


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


def log_out(*, workspace_id: int, installation_id: str, now: datetime) -> int:
    """Take the device from its owner; its id.

    A device not known yet is written down as nobody's, so that a claim which is older than the
    logout, and still on its way, does not give it to anybody.
    """
    rows = run(
        """
        INSERT INTO audience_device (workspace_id, installation_id, platform, address_kind,
            address, push_permission, facts, source, claimed_at, last_seen_at, retired_reason)
        VALUES (%(workspace)b, %(installation)b, 'unknown', '', '', 'unknown', '{}', 'public',
                %(now)b, %(now)b, '')
        ON CONFLICT (workspace_id, installation_id)
        DO UPDATE SET person_id = NULL, claimed_at = EXCLUDED.claimed_at
        RETURNING id
        """,
        workspace=workspace_id,
        installation=installation_id,
        now=now,
    )
    device: int = rows[0][0]
    return device


def retire(*, reasons: Mapping[int, str], now: datetime) -> None:
    """Devices that FCM says are gone; a new address brings one back."""
    run(
        """
        UPDATE audience_device d SET retired_at = %(now)b, retired_reason = r.reason
        FROM unnest(%(ids)b::bigint[], %(reasons)b::text[]) AS r (id, reason)
        WHERE d.id = r.id AND d.retired_at IS NULL
        """,
        ids=sorted(reasons),
        reasons=[reasons[device] for device in sorted(reasons)],
        now=now,
    )
