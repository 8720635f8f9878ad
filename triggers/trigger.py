"""When a campaign considers acting: the typed document of a trigger, as versions store it.

Every kind fires on an event: what no person did (a time, a business event, a call of the API)
becomes an event of each person it concerns, so that waits, cancels, keys and limits are the same
for all kinds (ADR 8).
"""

from typing import Annotated, Any, Literal

import msgspec

from triggers.clock import Recurrence, Wait

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S


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


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind of trigger has.

    `rule` is a rule document (see triggers.rules) or None for "every time". `key` is the path of
    a property of the event that tells one moment from another, such as a cart's id. Events that
    occurred more than `max_age_s` seconds before they arrived never fire.
    """

    rule: dict[str, Any] | None = None
    wait: Wait | None = None
    cancel_on: tuple[CancelOn, ...] = ()
    key: str = ""
    re_entry: ReEntry = ReEntry()
    max_age_s: int = 72 * HOUR_S


class EventTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="event"):
    """Fires when a person does `event` and `rule` matches, at once or after `wait`.

    `source` is the least trusted source whose events count.
    """

    event: str
    source: Literal["public", "verified", "server"] = "public"


class ScheduleTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="schedule"):
    """Fires at each occurrence, for everyone whom `rule` matches then, up to `max_people`."""

    recurrence: Recurrence
    max_people: int = 100_000


class DateTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="date"):
    """Fires so many days and hours after (negative: before) the date in a person's trait.

    `trait` is its path below person.traits. `yearly` means its anniversaries, which count days
    only. `at` is a local time, by default that of the date itself; an anniversary needs one.
    """

    trait: str
    days: int = 0
    hours: int = 0
    at: str | None = None
    yearly: bool = False
    max_people: int = 100_000


class Audience(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who did `event` within `within_s`, joined by one property of the business event.

    `property` of their event equals `equals`, a property of the business event.
    """

    event: str
    property: str
    equals: str
    within_s: int = 30 * DAY_S


class BusinessTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="business_event"):
    """Fires when the brand's server reports `event`, for each person of `audience`.

    Without an audience everyone is asked whether `rule` matches. `max_people` and `max_per_hour`
    are safety limits: people for one business event, and business events acted on in an hour.
    """

    event: str
    audience: Audience | None = None
    max_people: int = 100_000
    max_per_hour: int = 20


class InteractionTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="interaction"):
    """Fires when a person got or opened another campaign's message, or did not open it in time.

    `campaign` is the other campaign's key; `within_s` is for "not_opened".
    """

    campaign: str
    did: Literal["accepted", "opened", "not_opened"] = "opened"
    within_s: int = DAY_S


class ApiTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="api"):
    """Fires when the brand's server names the campaign and its people."""


class PlaceTrigger(Base, frozen=True, kw_only=True, tag_field="kind", tag="place"):
    """Fires when a person comes to, stays at, leaves or comes near a place.

    `tags`: places with any of these, or every place. `confidence` is the least. `stay_s` is how
    long a person has been inside, for "dwell"; `visit_s` how long a visit was at least, for
    "exit". `open_for_s` is how much longer the place must be open, None for "open or closed".
    `place_cooldown_s` is the least time between two messages of the campaign about one place, and
    `tag_cooldown_s` between two about places that share a tag.
    """

    crossing: Literal["enter", "exit", "dwell", "approach"] = "enter"
    tags: tuple[str, ...] = ()
    confidence: Literal["low", "medium", "high"] = "medium"
    stay_s: int = 5 * MINUTE_S
    visit_s: int = 0
    open_for_s: int | None = 0
    place_cooldown_s: int = 4 * HOUR_S
    tag_cooldown_s: int = DAY_S
    quiet_hours: Literal["skip", "send"] = "skip"
    max_age_s: int = 10 * MINUTE_S


Trigger = Annotated[
    EventTrigger
    | ScheduleTrigger
    | DateTrigger
    | BusinessTrigger
    | InteractionTrigger
    | ApiTrigger
    | PlaceTrigger,
    msgspec.Meta(title="trigger"),
]
