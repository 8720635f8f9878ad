"""A trigger at places that cannot work is refused, each fault with its field and a sentence."""

from datetime import date
from typing import Any

import pytest

from campaigns.services.trigger_checks import trigger_problems
from triggers.clock import Elapsed, Recurrence
from triggers.trigger import DAY_S, HOUR_S, CancelOn, PlaceTrigger, ReEntry, Same, ScheduleTrigger
from triggers.trigger import Trigger as AnyTrigger

TAGS = {"store": 3, "outlet": 1, "mall": 2}
OPEN = {
    "combinator": "and",
    "rules": [
        {"field": "place.is_open", "operator": "is_true"},
        {"field": "place.attributes.floors", "operator": "at_least", "value": 2},
    ],
}


def problems(trigger: AnyTrigger, **known: Any) -> list[tuple[str, str]]:
    return trigger_problems(trigger, **{"tags": TAGS} | known)


GOOD: dict[str, dict[str, Any]] = {
    "nothing said": {},
    "tags": {"tags": ("store", "mall")},
    "a stay of a minute": {"crossing": "dwell", "stay_s": 60},
    "a stay of a day": {"crossing": "dwell", "stay_s": DAY_S},
    "a visit of a day": {"crossing": "exit", "visit_s": DAY_S, "wait": Elapsed(1800)},
    "open or closed": {"open_for_s": None},
    "12 hours to closing": {"open_for_s": 12 * HOUR_S},
    "no cooldown": {"place_cooldown_s": 0, "tag_cooldown_s": 0},
    "the longest cooldowns": {"place_cooldown_s": 30 * DAY_S, "tag_cooldown_s": 30 * DAY_S},
    "once per place": {"re_entry": ReEntry(mode="once", scope="key")},
    "a rule about the place": {"rule": OPEN},
    "what was left behind": {"stay_s": -1, "visit_s": -1},
    "who comes back": {
        "crossing": "exit",
        "wait": Elapsed(1800),
        "cancel_on": (
            CancelOn(
                event="Place Entered",
                same=(Same(property="place", equals="event.properties.place"),),
            ),
        ),
    },
}


@pytest.mark.parametrize("case", GOOD)
def test_what_can_work_is_not_refused(case: str) -> None:
    assert problems(PlaceTrigger(**GOOD[case])) == []


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "another crossing": ({"crossing": "leave"}, "crossing", "Choose what the person does"),
    "another sureness": ({"confidence": "very"}, "confidence", "Choose how sure"),
    "other quiet hours": ({"quiet_hours": "hold"}, "quiet_hours", "Choose whether it is sent"),
    "too short a stay": ({"crossing": "dwell", "stay_s": 59}, "stay_s", "from one minute to 24"),
    "too long a stay": ({"crossing": "dwell", "stay_s": DAY_S + 1}, "stay_s", "from one minute"),
    "a negative visit": ({"crossing": "exit", "visit_s": -1}, "visit_s", "at most 24 hours"),
    "too long a visit": ({"crossing": "exit", "visit_s": DAY_S + 1}, "visit_s", "at most 24 hours"),
    "open for too long": ({"open_for_s": 12 * HOUR_S + 1}, "open_for_s", "at most 12 hours"),
    "open for less than no time": ({"open_for_s": -1}, "open_for_s", "at most 12 hours"),
    "a long cooldown": ({"place_cooldown_s": 30 * DAY_S + 1}, "place_cooldown_s", "30 days"),
    "a negative cooldown": ({"tag_cooldown_s": -1}, "tag_cooldown_s", "at most 30 days"),
    "many tags": ({"tags": tuple(map(str, range(21)))}, "tags", "Choose at most 20 tags."),
    "a key": ({"key": "event.properties.place"}, "key", "the place itself tells one from another"),
    "a stay with a wait": (
        {"crossing": "dwell", "wait": Elapsed(60)},
        "wait",
        "a stay waits by itself",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_work_is_told_with_its_field(case: str) -> None:
    fields, field, sentence = BAD[case]

    ((found, said),) = problems(PlaceTrigger(**fields))

    assert found == f"trigger.{field}"
    assert sentence in said


UNKNOWN = [
    ("Store", "No place has the tag “Store”. Did you mean “store”?"),
    ("outlets", "No place has the tag “outlets”. Did you mean “outlet”?"),
    ("airport", "No place has the tag “airport”."),
    ("st\x00re", "No place has the tag “st�re”. Did you mean “store”?"),
]


@pytest.mark.parametrize(("tag", "sentence"), UNKNOWN)
def test_a_tag_that_no_place_has_is_told_with_what_was_meant(tag: str, sentence: str) -> None:
    found = problems(PlaceTrigger(tags=("mall", tag)))

    assert found == [("trigger.tags", sentence)]


def test_tags_are_not_looked_up_where_they_are_not_known_yet() -> None:
    assert problems(PlaceTrigger(tags=("airport",)), tags=None) == []


def test_a_schedule_cannot_ask_about_a_place() -> None:
    weekly = Recurrence(rrule="FREQ=WEEKLY;BYDAY=MO", start=date(2026, 12, 1))

    found = problems(ScheduleTrigger(recurrence=weekly, rule=OPEN))

    assert {said for _, said in found} == {"A schedule has no event; ask about the person."}
