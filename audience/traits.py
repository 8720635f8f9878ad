"""Traits: one spelling for Segment's reserved names, and who may overwrite what."""

from collections.abc import Mapping
from typing import Any

RESERVED = {
    "firstName": "first_name",
    "lastName": "last_name",
    "createdAt": "created_at",
    "birthDay": "birthday",
    "phoneNumber": "phone",
}
MAX_TRAITS = 1_000  # a person's; more than that is a fault in the app
TRUST = ("public", "verified", "server")


def canonical_name(name: str) -> str:
    """`firstName` and `first_name` are one trait."""
    return RESERVED.get(name, name)


def overlaid(
    traits: Mapping[str, Any], sources: Mapping[str, str], incoming: Mapping[str, Any], source: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Traits and their sources after an identify; a less trusted source never overwrites.

    `sources` names only traits that are better than public. None removes a trait, as in Segment.
    """
    after, trusted = dict(traits), dict(sources)
    for spelling, value in incoming.items():
        name = canonical_name(spelling)
        if TRUST.index(trusted.get(name, "public")) > TRUST.index(source):
            continue
        trusted.pop(name, None)
        if value is None:
            after.pop(name, None)
            continue
        if name not in after and len(after) >= MAX_TRAITS:
            continue
        after[name] = value
        if source != "public":
            trusted[name] = source
    return after, trusted
