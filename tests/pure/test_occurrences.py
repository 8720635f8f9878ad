"""Which occurrences have come since somebody last looked: each once, whatever the steps."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.pipeline.crowd import days_around
from orchestrator.pipeline.occurrences import SLOT, openings
from tests.pure.test_program_index import campaign, program_of
from triggers.clock import Recurrence, date_trigger, known_zones, occurrences_between, zone_of
from triggers.trigger import Audience, BusinessTrigger, DateTrigger, EventTrigger, ScheduleTrigger

EVE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(zone_mode="workspace", at="09:00"):
    return ScheduleTrigger(
        recurrence=Recurrence(
            rrule="FREQ=DAILY", start=date(2026, 1, 1), at=at, zone_mode=zone_mode
        )
    )


def found(trigger, since, until):
    one = campaign(1, trigger)
    return list(openings(one, program_of([one]), since=since, until=until))


def test_in_the_workspaces_time_a_day_is_one_expansion_for_everyone():
    [one] = found(daily(), EVE, EVE + DAY)

    assert (one.occurrence, one.part, one.occasion.zones) == ("2026-11-22", "", None)
    assert one.due_at == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert one.expires_at == one.due_at + DAY


def test_in_each_persons_time_every_zone_is_in_one_part_of_a_date():
    parts = [
        one
        for one in found(daily("person"), EVE - DAY, EVE + 2 * DAY)
        if one.occurrence == "2026-11-22"
    ]

    zones = [zone for one in parts for zone in one.occasion.zones]
    assert sorted(zones) == sorted([*known_zones(), ""])
    assert len({one.part for one in parts}) == len(parts)
    for one in parts:
        for name in one.occasion.zones:
            local = one.due_at.astimezone(zone_of(name, "UTC").zone)
            assert local.isoformat()[:16] == "2026-11-22T09:00"


# A few days before clocks change somewhere: America, Europe, Lord Howe, and nowhere.
CHANGES = ["2026-03-06", "2026-03-27", "2026-04-03", "2026-10-02", "2026-10-23", "2026-07-01"]


@pytest.mark.parametrize("first", CHANGES)
@pytest.mark.parametrize("local", ["01:30", "02:30", "00:00"])
def test_zones_are_looked_at_together_only_where_it_changes_nothing(first, local):
    since = datetime.fromisoformat(f"{first}T12:00:00+00:00")
    until = since + 4 * DAY
    trigger = daily("person", local)

    together = {
        (one.occurrence, one.due_at, name)
        for one in found(trigger, since, until)
        for name in one.occasion.zones
        if name
    }

    assert together == {
        (one.key, one.at, name)
        for name in known_zones()
        for one in occurrences_between(
            trigger.recurrence, since=since, until=until, zone=zone_of(name).zone, limit=9
        )
    }


def test_who_has_no_zone_is_with_the_workspaces():
    [part] = [one for one in found(daily("person"), EVE, EVE + DAY) if "" in one.occasion.zones]

    assert "UTC" in part.occasion.zones


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 3 * 86_400), max_size=6), st.sampled_from(["person", "workspace"]))
def test_looking_in_any_steps_finds_each_occurrence_once(steps, zone_mode):
    times = sorted({EVE, EVE + 3 * DAY, *(EVE + timedelta(seconds=one) for one in steps)})

    stepwise = [
        one
        for since, until in pairwise(times)
        for one in found(daily(zone_mode, "12:00"), since, until)
    ]

    at_once = found(daily(zone_mode, "12:00"), EVE, EVE + 3 * DAY)
    assert sorted(map(name, stepwise)) == sorted(map(name, at_once))


def name(opening):
    return opening.occurrence, opening.part


@settings(deadline=None)
@given(st.timedeltas(timedelta(0), timedelta(days=365)), st.integers(1, 4_000))
def test_slots_cover_the_time_without_a_gap(later, seconds):
    since = EVE + later
    until = since + timedelta(seconds=seconds)

    slots = found(DateTrigger(trait="birthday", yearly=True, at="09:00"), since, until)

    assert slots[0].occasion.since == since
    assert slots[-1].occasion.until >= until
    for one, following in pairwise(slots):
        assert one.occasion.until == following.occasion.since == following.due_at
    assert all(one.due_at.minute % 5 == one.due_at.second == 0 for one in slots)
    assert all(one.occasion.until - one.due_at == SLOT for one in slots)


DATES = [
    (DateTrigger(trait="due", days=-3, at="09:00"), "2026-11-24"),
    (DateTrigger(trait="due", hours=-2), "2026-11-21T17:00:00+01:00"),
    (DateTrigger(trait="due", hours=49), "2026-11-20T00:30:00+14:00"),
    (DateTrigger(trait="due", days=1, hours=-30, at="23:59"), "2026-11-21"),
    (DateTrigger(trait="due", days=400, at="00:00"), "2025-10-18"),
]


@pytest.mark.parametrize(("trigger", "written"), DATES)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
def test_a_slot_asks_for_every_day_that_can_lead_to_it(trigger, written, zone):
    at = time.fromisoformat(trigger.at) if trigger.at else None
    when = date_trigger(
        written, days=trigger.days, hours=trigger.hours, at=at, zone=zone_of(zone).zone
    )

    assert when
    assert written[:10] in days_around(trigger, when)
    assert written[:10] in days_around(trigger, when - SLOT)


def test_on_28_february_those_of_the_29th_are_asked_too():
    yearly = DateTrigger(trait="birthday", yearly=True, at="09:00")

    assert "02-29" in days_around(yearly, datetime(2027, 2, 28, 9, 0, tzinfo=UTC))
    assert "02-29" in days_around(yearly, datetime(2028, 2, 29, 9, 0, tzinfo=UTC))
    assert days_around(yearly, datetime(2027, 1, 1, tzinfo=UTC)) == [
        "01-01", "01-02", "01-03", "12-30", "12-31",
    ]  # fmt: skip


def test_what_a_business_event_asks_for_is_looked_up_in_the_log_once():
    who = Audience(event="Product Viewed", property="sku", equals="event.properties.sku")

    [one] = found(BusinessTrigger(event="Price Dropped", audience=who), EVE, EVE + DAY)

    assert (one.occurrence, one.part) == ("Product Viewed.sku", "log")
    assert one.occasion.past_of == ("Product Viewed", "sku")
    assert found(BusinessTrigger(event="Price Dropped"), EVE, EVE + DAY) == []
    assert found(EventTrigger(event="Price Dropped"), EVE, EVE + DAY) == []
