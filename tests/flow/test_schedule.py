"""Schedules: once, daily or weekly, in the brand's time or in each person's own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audience.models import Person, Workspace
from campaigns.services import campaigns
from orchestrator.models import Expansion
from tests import cast
from tests.planning import (
    EVE,
    daily,
    live,
    moments,
    occurrences,
    once,
    only_if,
    someone,
    ticks,
)
from triggers.clock import Elapsed
from triggers.models import Event
from triggers.trigger import CancelOn, ReEntry

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # the workspace's zone is UTC
SECOND = timedelta(seconds=1)


def test_once_at_reaches_everyone_with_a_push_at_its_second_and_not_before(workspace, fcm, at):
    live(workspace, once(EVE + timedelta(hours=1, seconds=7)))
    for user in ("anna", "bram"):
        someone(workspace, user)

    at(EVE + timedelta(hours=1, seconds=6))
    assert fcm.messages == []
    at(EVE + timedelta(hours=1, seconds=7))
    at(EVE + timedelta(hours=2))

    assert sorted(one["token"] for one in fcm.messages) == ["ok:anna", "ok:bram"]
    assert {one[2:] for one in moments()} == {("sent", "accepted")}


def test_a_daily_schedule_comes_once_a_day_in_the_workspaces_zone(workspace, at):
    Workspace.objects.update(time_zone="Asia/Kathmandu")
    live(workspace, daily())
    someone(workspace, zone="America/New_York")

    for when in ticks(EVE, EVE + 3 * DAY):
        at(when)

    times = Event.objects.order_by("occurred_at").values_list("occurred_at", "received_at")
    expected = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
    assert list(times) == [(expected + n * DAY, expected + n * DAY) for n in range(3)]


def test_a_weekly_schedule_comes_on_its_days(workspace, at):
    live(workspace, daily(rrule="FREQ=WEEKLY;BYDAY=MO,TH"))
    someone(workspace)

    for when in ticks(EVE, EVE + 8 * DAY, timedelta(hours=1)):
        at(when)

    assert occurrences() == [("anna", "news:2026-11-23"), ("anna", "news:2026-11-26")]


# When it is 09:00 on 22 November; the workspace is in Amsterdam.
NINE_O_CLOCK = {
    "Australia/Lord_Howe": "2026-11-21T22:00:00+00:00",
    "Asia/Kathmandu": "2026-11-22T03:15:00+00:00",
    "Europe/Amsterdam": "2026-11-22T08:00:00+00:00",
    "America/New_York": "2026-11-22T14:00:00+00:00",
    "": "2026-11-22T08:00:00+00:00",
    "Mars/Olympus Mons": "2026-11-22T08:00:00+00:00",
}


def test_in_each_persons_own_time_everyone_gets_it_once_a_local_date_and_not_early(workspace, at):
    Workspace.objects.update(time_zone="Europe/Amsterdam")
    live(workspace, daily(zone_mode="person"))
    who = {someone(workspace, f"in {zone}", zone=zone).pk: zone for zone in NINE_O_CLOCK}

    for when in ticks(EVE, datetime(2026, 11, 24, 12, 0, tzinfo=UTC)):
        at(when)

    met: dict[str, list[datetime]] = {zone: [] for zone in NINE_O_CLOCK}
    for event in Event.objects.order_by("occurred_at"):
        assert event.received_at == event.occurred_at
        met[who[event.person_id]].append(event.occurred_at)
    for zone, times in met.items():
        first = datetime.fromisoformat(NINE_O_CLOCK[zone])
        days = 2 if zone == "America/New_York" else 3
        assert times == [first + n * DAY for n in range(days)]


NIGHTS = {
    "a gap begins the day's wait": ("Europe/Amsterdam", "02:30", "2026-03-29T01:00:00+00:00"),
    "a fold counts first": ("Europe/Amsterdam", "02:30", "2026-10-25T00:30:00+00:00"),
    "a fold in America": ("America/New_York", "01:30", "2026-11-01T05:30:00+00:00"),
    "half an hour": ("Australia/Lord_Howe", "02:15", "2026-10-03T15:30:00+00:00"),
}


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("zone_mode", ["person", "workspace"])
def test_a_night_with_a_clock_change_has_one_occurrence(night, zone_mode, workspace, at):
    zone, local, expected = NIGHTS[night]
    when = datetime.fromisoformat(expected)
    home = zone if zone_mode == "workspace" else "UTC"
    Workspace.objects.update(time_zone=home)
    live(workspace, daily(local, start=date(2026, 1, 1), zone_mode=zone_mode), now=when - DAY / 2)
    someone(workspace, zone=zone)

    for tick in ticks(when - DAY / 2, when + DAY / 2):
        at(tick)

    assert list(Event.objects.values_list("occurred_at", flat=True)) == [when]


def test_nothing_is_made_up_from_before_the_campaign_was_live(workspace, at):
    live(workspace, daily(start=date(2026, 11, 1)), now=NINE + timedelta(minutes=1))
    someone(workspace)

    at(NINE + timedelta(minutes=2))
    assert occurrences() == []
    at(NINE + DAY)

    assert occurrences() == [("anna", "news:2026-11-23")]


def test_an_occurrence_during_a_pause_is_not_made_up_after(workspace, at):
    campaign = live(workspace, daily())
    someone(workspace)
    at(EVE)
    campaigns.pause(campaign=campaign, now=NINE - SECOND)
    at(NINE + SECOND)

    campaigns.resume(campaign=campaign, now=NINE + timedelta(minutes=10))
    at(NINE + timedelta(minutes=11))
    assert Expansion.objects.count() == 0
    at(NINE + DAY)

    assert occurrences() == [("anna", "news:2026-11-23")]


@pytest.mark.parametrize(("outage", "expected"), [(59, 1), (61, 0)])
def test_after_an_outage_only_what_is_still_useful_is_sent(outage, expected, workspace, at):
    live(workspace, daily(), useful_for_s=3600)
    someone(workspace)

    at(NINE + timedelta(minutes=outage))

    assert len(occurrences()) == expected


@pytest.mark.parametrize("zone_mode", ["workspace", "person"])
@pytest.mark.parametrize("moved", ["09:00", "11:00"])
def test_a_republished_version_does_not_send_the_same_day_twice(zone_mode, moved, workspace, at):
    live(workspace, daily(zone_mode=zone_mode))
    someone(workspace)
    at(NINE)

    live(workspace, daily(moved, zone_mode=zone_mode), body="Better", now=NINE + timedelta(hours=1))
    for when in ticks(NINE + timedelta(hours=1), NINE + timedelta(hours=5)):
        at(when)

    assert occurrences() == [("anna", "news:2026-11-22")]


def test_the_rule_decides_and_whom_it_does_not_match_gets_no_event(workspace, at):
    live(workspace, daily(rule=only_if("person.traits.city", "Delft")))
    someone(workspace, "anna", city="Delft")
    someone(workspace, "bram", city="Utrecht")
    someone(workspace, "cees")

    at(NINE)

    assert occurrences() == [("anna", "news:2026-11-22")]
    assert Event.objects.count() == 1


def test_merged_people_get_one(workspace, at):
    live(workspace, daily())
    anna = someone(workspace, "anna")
    cast.person(workspace, "guest", merged_into=anna)

    at(NINE)

    assert occurrences() == [("anna", "news:2026-11-22")]


def test_who_merges_between_two_parts_gets_one(workspace, at):
    """One of them had it in Kathmandu; the other would get it in Amsterdam, as the same person."""
    live(workspace, daily(zone_mode="person"))
    early = someone(workspace, "early", zone="Asia/Kathmandu")
    late = someone(workspace, "late", zone="Europe/Amsterdam")
    at(NINE - timedelta(hours=5))
    assert occurrences() == [("early", "news:2026-11-22")]

    Person.objects.filter(pk=early.pk).update(merged_into=late)
    at(NINE)

    assert occurrences() == [("early", "news:2026-11-22")]


def test_who_moves_to_another_zone_between_two_parts_gets_one(workspace, at):
    live(workspace, daily(zone_mode="person"))
    someone(workspace, zone="Asia/Kathmandu")
    at(NINE - timedelta(hours=5))

    Person.objects.update(time_zone="Europe/Amsterdam")
    for when in ticks(NINE - timedelta(hours=4), NINE):
        at(when)

    assert occurrences() == [("anna", "news:2026-11-22")]


# --- with a wait, a cancel, a key, re-entry ---
def test_a_schedule_can_wait_and_be_cancelled(workspace, phone, fcm, work, at):
    live(workspace, daily(wait=Elapsed(seconds=600), cancel_on=(CancelOn(event="Bought"),)))
    someone(workspace, "anna")
    someone(workspace, "bram")
    at(NINE)

    phone.batch({"type": "track", "userId": "anna", "event": "Bought", "messageId": "b"})
    work()
    at(NINE + timedelta(minutes=10))

    assert [one["token"] for one in fcm.messages] == ["ok:bram"]


def test_a_schedule_obeys_re_entry(workspace, at):
    live(workspace, daily(re_entry=ReEntry(mode="every", every_s=3 * 86_400)))
    someone(workspace)

    for day in range(4):
        at(NINE + day * DAY)

    assert [one[2:] for one in moments()] == [
        ("pushing", ""),
        ("skipped", "too_soon"),
        ("skipped", "too_soon"),
        ("pushing", ""),
    ]
