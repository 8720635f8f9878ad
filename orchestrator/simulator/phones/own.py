"""Your own phones: whoever posts with the demo's write key sees a phone of theirs on the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from audience.sql import run
from orchestrator.simulator.phones.arrivals import Push
from orchestrator.simulator.phones.people import Holder, holders
from orchestrator.simulator.phones.taps import taps_of

MOST_PUSHES = 300  # of one answer: a flood is not drawn to its end
MOST_ASKED = 12


class OwnPhone(msgspec.Struct, kw_only=True):
    """`installation_id` is empty after a logout: the app then says nothing of its phone."""

    who: str
    platform: str
    user_id: str
    anonymous_id: str
    installation_id: str
    opened: int


@dataclass(frozen=True, kw_only=True)
class Sent:
    """To which device a push went, and for whom."""

    device_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Device:
    """`person_id` is its owner, or who had the push where nobody owns it now."""

    installation_id: str
    platform: str
    person_id: int
    owned: bool


@dataclass(frozen=True, kw_only=True)
class Own:
    """`phone_of` tells on which of the phones a push is; `opened` are pushes that were tapped.

    `holders` are who has the phones.
    """

    phones: dict[str, OwnPhone] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    phone_of: dict[str, str] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()


def read(*, workspace: int, pushes: Sequence[Push], asked: Sequence[str]) -> Own:
    """The phones of these pushes, and of the pushes `asked`, which the page had before."""
    newest = [push.id for push in pushes[-MOST_PUSHES:]]
    sent = sent_by(workspace, [*asked[:MOST_ASKED], *newest])
    devices = devices_of(workspace, sent.values())
    known = holders(people=[one.person_id for one in devices.values()])
    held = {id: known[one.person_id] for id, one in devices.items() if one.person_id in known}
    opened = opened_on(workspace, held)
    return Own(
        phones={key(id): as_phone(devices[id], holder, opened[id]) for id, holder in held.items()},
        holders={key(id): holder for id, holder in held.items()},
        phone_of={push: key(one.device_id) for push, one in sent.items() if one.device_id in held},
        opened=frozenset().union(*opened.values()),
    )


def key(device: int) -> str:
    return f"device-{device}"


def as_phone(device: Device, holder: Holder, opened: set[str]) -> OwnPhone:
    return OwnPhone(
        who=holder.who,
        platform=device.platform,
        user_id=holder.user_id,
        anonymous_id=holder.anonymous_id,
        installation_id=device.installation_id if device.owned else "",
        opened=len(opened),
    )


def sent_by(workspace: int, pushes: Iterable[str]) -> dict[str, Sent]:
    """In the order of `pushes`; what this workspace never sent is left out."""
    ids = {text: id for text in pushes if (id := as_uuid(text))}
    if not ids:
        return {}
    rows = run(
        """
        SELECT id, device_id, person_id FROM campaigns_push
        WHERE id = ANY(%(ids)b::uuid[]) AND workspace_id = %(workspace)b
        """,
        ids=list(ids.values()),
        workspace=workspace,
    )
    found = {row[0]: Sent(device_id=row[1], person_id=row[2]) for row in rows}
    return {text: found[id] for text, id in ids.items() if id in found}


def as_uuid(text: str) -> UUID | None:
    """None for what a client made up."""
    try:
        return UUID(text)
    except ValueError:
        return None


def devices_of(workspace: int, sent: Iterable[Sent]) -> dict[int, Device]:
    had = {one.device_id: one.person_id for one in sent}
    if not had:
        return {}
    rows = run(
        """
        SELECT id, installation_id, platform, person_id FROM audience_device
        WHERE id = ANY(%(ids)b::bigint[]) AND workspace_id = %(workspace)b
        """,
        ids=list(had),
        workspace=workspace,
    )
    return {
        row[0]: Device(
            installation_id=row[1],
            platform=row[2],
            person_id=row[3] or had[row[0]],
            owned=row[3] is not None,
        )
        for row in rows
    }


def opened_on(workspace: int, held: Mapping[int, Holder]) -> dict[int, set[str]]:
    """The tapped pushes of each device; a tap by anybody but its holder does not count."""
    opened: dict[int, set[str]] = {device: set() for device in held}
    if not held:
        return opened
    taps = taps_of(people=[id for holder in held.values() for id in holder.ids])
    sent = sent_by(workspace, [push for _, push in taps])
    for person, push in taps:
        device = sent[push].device_id if push in sent else 0
        if device in held and person in held[device].ids:
            opened[device].add(push)
    return opened
