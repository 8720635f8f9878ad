"""A trigger that cannot work is refused, each fault with its field and a sentence."""

from typing import Any

import pytest

from campaigns.services.trigger_checks import trigger_problems
from triggers.clock import Elapsed, WallClock
from triggers.trigger import CancelOn, EventTrigger, ReEntry, Same

YEAR_S = 366 * 86_400
CART = "event.properties.cart_id"
SAME = Same(property="cart_id", equals=CART)
BAD_RULE = {
    "combinator": "and",
    "rules": [{"field": "event.properties.total", "operator": "at_least", "value": "5"}],
}


def problems_of(**trigger: Any) -> list[tuple[str, str]]:
    return trigger_problems(EventTrigger(**{"event": "Product Added"} | trigger))


def cancelled_by(**cancel: Any) -> dict[str, Any]:
    return {"cancel_on": (CancelOn(event="A"), CancelOn(**{"event": "B"} | cancel))}


def joined(**same: Any) -> dict[str, Any]:
    return cancelled_by(same=(SAME, Same(**{"property": "cart_id", "equals": CART} | same)))


GOOD: list[dict[str, Any]] = [
    {},
    {"wait": Elapsed(1)},
    {"wait": Elapsed(YEAR_S)},
    {"wait": WallClock(days=0, at="00:00")},
    {"wait": WallClock(days=366, at="23:59", weekday=6)},
    {"cancel_on": tuple(CancelOn(event=str(at)) for at in range(10))},
    {"cancel_on": (CancelOn(event="Product Added", same=(SAME, SAME)),)},
    joined(property="order.cart id", equals="event.context.page.path"),
    {"key": CART, "re_entry": ReEntry(mode="once", scope="key")},
    {"re_entry": ReEntry(mode="every", every_s=60)},
    {"re_entry": ReEntry(mode="every", every_s=2 * 365 * 86_400)},
    {"re_entry": ReEntry(mode="daily", every_s=5)},
]


@pytest.mark.parametrize("trigger", GOOD)
def test_what_works_is_not_refused(trigger) -> None:
    assert problems_of(**trigger) == []


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"event": " "}, "trigger.event", "Choose the event that starts"),
    ({"event": "x" * 201}, "trigger.event", "At most 200 characters."),
    ({"rule": BAD_RULE}, "trigger.rule/rules/0/value", '"at_least" takes a number'),
    ({"wait": Elapsed(0)}, "trigger.wait", "Choose a wait of at least one second"),
    ({"wait": Elapsed(-60)}, "trigger.wait", "Choose a wait of at least one second"),
    ({"wait": Elapsed(YEAR_S + 1)}, "trigger.wait", "Choose a wait of at most one year."),
    ({"wait": WallClock(days=-1, at="09:00")}, "trigger.wait", "Choose a day within a year"),
    ({"wait": WallClock(days=367, at="09:00")}, "trigger.wait", "Choose a day within a year"),
    ({"wait": WallClock(days=1, at="9:00")}, "trigger.wait", "Write the time of day as 09:00."),
    ({"wait": WallClock(days=1, at="24:00")}, "trigger.wait", "Write the time of day"),
    ({"wait": WallClock(days=1, at="09:00\n")}, "trigger.wait", "Write the time of day"),
    ({"wait": WallClock(days=1, at="09:00", weekday=7)}, "trigger.wait", "Choose a day of the"),
    (
        {"cancel_on": tuple(CancelOn(event=str(at)) for at in range(11))},
        "trigger.cancel_on",
        "Name at most 10 events here.",
    ),
    (cancelled_by(event=""), "trigger.cancel_on.1.event", "Choose the event that stops"),
    (cancelled_by(event="x" * 201), "trigger.cancel_on.1.event", "At most 200 characters."),
    (
        cancelled_by(rule=BAD_RULE),
        "trigger.cancel_on.1.rule/rules/0/value",
        '"at_least" takes a number',
    ),
    (joined(property=""), "trigger.cancel_on.1.same.1.property", "Name the property of this"),
    (joined(property="x" * 201), "trigger.cancel_on.1.same.1.property", "Use a name of at most"),
    (joined(property="a\x00"), "trigger.cancel_on.1.same.1.property", "Use a name of at most"),
    (
        joined(equals="cart_id"),
        "trigger.cancel_on.1.same.1.equals",
        "There is no field “cart_id”. Choose a property of the event, such as"
        " event.properties.cart_id. Did you mean event.properties.cart_id?",
    ),
    (joined(equals=""), "trigger.cancel_on.1.same.1.equals", "There is no field “”. Choose"),
    ({"key": "cart_id"}, "trigger.key", "There is no field “cart_id”."),
    ({"key": "event.propertys.cart"}, "trigger.key", "There is no field “event.propertys"),
    ({"key": "person.traits.plan"}, "trigger.key", "Choose a property of the event itself"),
    (
        {"re_entry": ReEntry(mode="every", every_s=59)},
        "trigger.re_entry.every_s",
        "Choose between one minute and two years.",
    ),
    (
        {"re_entry": ReEntry(mode="every", every_s=2 * 365 * 86_400 + 1)},
        "trigger.re_entry.every_s",
        "Choose between one minute and two years.",
    ),
    (
        {"re_entry": ReEntry(mode="once", scope="key")},
        "trigger.re_entry.scope",
        "Say which property tells one from another",
    ),
]


@pytest.mark.parametrize(("trigger", "field", "sentence"), BAD)
def test_what_cannot_work_is_refused_with_its_field(trigger, field, sentence) -> None:
    ((found, said),) = problems_of(**trigger)

    assert found == field
    assert said.startswith(sentence)


def test_every_fault_is_told() -> None:
    found = problems_of(
        event="",
        wait=WallClock(days=-1, at="soon", weekday=9),
        key="x",
        re_entry=ReEntry(mode="every", scope="key"),
        **joined(property="", equals="y"),
    )

    assert [field for field, _said in found] == [
        "trigger.event",
        *["trigger.wait"] * 3,
        "trigger.cancel_on.1.same.1.property",
        "trigger.cancel_on.1.same.1.equals",
        "trigger.key",
        "trigger.re_entry.every_s",
    ]


HOW_OFTEN = {
    "version": 1,
    "combinator": "and",
    "rules": [
        {
            "field": "history.count",
            "operator": "at_least",
            "value": 2,
            "of": {"event": "Order Completed"},
        }
    ],
}


def test_a_cancel_event_may_not_ask_about_the_past():
    trigger = EventTrigger(event="A", cancel_on=(CancelOn(event="B", rule=HOW_OFTEN),))

    [(field, sentence)] = trigger_problems(trigger)

    assert field == "trigger.cancel_on.0.rule"
    assert "not about the past" in sentence


IN_VIP = {"combinator": "and", "rules": [{"field": "segment.vip", "operator": "is_true"}]}


@pytest.mark.parametrize("known", [frozenset(), frozenset({"vip"})])
def test_a_cancel_event_may_not_ask_about_a_segment(known):
    rule = {"combinator": "or", "rules": [IN_VIP]}
    trigger = EventTrigger(event="A", cancel_on=(CancelOn(event="B", rule=rule),))

    [(field, sentence)] = trigger_problems(trigger, segments=known)

    assert field == "trigger.cancel_on.0.rule/rules/0/rules/0/field"
    assert sentence == "Ask about this event and the person only, not about a segment."


def test_a_segment_that_does_not_exist_is_refused():
    assert trigger_problems(EventTrigger(event="A", rule=IN_VIP)) == [
        ("trigger.rule/rules/0/field", "There is no segment “vip”.")
    ]
