"""When a campaign considers acting: the typed document of a trigger, as versions store it."""

from typing import Any, Literal

import msgspec

from triggers.clock import Wait

HOUR_S = 3600


class Same(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A property of a later event that must equal a fact of the triggering one."""

    property: str
    equals: str


class CancelOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that ends a waiting moment, if `rule` matches it and `same` joins it.

    The trigger's own event here restarts the wait.
    """

    event: str
    rule: dict[str, Any] | None = None
    same: tuple[Same, ...] = ()


class ReEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often one person, or one person and key, can get the campaign.

    `every_s` is the least time between two moments that passed, for mode "every".
    """

    mode: Literal["always", "once", "every", "daily"] = "always"
    every_s: int = 0
    scope: Literal["person", "key"] = "person"


class EventTrigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fires when a person does `event` and `rule` matches, at once or after `wait`.

    `rule` is a rule document (see triggers.rules) or None for "every time". `key` is the path of
    a property of the event that tells one moment from another, such as a cart's id. Events that
    occurred more than `max_age_s` seconds before they arrived never fire.
    """

    event: str
    rule: dict[str, Any] | None = None
    wait: Wait | None = None
    cancel_on: tuple[CancelOn, ...] = ()
    key: str = ""
    re_entry: ReEntry = ReEntry()
    max_age_s: int = 72 * HOUR_S
