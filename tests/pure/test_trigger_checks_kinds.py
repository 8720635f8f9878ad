"""Every kind of trigger that cannot work is refused, each fault with its field and a sentence."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from campaigns.services.trigger_checks import trigger_problems
from triggers.clock import Elapsed, Recurrence
from triggers.trigger import (
    ApiTrigger,
    Audience,
    BusinessTrigger,
    CancelOn,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    ReEntry,
    Same,
    ScheduleTrigger,
)

WEEKLY = Recurrence(rrule="FREQ=WEEKLY;BYDAY=MO", start=date(2026, 12, 1))


def asks(*fields: str) -> dict[str, Any]:
    tests = [{"field": field, "operator": "is_set"} for field in fields]
    return {"combinator": "and", "rules": tests}


def past(equals: str) -> dict[str, Any]:
    of = {"event": "Order Completed", "join": [{"property": "sku", "equals": equals}]}
    leaf = {"field": "history.count", "operator": "equals", "value": 0, "of": of}
    return {"combinator": "or", "rules": [asks("person.traits.plan"), leaf]}


def happened(**fields: Any) -> EventTrigger:
    return EventTrigger(**{"event": "A"} | fields)


def scheduled(**fields: Any) -> ScheduleTrigger:
    return ScheduleTrigger(**{"recurrence": WEEKLY} | fields)


def dated(**fields: Any) -> DateTrigger:
    return DateTrigger(**{"trait": "birthday"} | fields)


def reported(**fields: Any) -> BusinessTrigger:
    return BusinessTrigger(**{"event": "Back In Stock"} | fields)


def viewed(**fields: Any) -> BusinessTrigger:
    given = {"event": "Viewed", "property": "sku", "equals": "event.properties.sku"}
    return reported(audience=Audience(**given | fields))


def followed(**fields: Any) -> InteractionTrigger:
    return InteractionTrigger(**{"campaign": "welcome"} | fields)


def stopped_by(equals: str) -> dict[str, Any]:
    return {"cancel_on": (CancelOn(event="A", same=(Same(property="x", equals=equals),)),)}


GOOD: list[Any] = [
    happened(source="server"),
    scheduled(),
    scheduled(recurrence=Recurrence(once_at=datetime(2026, 12, 24, 9, tzinfo=UTC))),
    scheduled(rule=asks("person.traits.plan", "local.hour", "person.first_seen_at")),
    scheduled(max_people=10_000_000, cancel_on=(CancelOn(event="A", rule=asks("event.name")),)),
    dated(),
    dated(trait="trial.ends on", days=-366, hours=8_784, at="00:00"),
    dated(yearly=True, days=-3, at="09:00", max_people=1),
    dated(rule=asks("event.properties.date"), **stopped_by("event.properties.date")),
    reported(),
    reported(key="event.properties.sku", rule=asks("event.properties.sku", "device.model")),
    reported(rule=past("event.properties.sku"), max_per_hour=1_000),
    viewed(within_s=3_600),
    viewed(within_s=400 * 86_400, property="item.sku", equals="event.properties.item.sku"),
    followed(),
    followed(did="accepted", within_s=0),
    followed(did="not_opened", within_s=60),
    followed(did="not_opened", within_s=90 * 86_400),
    ApiTrigger(),
    ApiTrigger(key="event.properties.order_id", re_entry=ReEntry(mode="once", scope="key")),
]


@pytest.mark.parametrize("trigger", GOOD)
def test_what_works_is_not_refused(trigger) -> None:
    assert trigger_problems(trigger, own_key="mine") == []


@dataclass(frozen=True)
class Wrong:
    trigger: Any
    field: str
    said: str


NO_EVENT = "A schedule has no event; ask about the person."
BAD = [
    Wrong(happened(source="phone"), "source", "Choose whose word counts"),
    Wrong(scheduled(recurrence=Recurrence()), "recurrence", "Choose either one time, or a rule"),
    Wrong(
        scheduled(recurrence=Recurrence(rrule="FREQ=HOURLY", start=WEEKLY.start)),
        "recurrence",
        "A schedule runs daily or slower",
    ),
    Wrong(scheduled(recurrence=Recurrence(rrule="FREQ=DAILY")), "recurrence", "Choose the first"),
    Wrong(scheduled(max_people=0), "max_people", "Choose from 1 to 10,000,000 people."),
    Wrong(scheduled(max_people=10_000_001), "max_people", "Choose from 1 to 10,000,000 people."),
    Wrong(scheduled(key="event.properties.x"), "key", "There is no event to tell apart here."),
    Wrong(scheduled(rule=asks("event.properties.x")), "rule/rules/0/field", NO_EVENT),
    Wrong(scheduled(rule=asks("event.name")), "rule/rules/0/field", NO_EVENT),
    Wrong(
        scheduled(rule=asks("person.traits.x", "device.platform")), "rule/rules/1/field", NO_EVENT
    ),
    Wrong(
        scheduled(rule={"combinator": "or", "rules": [past("event.properties.sku")]}),
        "rule/rules/0/rules/1/of/join/0/equals",
        NO_EVENT,
    ),
    Wrong(scheduled(**stopped_by("event.properties.x")), "cancel_on.0.same.0.equals", NO_EVENT),
    Wrong(dated(trait=" "), "trait", "Name the trait that holds the date, such as birthday."),
    Wrong(dated(trait="x" * 201), "trait", "Use a name of at most 200 plain characters."),
    Wrong(dated(trait="a\x00"), "trait", "Use a name of at most 200 plain characters."),
    Wrong(
        dated(trait="person.traits.birthday"),
        "trait",
        "Leave “person.traits.” out and write birthday.",
    ),
    Wrong(dated(trait="person.traits."), "trait", "Leave “person.traits.” out and write birthday."),
    Wrong(dated(trait="event.properties.date"), "trait", "Name the trait that holds the date"),
    Wrong(dated(days=367), "days", "Choose at most 366 days before or after."),
    Wrong(dated(days=-367), "days", "Choose at most 366 days before or after."),
    Wrong(dated(hours=-8_785), "hours", "Choose at most 8,784 hours before or after."),
    Wrong(dated(at="9:00"), "at", "Write the time of day as 09:00."),
    Wrong(dated(yearly=True), "at", "Add the time of day, such as 09:00"),
    Wrong(dated(yearly=True, at="09:00", hours=1), "hours", "What comes every year counts in"),
    Wrong(dated(max_people=-1), "max_people", "Choose from 1 to"),
    Wrong(dated(key="event.properties.date"), "key", "There is no event to tell apart here."),
    Wrong(
        dated(rule=asks("event.properties.date", "event.properties.datum")),
        "rule/rules/1/field",
        "A date has no event but event.properties.date; ask about the person.",
    ),
    Wrong(reported(event=""), "event", "Choose the business event that starts this campaign."),
    Wrong(reported(event="x" * 201), "event", "At most 200 characters."),
    Wrong(reported(max_people=0), "max_people", "Choose from 1 to"),
    Wrong(reported(max_per_hour=0), "max_per_hour", "Choose from 1 to 1,000 an hour."),
    Wrong(reported(max_per_hour=1_001), "max_per_hour", "Choose from 1 to 1,000 an hour."),
    Wrong(viewed(event=" "), "audience.event", "Choose the event that these people did."),
    Wrong(viewed(property=""), "audience.property", "Name the property of their event"),
    Wrong(viewed(property="x" * 201), "audience.property", "Use a name of at most"),
    Wrong(viewed(equals="sku"), "audience.equals", "Choose a property of the business event"),
    Wrong(viewed(equals="event.context.sku"), "audience.equals", "Choose a property of the"),
    Wrong(viewed(equals="person.traits.sku"), "audience.equals", "Choose a property of the"),
    Wrong(viewed(equals="event.properties. "), "audience.equals", "Choose a property of the"),
    Wrong(viewed(within_s=3_599), "audience.within_s", "Choose from one hour to 400 days."),
    Wrong(viewed(within_s=400 * 86_400 + 1), "audience.within_s", "Choose from one hour to"),
    Wrong(followed(campaign=""), "campaign", "Choose the campaign whose message this follows."),
    Wrong(followed(campaign="Wel Come"), "campaign", "“Wel Come” is no campaign's key"),
    Wrong(followed(campaign="a\n"), "campaign", "“a"),
    Wrong(followed(campaign="mine"), "campaign", "Choose another campaign; this one cannot start"),
    Wrong(followed(did="clicked"), "did", "Choose what the person did"),
    Wrong(followed(did="not_opened", within_s=59), "within_s", "Choose from one minute to 90"),
    Wrong(followed(did="not_opened", wait=Elapsed(seconds=60)), "wait", "Leave the wait out"),
    Wrong(followed(did="not_opened", within_s=8_000_000), "within_s", "Choose from one minute"),
]


@pytest.mark.parametrize("wrong", BAD, ids=lambda wrong: f"{wrong.field}: {wrong.said[:30]}")
def test_what_cannot_work_is_refused_with_its_field(wrong) -> None:
    ((field, said),) = trigger_problems(wrong.trigger, own_key="mine")

    assert field == f"trigger.{wrong.field}"
    assert said.startswith(wrong.said)


def test_a_rule_that_does_not_parse_is_told_once() -> None:
    broken = asks("event.properties.x", "nonsense")

    ((field, _said),) = trigger_problems(scheduled(rule=broken))

    assert field == "trigger.rule/rules/1/field"


def test_a_campaign_without_a_key_yet_is_not_itself() -> None:
    assert trigger_problems(followed(campaign="mine")) == []


def in_segment(key: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": f"segment.{key}", "operator": "is_true"}]}


def test_segments_that_exist_may_be_asked_and_others_are_told_with_the_nearest() -> None:
    known = frozenset({"vip", "loyal-readers"})
    good, bad = scheduled(rule=in_segment("vip")), scheduled(rule=in_segment("loyal-reader"))

    assert trigger_problems(good, segments=known) == []
    assert trigger_problems(bad, segments=known) == [
        (
            "trigger.rule/rules/0/field",
            "There is no segment “loyal-reader”. Did you mean “loyal-readers”?",
        )
    ]
