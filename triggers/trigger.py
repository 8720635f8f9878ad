"""When a campaign considers acting: the typed document of a trigger, as versions store it."""

from typing import Any

import msgspec

HOUR_S = 3600


class EventTrigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fires at once when a person does `event` and `rule` matches.

    `rule` is a rule document (see triggers.rules) or None for "every time".
    Events that occurred more than `max_age_s` seconds before they arrived never fire.
    """

    event: str
    rule: dict[str, Any] | None = None
    max_age_s: int = 72 * HOUR_S
