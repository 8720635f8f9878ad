"""Every event of the log is counted once, by name and day."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from orchestrator.models import Inbox
from orchestrator.pipeline import upkeep
from orchestrator.pipeline.counting import count_events
from tests import cast
from triggers.models import EventCount, EventName
from triggers.selectors.catalogue import daily, last_days
from triggers.services import catalogue
from triggers.services.catalogue import counts

NOW = cast.NOW  # noon
TODAY = NOW.date()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def anna(acme):
    return cast.person(acme)


def known(at, *names):
    for name in names:
        EventName.objects.create(workspace=at, name=name, first_seen_at=NOW, last_seen_at=NOW)


def counted(at):
    rows = EventCount.objects.filter(workspace=at)
    return {(one.name, one.day): one.events for one in rows}


def of_days(at, *names):
    days = last_days(now=NOW)
    found = daily(workspace_id=at.pk, names=names, now=NOW)
    return {
        name: {day: one for day, one in zip(days, events, strict=True) if one}
        for name, events in found.items()
    }


def test_each_event_is_counted_once_on_its_day(acme, anna):
    known(acme, "Seen", "Bought")
    for at in (NOW - 13 * HOUR, NOW - 12 * HOUR, NOW - 2 * HOUR):
        cast.event(anna, "Seen", at=at)
    cast.event(anna, "Bought", at=NOW - 2 * HOUR)

    for _ in range(3):
        catalogue.count(until=NOW - HOUR)
    cast.event(anna, "Seen", at=NOW - HOUR)
    catalogue.count(until=NOW)

    assert counted(acme) == {
        ("Seen", TODAY - DAY): 1,
        ("Seen", TODAY): 3,
        ("Bought", TODAY): 1,
    }


def test_names_without_room_are_counted_together(acme, anna, monkeypatch):
    monkeypatch.setattr(counts, "MAX_NAMES", 2)
    known(acme, "Seen")
    for number, name in enumerate(["Seen", "first", "second", "third", "second", "Push Accepted"]):
        cast.event(anna, name, at=NOW - HOUR + number * MINUTE)

    catalogue.count(until=NOW)

    assert counted(acme) == {
        ("Seen", TODAY): 1,
        ("first", TODAY): 1,
        ("", TODAY): 3,
        ("Push Accepted", TODAY): 1,
    }


def test_a_name_that_learning_missed_is_added_when_it_is_counted(acme, anna):
    cast.event(anna, "Seen", at=NOW - HOUR)

    catalogue.count(until=NOW)

    name = EventName.objects.get(workspace=acme)
    assert (name.name, name.last_seen_at) == ("Seen", NOW - HOUR)
    assert counted(acme) == {("Seen", TODAY): 1}


def test_a_long_log_is_counted_in_parts(acme, anna, monkeypatch):
    monkeypatch.setattr(counts, "AT_ONCE", 3)
    other = cast.workspace("other")
    for number in range(10):
        cast.event(anna, "Seen", at=NOW - HOUR + number // 2 * MINUTE)
    cast.event(cast.person(other), "Theirs", at=NOW - HOUR)

    parts = 1
    while catalogue.count(until=NOW):
        parts += 1

    assert parts > 2
    assert counted(acme) == {("Seen", TODAY): 10}
    assert counted(other) == {("Theirs", TODAY): 1}


def test_more_events_in_one_instant_than_a_part_holds_do_not_stop_it(acme, anna, monkeypatch):
    monkeypatch.setattr(counts, "AT_ONCE", 3)
    for _ in range(10):
        cast.event(anna, "Seen", at=NOW - HOUR)

    while catalogue.count(until=NOW):
        pass

    assert counted(acme) == {("Seen", TODAY): 10}


@pytest.mark.django_db(transaction=True)
def test_two_that_count_at_once_count_once(acme, anna):
    cast.event(anna, "Seen", at=NOW - HOUR)
    to = connection.get_connection_params()

    with psycopg.connect(host=to["host"], user=to["user"], dbname=to["dbname"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('event counts', 0))")
        assert catalogue.count(until=NOW) is False
        other.rollback()

    assert counted(acme) == {}
    catalogue.count(until=NOW)
    assert counted(acme) == {("Seen", TODAY): 1}


def test_an_event_that_still_waits_in_the_inbox_is_counted_when_it_came_through(acme, anna):
    waiting = Inbox.objects.create(
        workspace_id=acme.pk, lane=3, fresh=True, body=b"{}", received_at=NOW - HOUR
    )
    cast.event(anna, "Seen", at=NOW - 2 * HOUR)
    cast.event(anna, "Seen", at=NOW - HOUR + MINUTE)

    upkeep.upkeep(now=NOW)
    before = counted(acme)
    waiting.delete()
    cast.event(anna, "Seen", at=NOW - HOUR)
    upkeep.upkeep(now=NOW)

    assert before == {("Seen", TODAY): 1}
    assert counted(acme) == {("Seen", TODAY): 3}


def test_what_just_arrived_is_counted_by_the_next_upkeep(acme, anna):
    cast.event(anna, "Seen", at=NOW)

    count_events(now=NOW)
    before = counted(acme)
    count_events(now=NOW + 2 * MINUTE)

    assert before == {}
    assert counted(acme) == {("Seen", TODAY): 1}


def test_whoever_looks_sees_also_what_is_not_counted_yet(acme, anna):
    known(acme, "Seen")
    cast.event(anna, "Seen", at=NOW - DAY)
    catalogue.count(until=NOW - HOUR)
    cast.event(anna, "Seen", at=NOW)
    other = cast.workspace("other")
    cast.event(cast.person(other), "Seen", at=NOW)

    assert of_days(acme, "Seen") == {"Seen": {TODAY - DAY: 1, TODAY: 1}, "": {}}
    assert of_days(other, "Seen") == {"Seen": {TODAY: 1}, "": {}}


def test_old_days_are_forgotten(acme):
    old = EventCount.objects.create(workspace=acme, name="Seen", day=date(2025, 1, 1), events=1)

    catalogue.count(until=NOW)

    assert not EventCount.objects.filter(pk=old.pk).exists()
