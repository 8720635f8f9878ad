"""Expansions: on their way through the people, paused, limited, failing, met by others."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from audience.services import people
from audience.sql import run
from campaigns.models import Moment
from campaigns.services import campaigns
from orchestrator import clock
from orchestrator.models import Expansion
from orchestrator.pipeline import chunk, expansions, plan
from tests.planning import (
    EVE,
    crowd,
    daily,
    live,
    occurrences,
    only_if,
    someone,
    ticks,
)
from triggers.trigger import EventTrigger

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # the workspace's zone is UTC
SECOND = timedelta(seconds=1)


PAUSES = {"fresh": (timedelta(minutes=10), 450), "too late": (timedelta(minutes=61), 200)}


@pytest.mark.parametrize("case", PAUSES)
def test_an_expansion_under_way_goes_on_after_a_pause_if_it_is_fresh(
    case, workspace, virtual_clock
):
    paused_for, reached = PAUSES[case]
    campaign = live(workspace, daily(), useful_for_s=3600)
    crowd(workspace, 450)
    virtual_clock.now = NINE
    plan.begin_due(now=NINE)
    plan.worked(clock=clock.now)
    campaigns.pause(campaign=campaign, now=NINE)
    plan.plan(clock=clock.now)
    assert Moment.objects.count() == 200

    virtual_clock.now += paused_for
    campaigns.resume(campaign=campaign, now=virtual_clock.now)
    plan.plan(clock=clock.now)

    assert Moment.objects.count() == reached
    assert Expansion.objects.get().reason == ("" if case == "fresh" else "expired")


@pytest.mark.django_db(transaction=True)
def test_a_pause_waits_for_the_chunk_that_is_being_written(workspace, virtual_clock):
    """Else the chunk would find its campaign gone, and stop the expansion for good."""
    campaign = live(workspace, daily())
    virtual_clock.now = NINE
    plan.begin_due(now=NINE)

    def pause():
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            run("SET LOCAL lock_timeout = '20ms'")
            campaigns.pause(campaign=campaign, now=NINE)

    with transaction.atomic():
        assert expansions.take(now=NINE)
        together(pause, threads=1)


def test_planning_again_and_again_in_new_processes_gives_one_moment(workspace, at):
    live(workspace, daily(zone_mode="person"))
    crowd(workspace, 3)

    for minute in range(5):
        plan.forget()
        at(NINE + timedelta(minutes=minute))

    assert len(occurrences()) == 3


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_the_same_time_give_each_person_one_moment(workspace, virtual_clock):
    for number in range(3):
        live(workspace, daily(zone_mode="person"), key=f"news-{number}")
    crowd(workspace, 410)
    virtual_clock.now = NINE

    together(lambda: plan.plan(clock=clock.now), threads=2)
    plan.plan(clock=clock.now)

    assert Moment.objects.count() == len(set(occurrences())) == 3 * 410
    assert set(Expansion.objects.values_list("state", flat=True)) == {"done"}


def together(do, *, threads):
    errors = []

    def safely():
        try:
            do()
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=safely) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_a_person_whom_somebody_else_holds_is_come_back_for(workspace, virtual_clock):
    live(workspace, daily())
    held = crowd(workspace, 3)[1]
    virtual_clock.now = NINE

    with transaction.atomic():
        people.lock([held.pk])
        together(lambda: plan.plan(clock=clock.now), threads=1)
        assert Expansion.objects.get().skipped == [held.pk]
    plan.plan(clock=clock.now)

    assert len(set(occurrences())) == Moment.objects.count() == 3
    assert Expansion.objects.get().state == "done"


def test_max_people_stops_an_occurrence_which_goes_on_with_a_higher_limit(workspace, at):
    live(workspace, daily(max_people=250))
    crowd(workspace, 300)

    at(NINE)
    assert (Expansion.objects.get().state, Expansion.objects.get().reason) == (
        "stopped",
        "audience_limit",
    )
    assert Moment.objects.count() == Expansion.objects.get().moments == 250
    live(workspace, daily(max_people=280), now=NINE + timedelta(hours=1))
    at(NINE + timedelta(hours=1))
    assert Moment.objects.count() == 280
    live(workspace, daily(max_people=400), now=NINE + timedelta(hours=2))
    at(NINE + timedelta(hours=2))

    assert len(set(occurrences())) == Moment.objects.count() == 300
    assert Expansion.objects.get().state == "done"
    assert Expansion.objects.get().people == 300


def test_a_higher_limit_comes_too_late_for_what_is_old(workspace, at):
    live(workspace, daily(max_people=2))
    crowd(workspace, 3)

    at(NINE)
    live(workspace, daily(max_people=3), now=NINE + timedelta(hours=1))
    at(NINE + DAY)

    assert Moment.objects.filter(occurrence__endswith=":2026-11-22").count() == 2
    assert Moment.objects.count() == 2 + 3


def test_just_as_many_as_max_people_is_no_fault(workspace, at):
    live(workspace, daily(max_people=3))
    crowd(workspace, 3)

    at(NINE)

    assert (Moment.objects.count(), Expansion.objects.get().reason) == (3, "")


def test_max_people_counts_all_zones_of_one_local_date(workspace, at):
    live(workspace, daily(zone_mode="person", max_people=2))
    for number, zone in enumerate(["Asia/Kathmandu", "Europe/Amsterdam", "America/New_York"]):
        someone(workspace, f"u{number}", zone=zone)

    for when in ticks(EVE, NINE + timedelta(hours=6), timedelta(hours=1)):
        at(when)

    assert len(occurrences()) == 2
    stopped = Expansion.objects.get(reason="audience_limit")
    assert (stopped.moments, stopped.part) == (0, "2026-11-22T14:00:00+00:00")


def test_an_expansion_that_fails_stands_in_nobodys_way(workspace, at, monkeypatch):
    broken = live(workspace, daily(), key="broken")
    live(workspace, daily(), key="fine")
    someone(workspace)
    original = chunk.go_through

    def failing(taken, *args, **kwargs):
        if taken.campaign_id == broken.pk:
            raise ValueError("odd")
        return original(taken, *args, **kwargs)

    monkeypatch.setattr(chunk, "go_through", failing)
    at(NINE)
    at(NINE + SECOND)
    assert occurrences() == [("anna", "fine:2026-11-22")]

    monkeypatch.undo()
    at(NINE + 2 * SECOND)

    assert len(occurrences()) == 2


def test_a_schedule_that_this_release_cannot_read_stands_in_nobodys_way(workspace, at):
    broken = live(workspace, daily(), key="broken")
    live(workspace, daily(), key="fine")
    someone(workspace)
    version = broken.live_version
    version.definition["trigger"]["recurrence"]["rrule"] = "FREQ=SECONDLY"
    version.save()

    at(NINE)

    assert occurrences() == [("anna", "fine:2026-11-22")]


NEW = {
    "better words": (daily(), 2, ""),
    "another rule": (daily(rule=only_if("person.traits.city", "Delft")), 1, ""),
    "another kind": (EventTrigger(event="Seen"), 1, "replaced"),
}


@pytest.mark.parametrize("case", NEW)
def test_an_expansion_under_way_goes_on_with_a_new_version_of_its_kind(
    case, workspace, virtual_clock, monkeypatch
):
    trigger, reached, reason = NEW[case]
    monkeypatch.setattr("orchestrator.pipeline.crowd.CHUNK", 1)
    live(workspace, daily())
    crowd(workspace, 2)
    virtual_clock.now = NINE
    plan.begin_due(now=NINE)
    plan.worked(clock=clock.now)

    changed = live(workspace, trigger, body="Better")
    plan.plan(clock=clock.now)

    versions = Moment.objects.order_by("person_id").values_list("version_id", flat=True)
    assert len(versions) == reached
    assert list(versions[1:]) == [changed.live_version_id] * (reached - 1)
    assert Expansion.objects.get().reason == reason
