"""What was known of a person: all that a decision may rest on and no event of theirs tells.

The flow writes it down whenever it is not what it wrote last, so that a replay knows it too.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from campaigns.engine.state import DeviceState, PersonState


class KnownDevice(msgspec.Struct, frozen=True, array_like=True):
    id: int
    platform: str
    trouble: str
    facts: dict[str, Any]


class Knowledge(msgspec.Struct, frozen=True):
    """`merged` are the people that have become part of this one."""

    traits: dict[str, Any]
    locale: str
    time_zone: str
    first_seen_at: datetime
    devices: tuple[KnownDevice, ...]
    merged: tuple[int, ...]


def knowledge(state: PersonState, *, merged: tuple[int, ...]) -> Knowledge:
    return Knowledge(
        traits=dict(state.traits),
        locale=state.locale,
        time_zone=state.time_zone,
        first_seen_at=state.first_seen_at,
        devices=tuple(
            KnownDevice(one.id, one.platform, str(one.trouble), dict(one.facts))
            for one in state.devices
        ),
        merged=merged,
    )


def digest(known: Knowledge) -> bytes:
    text = msgspec.json.encode(known, order="deterministic")
    return blake2b(text, digest_size=16).digest()


def informed(state: PersonState, known: Knowledge) -> PersonState:
    """The state with just this known of the person."""
    return replace(
        state,
        traits=known.traits,
        locale=known.locale,
        time_zone=known.time_zone,
        first_seen_at=known.first_seen_at,
        devices=tuple(
            DeviceState(id=one.id, platform=one.platform, trouble=one.trouble, facts=one.facts)
            for one in known.devices
        ),
    )


def read(document: Mapping[str, Any]) -> Knowledge:
    return msgspec.convert(document, Knowledge)
