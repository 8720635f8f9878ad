"""Which sources' events a trigger counts, and which version a waiting moment follows."""

from datetime import timedelta

import pytest

from orchestrator import clock
from orchestrator.pipeline import business
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.message import InboxMessage
from tests import brand
from tests.planning import EVE, live, moments, only_if, someone
from triggers.clock import Elapsed
from triggers.trigger import Audience, BusinessTrigger, CancelOn, EventTrigger

pytestmark = pytest.mark.django_db

SOURCES = ("public", "verified", "server")
LATER = timedelta(seconds=600)


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    virtual_clock.now = EVE


@pytest.fixture
def happens(workspace, work):
    def event(source="public", message_id="m1", name=brand.OPEN_DAY, **properties):
        message = InboxMessage(
            type="track",
            message_id=message_id,
            occurred_at=clock.now(),
            source=source,
            user_id="anna",
            name=name,
            properties=properties,
        )
        accept(workspace_id=workspace.pk, key_id=None, messages=[message], now=clock.now())
        work()

    return event


@pytest.mark.parametrize("wanted", SOURCES)
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_counts_that_is_trusted_enough(wanted, source, workspace, happens):
    live(workspace, EventTrigger(event=brand.OPEN_DAY, source=wanted))
    someone(workspace)

    happens(source)

    assert (moments() != []) is (SOURCES.index(source) >= SOURCES.index(wanted))


def test_a_write_key_is_public_and_a_secret_key_the_server(workspace, phone, server, work):
    live(workspace, EventTrigger(event=brand.OPEN_DAY, source="server"))
    someone(workspace)

    phone.batch(brand.attended("anna", "from the app"))
    server.batch(brand.attended("anna", "from the server"))
    work()

    assert [one[1] for one in moments()] == ["from the server"]


def test_who_waits_for_a_trusted_event_still_goes_after_the_wait(workspace, happens, at):
    trigger = EventTrigger(event=brand.OPEN_DAY, source="server", wait=Elapsed(seconds=600))
    live(workspace, trigger)
    someone(workspace)

    happens("server")
    at(EVE + LATER)

    assert [one[2] for one in moments()] == ["pushing"]


# --- which version those who wait follow ---
WAITING = EventTrigger(event=brand.OPEN_DAY, wait=Elapsed(seconds=600))


@pytest.mark.parametrize("for_waiting", [True, False])
def test_who_waits_gets_the_words_of_the_version_that_was_chosen(
    for_waiting, workspace, fcm, happens, at
):
    live(workspace, WAITING, body="old")
    someone(workspace)
    happens()

    live(workspace, WAITING, body="new", for_waiting=for_waiting)
    happens(message_id="m2")
    at(EVE + LATER)

    bodies = sorted(one["notification"]["body"] for one in fcm.messages)
    assert bodies == ["new", "new" if for_waiting else "old"]


@pytest.mark.parametrize("for_waiting", [True, False])
def test_a_new_version_for_those_who_wait_is_asked_for_its_rule(
    for_waiting, workspace, happens, at
):
    live(workspace, WAITING)
    someone(workspace, city="Utrecht")
    happens()

    stricter = EventTrigger(
        event=brand.OPEN_DAY, wait=WAITING.wait, rule=only_if("person.traits.city", "Delft")
    )
    live(workspace, stricter, for_waiting=for_waiting)
    at(EVE + LATER)

    expected = ("skipped", "no_longer_matches") if for_waiting else ("pushing", "")
    assert [one[2:] for one in moments()] == [expected]


@pytest.mark.parametrize("for_waiting", [True, False])
def test_a_new_version_for_those_who_wait_has_its_cancels(for_waiting, workspace, happens, at):
    live(workspace, WAITING)
    someone(workspace)
    happens()

    cancelled = EventTrigger(
        event=brand.OPEN_DAY, wait=WAITING.wait, cancel_on=(CancelOn(event="Bought"),)
    )
    live(workspace, cancelled, for_waiting=for_waiting)
    happens(message_id="b", name="Bought")
    at(EVE + LATER)

    assert [one[2] for one in moments()] == ["cancelled" if for_waiting else "pushing"]


def test_a_later_version_that_is_not_for_them_leaves_them_where_they_are(
    workspace, fcm, happens, at
):
    live(workspace, WAITING, body="one")
    someone(workspace)
    happens()

    live(workspace, WAITING, body="two", for_waiting=True)
    live(workspace, WAITING, body="three")
    at(EVE + LATER)

    assert [one["notification"]["body"] for one in fcm.messages] == ["two"]


# --- what an identify says is a property of its event ---
def test_an_identify_is_asked_with_the_past_that_its_rule_wants(workspace, phone, work):
    gold = {"field": "event.properties.plan", "operator": "equals", "value": "gold"}
    visited = {
        "field": "history.count",
        "operator": "at_least",
        "value": 1,
        "of": {"event": brand.OPEN_DAY},
    }
    rule = {"version": 1, "combinator": "and", "not": False, "rules": [gold, visited]}
    live(workspace, EventTrigger(event="Person Identified", rule=rule))
    someone(workspace)
    phone.batch(brand.attended("anna"))
    work()

    identify = {"type": "identify", "userId": "anna", "messageId": "i", "traits": {"plan": "gold"}}
    phone.batch(identify)
    work()

    assert [one[1] for one in moments()] == ["i"]


def test_an_identify_joins_business_events_by_its_traits(workspace, phone, work, at):
    who = Audience(event="Person Identified", property="plan", equals="event.properties.plan")
    live(workspace, BusinessTrigger(event="Plan Changed", audience=who))
    someone(workspace)
    identify = {"type": "identify", "userId": "anna", "messageId": "i", "traits": {"plan": "gold"}}
    at(EVE)
    phone.batch(identify)
    work()

    business.report(
        workspace_id=workspace.pk,
        name="Plan Changed",
        properties={"plan": "gold"},
        message_id="r1",
        occurred_at=EVE,
        now=EVE,
    )
    at(EVE)

    assert [one[1] for one in moments()] == ["news:r1"]
