"""Dates in people's traits: birthdays, days before, hours before to the second."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from audience.models import Person, Workspace
from campaigns.models import Moment
from orchestrator.models import Expansion
from tests.planning import EVE, live, moments, only_if, someone, ticks
from triggers.clock import Elapsed
from triggers.models import Event
from triggers.trigger import CancelOn, DateTrigger, ReEntry

pytestmark = pytest.mark.django_db

HOUR, SLOT, SECOND = timedelta(hours=1), timedelta(minutes=5), timedelta(seconds=1)
BIRTHDAY = DateTrigger(trait="birthday", yearly=True, at="09:00")
TWO_HOURS_BEFORE = DateTrigger(trait="appointment_at", hours=-2)
SOON = datetime(2026, 11, 21, 14, 7, 42, tzinfo=UTC)  # two hours before APPOINTMENT
APPOINTMENT = "2026-11-21T17:07:42+01:00"

ROUND = {
    "a birthday": (BIRTHDAY, "1990-11-22", "Europe/Amsterdam", "2026-11-22T08:00:00+00:00"),
    "as a time of day in UTC": (
        BIRTHDAY, "1990-11-22T00:00:00Z", "America/New_York", "2026-11-22T14:00:00+00:00",
    ),
    "the day before, in UTC": (
        BIRTHDAY, "1990-11-22", "Australia/Lord_Howe", "2026-11-21T22:00:00+00:00",
    ),
    "29 February": (BIRTHDAY, "1992-02-29", "Europe/Amsterdam", "2027-02-28T08:00:00+00:00"),
    "29 February in a leap year": (
        BIRTHDAY, "1992-02-29", "Europe/Amsterdam", "2028-02-29T08:00:00+00:00",
    ),
    "a week before New Year's child": (
        DateTrigger(trait="birthday", yearly=True, at="09:00", days=-7),
        "1990-01-03", "Asia/Kathmandu", "2026-12-27T03:15:00+00:00",
    ),
    "the third day after": (
        DateTrigger(trait="birthday", yearly=True, at="09:00", days=3),
        "1990-12-30", "UTC", "2027-01-02T09:00:00+00:00",
    ),
    "days before, at a local time": (
        DateTrigger(trait="birthday", days=-3, at="09:00"),
        "2026-12-01", "America/New_York", "2026-11-28T14:00:00+00:00",
    ),
    "days before, at the time of the appointment": (
        DateTrigger(trait="birthday", days=-1),
        "2026-12-01T17:00:00+01:00", "Europe/Amsterdam", "2026-11-30T16:00:00+00:00",
    ),
    "in a gap of the clock": (
        DateTrigger(trait="birthday", days=-1),
        "2027-03-29T02:30:00+02:00", "Europe/Amsterdam", "2027-03-28T01:00:00+00:00",
    ),
    "in a fold of the clock": (
        DateTrigger(trait="birthday", days=-1, at="02:30"),
        "2026-10-26", "Europe/Amsterdam", "2026-10-25T00:30:00+00:00",
    ),
    "hours before, over a fold": (
        DateTrigger(trait="birthday", hours=-4),
        "2026-10-25T04:30:00+01:00", "Europe/Amsterdam", "2026-10-24T23:30:00+00:00",
    ),
    "hours after": (
        DateTrigger(trait="birthday", hours=48),
        "2026-11-22T10:00:00-05:00", "UTC", "2026-11-24T15:00:00+00:00",
    ),
    "an unknown zone": (BIRTHDAY, "1990-11-22", "Mars/Base", "2026-11-22T03:15:00+00:00"),
}  # fmt: skip


@pytest.mark.parametrize("case", ROUND)
def test_a_date_comes_round_once_at_its_local_time(case, workspace, at):
    trigger, written, zone, expected = ROUND[case]
    Workspace.objects.update(time_zone="Asia/Kathmandu")
    when = datetime.fromisoformat(expected)
    live(workspace, trigger, now=when - 2 * HOUR)
    someone(workspace, zone=zone, birthday=written)

    for tick in ticks(when - 2 * HOUR, when + 2 * HOUR):
        at(tick)

    assert list(Event.objects.values_list("occurred_at", flat=True)) == [when]
    assert [one.passed_at for one in Moment.objects.all()] == [when]


def test_two_hours_before_is_sent_at_the_exact_second(workspace, fcm, at):
    live(workspace, TWO_HOURS_BEFORE, body="At {{ person.appointment_at }}", now=EVE)
    someone(workspace, appointment_at=APPOINTMENT)

    at(SOON - 162 * SECOND)
    assert [one[2] for one in moments()] == ["waiting"]
    at(SOON - SECOND)
    assert fcm.messages == []
    at(SOON)

    assert [one["notification"]["body"] for one in fcm.messages] == [f"At {APPOINTMENT}"]
    at(SOON + SLOT)
    assert len(moments()) == 1


CHANGES = {
    "later": "2026-11-21T19:00:00+01:00",
    "away": None,
    "garbage": "tomorrow",
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_moves_the_date_while_it_waits_gets_it_at_the_new_time_only(change, workspace, fcm, at):
    live(workspace, TWO_HOURS_BEFORE, now=EVE)
    someone(workspace, appointment_at=APPOINTMENT)
    at(SOON - 162 * SECOND)

    Person.objects.update(traits={"appointment_at": CHANGES[change]})
    at(SOON)
    assert fcm.messages == []
    assert [one[2:] for one in moments()] == [("skipped", "no_longer_matches")]
    for tick in ticks(SOON, SOON + 3 * HOUR):
        at(tick)

    assert len(fcm.messages) == (1 if change == "later" else 0)


NEVER = {
    "past": "2026-11-21T12:59:00Z",
    "no offset": "2026-11-21T16:07:42",
    "garbage": "soon",
    "a date like one": "2026-11-21T99:99:99Z",
    "a number": 1_795_277_262,
    "a list": ["2026-11-21T16:07:42Z"],
    "an object": {"at": "2026-11-21T16:07:42Z"},
    "null": None,
    "empty": "",
    "a year beyond the calendar": "10000-11-21",
    "a novel": "2026-11-21" + "x" * 1_000,
}


@pytest.mark.parametrize("case", NEVER)
def test_what_is_no_date_to_come_fires_nothing_and_stops_nobody(case, workspace, at):
    live(workspace, TWO_HOURS_BEFORE, now=EVE)
    someone(workspace, "odd", appointment_at=NEVER[case])
    someone(workspace, "anna", appointment_at=APPOINTMENT)

    for tick in ticks(EVE, SOON + HOUR):
        at(tick)

    assert [one[0] for one in moments()] == ["anna"]


def test_a_date_far_from_the_slot_is_never_asked(workspace, at):
    live(workspace, TWO_HOURS_BEFORE, now=EVE)
    for month in range(1, 11):
        someone(workspace, f"u{month}", appointment_at=f"2026-{month:02d}-21T16:00:00Z")
    someone(workspace, "next year", appointment_at="2027-11-21T16:00:00Z")

    for tick in ticks(EVE, EVE + HOUR):
        at(tick)

    assert Expansion.objects.count() == 13
    assert sum(Expansion.objects.values_list("people", flat=True)) == 0


def test_a_trait_inside_another_is_found(workspace, at):
    live(workspace, DateTrigger(trait="car.inspection.due_at", hours=-2), now=EVE)
    someone(workspace, car={"inspection": {"due_at": APPOINTMENT}})

    at(SOON)

    assert len(moments()) == 1


def test_the_rule_decides_about_dates_too(workspace, at):
    rule = only_if("person.traits.city", "Delft")
    live(workspace, DateTrigger(trait="appointment_at", hours=-2, rule=rule), now=EVE)
    someone(workspace, "anna", appointment_at=APPOINTMENT, city="Delft")
    someone(workspace, "bram", appointment_at=APPOINTMENT, city="Utrecht")

    at(SOON)

    assert [one[0] for one in moments()] == ["anna"]


def test_who_merges_while_the_date_waits_gets_one(workspace, fcm, at):
    live(workspace, TWO_HOURS_BEFORE, now=EVE)
    anna = someone(workspace, "anna", appointment_at=APPOINTMENT)
    twin = someone(workspace, "twin", appointment_at=APPOINTMENT)
    Person.objects.filter(pk=twin.pk).update(merged_into=anna)

    for tick in ticks(SOON - HOUR, SOON + HOUR):
        at(tick)

    assert len(moments()) == 1


def test_a_date_found_just_before_a_pause_and_after_an_outage_is_dropped_when_too_late(
    workspace, fcm, at
):
    live(workspace, TWO_HOURS_BEFORE, useful_for_s=1800, now=EVE)
    someone(workspace, appointment_at=APPOINTMENT)

    at(SOON + HOUR)

    assert fcm.messages == []


# --- with a wait, a cancel, re-entry ---
def test_a_date_can_wait_longer_and_be_cancelled(workspace, phone, fcm, work, at):
    trigger = DateTrigger(
        trait="appointment_at",
        hours=-2,
        wait=Elapsed(seconds=600),
        cancel_on=(CancelOn(event="Arrived"),),
    )
    live(workspace, trigger, now=EVE)
    for user in ("anna", "bram"):
        someone(workspace, user, appointment_at=APPOINTMENT)
    at(SOON)

    phone.batch({"type": "track", "userId": "anna", "event": "Arrived", "messageId": "a"})
    work()
    at(SOON + 600 * SECOND - SECOND)
    assert fcm.messages == []
    at(SOON + 600 * SECOND)

    assert [one["token"] for one in fcm.messages] == ["ok:bram"]


def test_a_birthday_obeys_re_entry(workspace, at):
    trigger = DateTrigger(trait="birthday", yearly=True, at="09:00", re_entry=ReEntry(mode="once"))
    live(workspace, trigger, now=EVE, useful_for_s=7200)
    someone(workspace, birthday="1990-11-22")

    for year in (2026, 2027):
        when = datetime(year, 11, 22, 9, 0, tzinfo=UTC)
        at(when - HOUR)
        at(when)

    assert [one[2:] for one in moments()] == [("pushing", ""), ("skipped", "already_received")]


def test_a_process_that_slept_for_a_year_looks_at_what_is_still_useful_only(workspace, at):
    live(workspace, TWO_HOURS_BEFORE, now=EVE)

    at(EVE)
    at(EVE + timedelta(days=365))

    assert Expansion.objects.count() <= 2 + timedelta(days=1) // SLOT


@pytest.mark.parametrize(("early", "expected"), [(SECOND, 1), (-SECOND, 0)])
def test_a_date_before_the_campaign_was_live_is_not_made_up(early, expected, workspace, at):
    live(workspace, TWO_HOURS_BEFORE, now=SOON - early)
    someone(workspace, appointment_at=APPOINTMENT)

    at(SOON + 30 * SECOND)

    assert len(moments()) == expected


def test_the_rule_and_the_message_know_the_date(workspace, at):
    rule = only_if("event.properties.date", "1990", "starts_with")
    trigger = msgspec.structs.replace(BIRTHDAY, rule=rule)
    live(workspace, trigger, body="Born {{ event.properties.date }}")
    someone(workspace, "anna", birthday="1990-11-22")
    someone(workspace, "ben", birthday="1991-11-22")

    for when in ticks(EVE, EVE + timedelta(days=1), SLOT):
        at(when)

    assert [event.properties for event in Event.objects.filter(type="tick")] == [
        {"date": "1990-11-22"}
    ]
