"""Every trigger, its waits and what cancels them say the same in file and definition."""

from datetime import date, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.recipes import layout, often, source, trigger, unless, waits
from orchestrator.recipes import same as same_of_file
from orchestrator.recipes.document import Campaign, Document
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.shape import BROKEN, Sections
from tests.pure.test_recipes_every import RULE_TEXTS
from tests.pure.test_recipes_words import RULES, UNHURRIED
from triggers.clock import Elapsed, Recurrence, WallClock
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
    Trigger,
)

WAITS = [
    ("45 min", Elapsed(2_700)),
    ("72 h", Elapsed(259_200)),
    ("400 days", Elapsed(34_560_000)),  # the definition's own checks refuse it
    ("at 09:00", WallClock(days=0, at="09:00")),
    ("next day at 09:00", WallClock(days=1, at="09:00")),
    ("in 3 days at 23:59", WallClock(days=3, at="23:59")),
    ("Monday at 09:00", WallClock(days=0, at="09:00", weekday=0)),
    ("next Monday at 09:00", WallClock(days=1, at="09:00", weekday=0)),
    ("next Sunday at 00:00", WallClock(days=1, at="00:00", weekday=6)),
    ("in at least 3 days on Friday at 17:30", WallClock(days=3, at="17:30", weekday=4)),
]
SPELLED = [
    ("3 days", Elapsed(259_200)),
    ("in 1 day at 09:00", WallClock(days=1, at="09:00")),
    ("in at least 1 day on Monday at 09:00", WallClock(days=1, at="09:00", weekday=0)),
]
NO_WAITS = [
    "",
    "soon",
    "0 min",
    "next day",
    "at 9:00",
    "at 24:00",
    "in 0 days at 09:00",
    "next monday at 09:00",
    "next Monday at 09:00\n",
    "in ٣ days at 09:00",
    "in 3 days at 09:00 sharp",
]


@pytest.mark.parametrize(("text", "wait"), WAITS + SPELLED)
def test_a_wait_is_read(text, wait) -> None:
    assert waits.read(text) == wait


@pytest.mark.parametrize(("text", "wait"), WAITS)
def test_a_wait_is_written_as_it_is_said(text, wait) -> None:
    assert waits.write(wait) == text


@pytest.mark.parametrize("text", NO_WAITS)
def test_what_is_no_wait_is_none(text) -> None:
    assert waits.read(text) is None


CLOCKS = st.times().map(lambda at: f"{at:%H:%M}")
EVERY_WAIT = st.one_of(
    st.builds(Elapsed, st.integers(1, 366 * 86_400)),
    st.builds(
        WallClock,
        days=st.integers(0, 366),
        at=CLOCKS,
        weekday=st.one_of(st.none(), st.integers(0, 6)),
    ),
)


@UNHURRIED
@given(EVERY_WAIT)
def test_every_wait_reads_back(wait) -> None:
    assert waits.read(waits.write(wait)) == wait


OFTEN = [
    ("always", ReEntry()),
    ("once", ReEntry(mode="once")),
    ("once per key", ReEntry(mode="once", scope="key")),
    ("once a day", ReEntry(mode="daily")),
    ("once a day per key", ReEntry(mode="daily", scope="key")),
    ("every 7 days", ReEntry(mode="every", every_s=604_800)),
    ("every 90 min per key", ReEntry(mode="every", every_s=5_400, scope="key")),
]


@pytest.mark.parametrize(("text", "re_entry"), OFTEN)
def test_how_often_goes_both_ways(text, re_entry) -> None:
    assert often.read(text) == re_entry
    assert often.write(re_entry) == text


@pytest.mark.parametrize("text", ["", "twice", "always per key", "every day", "once per  key"])
def test_other_words_for_how_often_are_none(text) -> None:
    assert often.read(text) is None


IDLE = [
    (ReEntry(every_s=60, scope="key"), "always"),
    (ReEntry(mode="once", every_s=60), "once"),
    (ReEntry(mode="daily", every_s=60, scope="key"), "once a day per key"),
]


@pytest.mark.parametrize(("re_entry", "text"), IDLE)
def test_what_a_mode_does_not_look_at_is_left_out(re_entry, text) -> None:
    assert often.write(re_entry) == text
    assert often.read(text) == often.normal(re_entry)


CART = Same(property="cart_id", equals="event.properties.cart_id")
SKU = Same(property="sku", equals="event.properties.sku")
OTHER = Same(property="cart_id", equals="event.context.cart")
SAMES: list[Any] = [
    ("cart_id", (CART,)),
    (["cart_id", "sku"], (CART, SKU)),
    ({"cart_id": "event.context.cart"}, (OTHER,)),
    ({"cart_id": "event.context.cart", "sku": "event.properties.sku"}, (OTHER, SKU)),
    (
        [{"cart_id": "event.properties.cart_id"}, {"cart_id": "event.context.cart"}],
        (CART, OTHER),
    ),
]


