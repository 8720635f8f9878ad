"""What a campaign version is made of: one typed document, stored as JSON, hashed when published."""

from hashlib import blake2b

import msgspec

from triggers.trigger import HOUR_S, Trigger

DEFAULT_LOCALE = "default"


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Liquid content of one push in one locale."""

    title: str
    body: str
    deep_link: str = ""


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The trigger, the words and the limits of one campaign version.

    `messages` maps a locale ("pt-BR", "nl") or "default" to a message; "default" is required.
    `useful_for_s` is how long after the event the push is still worth showing.
    """

    trigger: Trigger
    messages: dict[str, Message]
    useful_for_s: int = 24 * HOUR_S


def content_hash(definition: Definition) -> str:
    """32 hex digits that change when anything a person could receive changes."""
    canonical = msgspec.json.encode(definition, order="deterministic")
    return blake2b(canonical, digest_size=16).hexdigest()
