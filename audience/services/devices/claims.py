"""Who has a device: the newest claim that may be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from audience.services.devices.rows import DeviceRow, Key, read, write
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
    suspects = [one for one in claims if is_suspect(one) and one.address]
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
        foreign = is_suspect(one) and holder not in {None, one.installation_id}
        return replace(one, address=None, address_kind=None) if foreign else one

    return [safe(one) for one in claims]


def is_foreign(device: DeviceRow, item: DeviceClaim) -> bool:
    return is_suspect(item) and device.owner_is_user


def is_suspect(item: DeviceClaim) -> bool:
    return item.guarded and item.source == "public"


def needs_writing(before: DeviceRow | None, after: DeviceRow) -> bool:
    """A device that only was seen again is written at most once an hour."""
    if before is None or after.last_seen_at - before.last_seen_at > SEEN_AGAIN_AFTER:
        return True
    same = {"claimed_at": before.claimed_at, "last_seen_at": before.last_seen_at}
    return replace(after, **same, source=before.source) != before  # type: ignore[arg-type]
