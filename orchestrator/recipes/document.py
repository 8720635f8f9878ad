"""The file as typed sections. `schema.py` makes the JSON Schema from them, `shape.py` reads them.

`say` is the sentence for somebody who wrote something else.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from orchestrator.recipes.conditions import GROUP_HELP
from orchestrator.recipes.often import HOW_OFTEN, HOW_OFTEN_HELP
from orchestrator.recipes.same import SAME_HELP
from orchestrator.recipes.waits import WAIT, WAIT_HELP
from orchestrator.recipes.words import DURATION, DURATION_HELP

VERSION = 1

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$",
        extra={"say": "Use small letters, digits and dashes, at most 63."},
    ),
]
Line = Annotated[
    str, Meta(min_length=1, max_length=200, extra={"say": "Write a text of 1 to 200 characters."})
]
Per = Annotated[
    Line,
    Meta(
        description="The property of the event that tells one from another.",
        examples=["event.properties.cart_id"],
    ),
]
KeyName = Annotated[
    str, Meta(min_length=1, max_length=100, extra={"say": "Write a text of 1 to 100 characters."})
]
KeyValue = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{8,80}$",
        description="Only in the demo. Elsewhere a value is made and shown once.",
        extra={"say": "Use 8 to 80 letters, digits, dashes and underscores."},
    ),
]
Locale = Annotated[
    str,
    Meta(
        pattern=r"^(default|[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*)$",
        extra={"say": "Use “default” or a language such as nl or pt-BR."},
    ),
]
Duration = Annotated[
    str,
    Meta(
        pattern=DURATION,
        examples=["45 min", "24 h", "3 days"],
        extra={"say": DURATION_HELP},
    ),
]
Wait = Annotated[
    str,
    Meta(
        pattern=WAIT,
        description="How long to wait after the event; a time of day is the person's own.",
        examples=["45 min", "next day at 09:00", "in 3 days at 09:00", "next Monday at 09:00"],
        extra={"say": WAIT_HELP},
    ),
]
HowOften = Annotated[
    str,
    Meta(
        pattern=HOW_OFTEN,
        description="How often can one person get this?",
        examples=["always", "once", "once a day", "every 7 days", "once per key"],
        extra={"say": HOW_OFTEN_HELP},
    ),
]
Conditions = Annotated[
    dict[str, Any],
    Meta(extra_json_schema={"$ref": "#/$defs/Conditions"}, extra={"say": GROUP_HELP}),
]
Same = Annotated[Any, Meta(extra_json_schema={"$ref": "#/$defs/Same"}, extra={"say": SAME_HELP})]
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


class When(Section, frozen=True):
    """The event that starts the campaign, the conditions it must meet, and the wait after it."""

    event: Line
    if_: Conditions | None = msgspec.field(name="if", default=None)
    wait: Wait | None = None
    unless: list[Unless] = []
    per: Per | None = None
    ignore_after: Annotated[
        Duration,
        Meta(
            description="An event that arrives longer than this after it happened starts nothing."
        ),
    ] = "72 h"


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
    too_late_after: Annotated[
        Duration, Meta(description="A phone that is switched on later than this shows nothing.")
    ] = "24 h"


class Document(Section, frozen=True):
    """A whole file."""

    version: Version
    workspace: Workspace | None = None
    campaigns: list[Campaign] = []
