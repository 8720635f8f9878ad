"""The file as typed sections: `schema.py` makes the JSON Schema of them, `shape.py` reads them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from orchestrator.recipes import place_fields
from orchestrator.recipes.texts import (
    Clock,
    Conditions,
    Cooldown,
    Day,
    Duration,
    Every,
    HowOften,
    KeyName,
    KeyValue,
    Line,
    Locale,
    Once,
    People,
    Per,
    PerHour,
    Quiet,
    Rrule,
    Same,
    Send,
    Slug,
    Tag,
    Wait,
    Yes,
    YesNo,
)

VERSION = 1

Version = Annotated[Literal[1], Meta(extra={"say": "Write version: 1, the only one there is."})]


class Section(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A block of the file."""


class Key(Section, frozen=True):
    """A key that lets a client in. It is made once and never changed or taken away."""

    kind: Literal["write", "secret"]
    name: KeyName
    value: KeyValue | None = None


class Workspace(Section, frozen=True):
    """One brand. What is left out stays as it is; a new one needs a name and a mode."""

    key: Slug
    name: Line | None = None
    mode: Literal["open", "verified"] | None = None
    time_zone: Line | None = None
    location_consent: (
        Annotated[
            Literal["recorded", "asked"],
            Meta(description="Whose positions are used: of who is known to agree, or of all."),
        ]
        | None
    ) = None
    keep_positions_days: (
        Annotated[int, Meta(ge=0, le=90, description="0: a position is used and forgotten.")] | None
    ) = None
    quiet_hours: Quiet | None = None
    keys: list[Key] = []


class Message(Section, frozen=True):
    """What the phone shows, in Liquid; a title or a body is needed."""

    title: str = ""
    body: str = ""
    deep_link: str = ""


class Unless(Section, frozen=True):
    """Don't send if, meanwhile, the person did this."""

    event: Line
    same: Same = []
    if_: Conditions | None = msgspec.field(name="if", default=None)


class Schedule(Section, frozen=True):
    """Once, or again and again from a day on."""

    every: Every | None = None
    rrule: Rrule | None = None
    once: Once | None = None
    at: Clock | None = None
    time: (
        Annotated[
            Literal["workspace", "person"],
            Meta(description="On whose clock: the workspace's, or each person's own."),
        ]
        | None
    ) = None
    from_: Day | None = msgspec.field(name="from", default=None)
    until: Day | None = None


class Concerned(Section, frozen=True):
    """People who did this, with a property like the business event's."""

    event: Line
    same: Same
    within: Duration = "30 days"


class When(Section, frozen=True):
    """The one thing that starts the campaign, conditions it must meet, and the wait after it."""

    event: Line | None = None
    from_: (
        Annotated[
            Literal["app", "verified", "server"],
            Meta(description="Whose word counts: any app, a signed-in person, or your server."),
        ]
        | None
    ) = msgspec.field(name="from", default=None)
    schedule: Schedule | None = None
    date: (
        Annotated[Line, Meta(description="The trait with the date.", examples=["birthday"])] | None
    ) = None
    yearly: YesNo | None = None
    send: Send | None = None
    business_event: Line | None = None
    for_: Concerned | None = msgspec.field(name="for", default=None)
    at_most: People | None = None
    at_most_per_hour: PerHour | None = None
    campaign: (
        Annotated[Slug, Meta(description="The key of another campaign of this workspace.")] | None
    ) = None
    did: Literal["opened", "received", "not opened"] | None = None
    within: Duration | None = None
    place: (
        Annotated[
            Literal["enter", "exit", "dwell", "approach"],
            Meta(description="What the person does at a place: dwell is to stay for a while."),
        ]
        | None
    ) = None
    tags: (
        Annotated[list[Tag], Meta(description="Places with any of these; all without.")] | None
    ) = None
    stay: Annotated[Duration, Meta(description="How long at least, for dwell.")] | None = None
    visit: (
        Annotated[Duration, Meta(description="How long the visit was at least, for exit.")] | None
    ) = None
    confidence: (
        Annotated[
            Literal["low", "medium", "high"],
            Meta(description="How sure the position must be; medium without it."),
        ]
        | None
    ) = None
    only_open: (
        Annotated[YesNo, Meta(description="Only while the place is open; true without it.")] | None
    ) = None
    open_for: (
        Annotated[Duration, Meta(description="How much longer the place is open at least.")] | None
    ) = None
    place_cooldown: (
        Annotated[Cooldown, Meta(description="Between two about one place; 4 h without it.")] | None
    ) = None
    tag_cooldown: (
        Annotated[
            Cooldown,
            Meta(description="Between two about places that share a tag; 24 h without it."),
        ]
        | None
    ) = None
    quiet_hours: (
        Annotated[
            Literal["skip", "send"], Meta(description="What is done in quiet hours; skip without.")
        ]
        | None
    ) = None
    api: Yes | None = None
    if_: Conditions | None = msgspec.field(name="if", default=None)
    wait: Wait | None = None
    unless: list[Unless] = []
    per: Per | None = None
    ignore_after: (
        Annotated[
            Duration,
            Meta(
                description="An event that arrives longer than this after it happened starts"
                " nothing. Without it 72 h, and 10 min for a place."
            ),
        ]
        | None
    ) = None


class Segment(Section, frozen=True, kw_only=True):
    """A named group of people, for conditions to ask: [segment.KEY, is true]."""

    key: Slug
    name: Line
    if_: Annotated[Conditions, Meta(description="About the person, never about an event.")] = (
        msgspec.field(name="if")
    )


class Place(Section, frozen=True):
    """A store or venue: a circle around a point, or an area."""

    external_id: place_fields.Id = None
    name: place_fields.Name = None
    latitude: place_fields.Latitude = None
    longitude: place_fields.Longitude = None
    radius_m: place_fields.Radius = None
    area: place_fields.Area = None
    approach_m: place_fields.Approach = None
    tags: place_fields.Tags = None
    attributes: place_fields.Attributes = None
    address: place_fields.Address = None
    phone: place_fields.Phone = None
    time_zone: place_fields.Zone = None
    hours: place_fields.Hours = None
    opens_on: place_fields.OpensOn = None
    closes_on: place_fields.ClosesOn = None


class Campaign(Section, frozen=True, kw_only=True):
    """One campaign. The messages need one called default."""

    key: Slug
    name: Line
    intent: Annotated[
        Literal["know", "go", "do", "buy"], Meta(description="What does the customer want now?")
    ]
    when: When
    how_often: HowOften = "always"
    messages: dict[Locale, Message]
    too_late_after: (
        Annotated[
            Duration,
            Meta(
                description="A phone that is switched on later than this shows nothing. Without it"
                " 24 h, and 15 min for a place."
            ),
        ]
        | None
    ) = None


class Document(Section, frozen=True):
    """A whole file."""

    version: Version
    workspace: Workspace | None = None
    places: list[Place] = []
    segments: list[Segment] = []
    campaigns: list[Campaign] = []
