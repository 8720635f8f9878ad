"""The catalogue learns what arrives, and no flood makes it big or anything slow."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.engine.hearing import OWN_EVENTS
from tests import cast
from triggers.models import EventName
from triggers.selectors.catalogue import OWN_NAMES
from triggers.services import catalogue
from triggers.services.catalogue import entry, memory

NOW = cast.NOW
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def acme(db):
    return cast.workspace()


def learn(at, *names, now=NOW, **properties):
    catalogue.learn(seen=[(at.pk, name, properties) for name in names], now=now)


def names_of(at):
    return EventName.objects.filter(workspace=at)


def queries_of(*args, **more):
    with CaptureQueriesContext(connection) as captured:
        learn(*args, **more)
    return len(captured)


def flood(at, *, batches, now=NOW, start=0):
    for batch in range(batches):
        learn(at, *(f"random {start + batch * 500 + one}" for one in range(500)), now=now)


@pytest.fixture
def elsewhere(acme):
    """Another worker's connection, in a transaction of its own."""
    to = connection.get_connection_params()
    with psycopg.connect(host=to["host"], user=to["user"], dbname=to["dbname"]) as other:
        yield other
        other.rollback()


# --- names ---
def test_a_million_names_would_leave_a_thousand(acme):
    flood(acme, batches=10)

    assert names_of(acme).count() == memory.MAX_NAMES


def test_a_name_that_does_not_fit_costs_no_query(acme):
    flood(acme, batches=3)

    assert queries_of(acme, *(f"more {one}" for one in range(500))) == 0


def test_a_full_workspace_still_learns_about_the_names_it_knows(acme):
    learn(acme, "Seen")
    flood(acme, batches=3)

    learn(acme, "Seen", now=LATER, venue="Utrecht")

    assert list(names_of(acme).get(name="Seen").properties) == ["venue"]


def test_a_flood_in_one_workspace_makes_no_other_learn_again(acme):
    other = cast.workspace("other")
    learn(other, "Seen")
    flood(acme, batches=10)

    assert queries_of(other, "Seen") == 0


def test_a_new_process_does_not_add_to_a_full_workspace(acme):
    flood(acme, batches=3)
    catalogue.forget()

    flood(acme, batches=3, start=10_000)

    assert names_of(acme).count() == memory.MAX_NAMES


def test_what_a_process_remembers_has_an_end(monkeypatch, acme):
    monkeypatch.setattr(memory, "MAX_SHELVES", 3)
    known = memory.Memory()

    for workspace in range(10):
        known.keep({workspace: [str(one) for one in range(5)]}, now=NOW)

    assert known.unread(range(10), now=NOW) == [0, 1, 2, 3, 4, 5, 6]


def test_few_known_names_are_learnt_again_with_one_batch(acme):
    flood(acme, batches=2)
    shelf = memory.Memory()
    names = [f"random {one}" for one in range(500)]
    shelf.keep({acme.pk: names}, now=LATER)

    assert len(shelf.due({acme.pk: names}, now=LATER)) == memory.MOST_AGAIN


def test_a_name_that_is_too_long_is_left_out(acme):
    learn(acme, "x" * 201)

    assert not names_of(acme).exists()


# --- properties ---
def test_a_hundred_thousand_paths_of_many_events_leave_two_hundred(acme):
    for number in range(100):
        properties = {f"path {number * 1_000 + one}": one for one in range(1_000)}
        learn(acme, "Wide", now=NOW + number * timedelta(minutes=2), **properties)

    wide = names_of(acme).get()

    assert len(wide.properties) == entry.MAX_PATHS
    assert wide.paths_left_out == 100_000 - entry.MAX_PATHS


def test_a_hundred_thousand_paths_of_one_event_leave_two_hundred(acme):
    learn(acme, "Wide", **{f"path {one}": {"a": one} for one in range(100_000)})

    wide = names_of(acme).get()

    assert len(wide.properties) == entry.MAX_PATHS
    assert wide.paths_left_out == 100_000 - entry.MAX_PATHS


def test_deep_values_and_long_paths_are_left_out():
    deep = {"a": {"b": {"c": {"d": {"e": 1}}}}}

    found = entry.merged({}, {**deep, "x" * 201: 1, "near": {"b": {"c": {"d": 1}}}, "none": None})

    assert found == entry.Entry(
        {"near.b.c.d": {"kind": "number", "samples": ["1"]}},
        left_out=2,
    )


def test_samples_are_few_and_short():
    known: dict = {}
    for number in range(20):
        known = entry.merged(known, {"venue": f"{number} " + "x" * 500}).properties

    samples = known["venue"]["samples"]

    assert len(samples) == entry.MAX_SAMPLES
    assert samples[0].startswith("19 ")
    assert {len(one) for one in samples} == {entry.MAX_SAMPLE_CHARS}


def test_an_entry_that_says_nothing_new_only_tells_when_it_was_seen(acme):
    learn(acme, "Seen", venue="Utrecht")

    learn(acme, "Seen", now=LATER, venue="Utrecht")

    seen = names_of(acme).get()
    assert seen.properties == {"venue": {"kind": "text", "samples": ["Utrecht"]}}
    assert (seen.first_seen_at, seen.last_seen_at) == (NOW, LATER)


# --- several workers ---
@pytest.mark.django_db(transaction=True)
def test_a_name_that_somebody_else_writes_is_learnt_later_without_waiting(acme, elsewhere):
    learn(acme, "Seen", venue="Utrecht")
    elsewhere.execute("SELECT FROM triggers_eventname FOR UPDATE")

    learn(acme, "Seen", now=LATER, price=1)
    meanwhile = set(names_of(acme).get().properties)
    elsewhere.rollback()
    learn(acme, "Seen", now=LATER + timedelta(minutes=2), price=1)

    assert meanwhile == {"venue"}
    assert set(names_of(acme).get().properties) == {"venue", "price"}


@pytest.mark.django_db(transaction=True)
def test_new_names_do_not_wait_for_somebody_else_who_adds(acme, elsewhere):
    elsewhere.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('catalogue of ' || %s::bigint, 0))",
        [acme.pk],
    )

    learn(acme, "Seen")
    meanwhile = names_of(acme).count()
    elsewhere.rollback()
    learn(acme, "Seen", now=LATER)

    assert meanwhile == 0
    assert names_of(acme).count() == 1


def test_the_products_own_names_are_those_that_the_flow_writes():
    assert set(OWN_NAMES) == OWN_EVENTS
