"""The texts and numbers that may stand in the file.

`say` is the sentence for somebody who wrote something else.
"""

from typing import Annotated, Any

from msgspec import Meta

from orchestrator.recipes.conditions import GROUP_HELP
from orchestrator.recipes.cooldown import COOLDOWN, COOLDOWN_HELP
from orchestrator.recipes.every import EVERY, EVERY_HELP
from orchestrator.recipes.often import HOW_OFTEN, HOW_OFTEN_HELP
from orchestrator.recipes.people import PEOPLE, PEOPLE_HELP
from orchestrator.recipes.same import SAME_HELP
from orchestrator.recipes.send import SEND, SEND_HELP
from orchestrator.recipes.waits import WAIT, WAIT_HELP
from orchestrator.recipes.words import DURATION, DURATION_HELP

DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"

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
Cooldown = Annotated[
    str,
    Meta(
        pattern=COOLDOWN,
        examples=["none", "4 h", "7 days"],
        extra={"say": COOLDOWN_HELP},
    ),
]
Tag = Annotated[
    str, Meta(min_length=1, max_length=63, extra={"say": "Write a tag of 1 to 63 characters."})
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
Rrule = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=500,
        description="A recurrence rule, for what “every” has no words for.",
        examples=["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
        extra={"say": "Write a rule such as FREQ=WEEKLY;BYDAY=MO."},
    ),
]
Every = Annotated[
    str,
    Meta(
        pattern=EVERY,
        examples=["day", "weekday", "Monday and Thursday", "2 weeks on Friday"],
        extra={"say": EVERY_HELP},
    ),
]
Once = Annotated[
    str,
    Meta(
        pattern=rf"^{DAY}(T{CLOCK}(:[0-5][0-9]([.][0-9]{{1,6}})?)?(Z|[+-]{CLOCK}))?$",
        description="A day, or a time with its zone, which is the same for everybody.",
        examples=["2026-12-24", "2026-12-24T09:00:00+01:00"],
        extra={
            "say": "Write a day such as 2026-12-24, or a time with its zone such as"
            " 2026-12-24T09:00:00+01:00."
        },
    ),
]
Day = Annotated[
    str, Meta(pattern=f"^{DAY}$", extra={"say": "Write a day such as 2026-12-01, year first."})
]
Clock = Annotated[str, Meta(pattern=f"^{CLOCK}$", extra={"say": "Write the time of day as 09:00."})]
Quiet = Annotated[
    str,
    Meta(
        pattern=f"^({CLOCK} to {CLOCK}|none)$",
        description="On each person's clock; they may pass midnight.",
        examples=["22:00 to 08:00"],
        extra={"say": "Write quiet hours as 22:00 to 08:00, or none."},
    ),
]
Send = Annotated[
    str,
    Meta(
        pattern=SEND,
        description="How far from the date; a time of day is the person's own.",
        examples=["on the day at 09:00", "3 days before at 09:00", "2 h after"],
        extra={"say": SEND_HELP},
    ),
]
People = Annotated[
    str,
    Meta(
        pattern=PEOPLE,
        description="A safety limit: no more people than this at one time.",
        examples=["200000 people"],
        extra={"say": PEOPLE_HELP},
    ),
]
YesNo = Annotated[bool, Meta(extra={"say": "Write true or false."})]
Yes = Annotated[
    bool,
    Meta(
        description="The brand's server starts it, by name and for the people it names.",
        extra_json_schema={"const": True},
        extra={"say": "Write true, or remove the line."},
    ),
]
PerHour = Annotated[
    int,
    Meta(
        ge=1,
        description="A safety limit: no more of these business events are acted on in an hour.",
        extra={"say": "Write a whole number such as 20."},
    ),
]
Conditions = Annotated[
    dict[str, Any],
    Meta(extra_json_schema={"$ref": "#/$defs/Conditions"}, extra={"say": GROUP_HELP}),
]
Same = Annotated[Any, Meta(extra_json_schema={"$ref": "#/$defs/Same"}, extra={"say": SAME_HELP})]