@pytest.mark.parametrize(("raw", "same"), SAMES)
def test_what_must_be_the_same_goes_both_ways(raw, same) -> None:
    problems = Problems("x.yaml")

    assert same_of_file.read(raw, (), problems) == same
    assert unless.write([CancelOn(event="X", same=same)]) == [{"event": "X", "same": raw}]
    problems.refuse()


def test_a_list_may_mix_names_and_pairs() -> None:
    raw = ["sku", {"cart_id": "event.context.cart"}]

    assert same_of_file.read(raw, (), Problems("x.yaml")) == (SKU, OTHER)


def reread(written: dict[str, Any]) -> Trigger | None:
    """Through YAML and the file's sections, as apply reads it."""
    head = {"key": "a", "name": "A", "intent": "buy", "messages": {"default": {"body": "Hi"}}}
    text = layout.dump({"version": 1, "campaigns": [head | written]})
    problems = Problems("x.yaml")
    read = Sections(problems).read(Document, source.read(text, problems), ())
    problems.refuse()
    assert read is not BROKEN
    (campaign,) = read.campaigns
    assert isinstance(campaign, Campaign)
    found = trigger.read(campaign, (), problems)
    problems.refuse()
    return found


NAMES = st.sampled_from(["Product Added", "22:00", "no", "# x"])
COMMON: dict[str, Any] = {
    "rule": st.sampled_from(RULES),
    "wait": st.one_of(st.none(), EVERY_WAIT),
    "cancel_on": st.lists(
        st.builds(
            CancelOn,
            event=st.sampled_from(["Order Completed", "null", "5"]),
            rule=st.sampled_from(RULES),
            same=st.lists(
                st.builds(
                    Same,
                    property=st.sampled_from(["cart_id", "5", "a.b c", "no", "x: y", "- z"]),
                    equals=st.sampled_from(["event.properties.cart_id", "event.properties.5"]),
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    "key": st.sampled_from(["", "event.properties.cart_id", "event.properties.# odd: one"]),
    "re_entry": st.builds(
        ReEntry,
        mode=st.sampled_from(["always", "once", "every", "daily"]),
        every_s=st.integers(60, 63_072_000),
        scope=st.sampled_from(["person", "key"]),
    ),
    "max_age_s": st.integers(1, 86_400),
}
OFFSETS = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(timezones=OFFSETS)
RECURRENCES = st.one_of(
    st.builds(
        Recurrence,
        rrule=st.sampled_from([*RULE_TEXTS, "FREQ=DAILY;COUNT=1"]),
        start=st.dates(date(2000, 1, 1), date(2199, 12, 31)),
        at=CLOCKS,
        zone_mode=st.sampled_from(["workspace", "person"]),
    ),
    st.builds(Recurrence, once_at=INSTANTS, at=CLOCKS, start=st.none() | st.dates()),
)
MANY = st.integers(1, 10_000_000)
TRIGGERS: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(
        EventTrigger,
        event=NAMES,
        source=st.sampled_from(["public", "verified", "server"]),
        **COMMON,
    ),
    st.builds(ScheduleTrigger, recurrence=RECURRENCES, max_people=MANY, **COMMON),
    st.builds(
        DateTrigger,
        trait=NAMES,
        days=st.integers(-366, 366),
        hours=st.integers(-8_784, 8_784),
        at=st.none() | CLOCKS,
        yearly=st.booleans(),
        max_people=MANY,
        **COMMON,
    ),
    st.builds(
        BusinessTrigger,
        event=NAMES,
        audience=st.none()
        | st.builds(
            Audience,
            event=NAMES,
            property=st.sampled_from(["sku", "5", "a.b c", "no"]),
            equals=st.sampled_from(["event.properties.sku", "event.properties.5"]),
            within_s=st.integers(3_600, 400 * 86_400),
        ),
        max_people=MANY,
        max_per_hour=st.integers(1, 1_000),
        **COMMON,
    ),
    st.builds(
        InteractionTrigger,
        campaign=st.sampled_from(["welcome", "5", "no"]),
        did=st.sampled_from(["accepted", "opened", "not_opened"]),
        within_s=st.integers(60, 90 * 86_400),
        **COMMON,
    ),
    st.builds(ApiTrigger, **COMMON),
)


@UNHURRIED
@given(TRIGGERS)
def test_every_trigger_reads_back_to_the_same_trigger(given_trigger) -> None:
    assert reread(trigger.write(given_trigger)) == trigger.normal(given_trigger)
