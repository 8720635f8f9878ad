"""A campaign that the brand's server calls: who is named gets it, and no app can fake a call."""

from datetime import timedelta

import pytest

from campaigns.models import Moment
from orchestrator import clock
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.message import InboxMessage
from tests import brand
from tests.planning import EVE, daily, live, moments, only_if, someone
from triggers.clock import Elapsed
from triggers.models import Event
from triggers.trigger import (
    ApiTrigger,
    BusinessTrigger,
    CancelOn,
    EventTrigger,
    InteractionTrigger,
    ReEntry,
    Same,
)

pytestmark = pytest.mark.django_db

BODY = "Order {{ event.properties.order }}"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    virtual_clock.now = EVE
    return virtual_clock


@pytest.fixture
def call(workspace, work):
    """What the door hands over for one person."""

    def called(user="anna", message_id="t1", *, campaign="news", **properties):
        message = InboxMessage(
            type="trigger",
            message_id=message_id,
            occurred_at=clock.now(),
            source="server",
            user_id=user,
            campaign=campaign,
            properties=properties,
        )
        accept(workspace_id=workspace.pk, key_id=None, messages=[message], now=clock.now())
        work()

    return called


def test_who_is_named_gets_the_message_with_the_properties(workspace, fcm, call):
    live(workspace, ApiTrigger(), body=BODY)
    live(workspace, ApiTrigger(), key="other", body="Never")
    someone(workspace, "anna")
    someone(workspace, "bram")

    call("anna", order="A-1")

    assert [(one["token"], one["notification"]["body"]) for one in fcm.messages] == [
        ("ok:anna", "Order A-1")
    ]
    assert moments() == [("anna", "t1", "sent", "accepted")]


@pytest.mark.parametrize("campaign", ["nobody", "listens", "NEWS", ""])
def test_a_key_of_no_called_campaign_opens_nothing(campaign, workspace, call):
    live(workspace, ApiTrigger())
    live(workspace, EventTrigger(event=brand.OPEN_DAY), key="listens")
    live(workspace, daily(), key="daily")
    someone(workspace)

    call("anna", campaign=campaign)

    assert moments() == []


def test_a_call_of_a_schedule_or_a_business_campaign_opens_nothing(workspace, call):
    live(workspace, daily(), key="daily")
    live(workspace, BusinessTrigger(event="Price Dropped"), key="dropped")
    someone(workspace)

    call("anna", campaign="daily")
    call("anna", "t2", campaign="dropped")

    assert moments() == []


def test_the_same_call_twice_counts_once(workspace, call):
    live(workspace, ApiTrigger())
    someone(workspace)

    call("anna")
    call("anna")

    assert len(moments()) == 1


def test_properties_can_be_asked_by_the_rule(workspace, call):
    live(workspace, ApiTrigger(rule=only_if("event.properties.order", "A-1")))
    someone(workspace)

    call("anna", "t1", order="A-1")
    call("anna", "t2", order="A-2")
    call("anna", "t3")

    assert [one[1] for one in moments()] == ["t1"]


def test_a_key_and_re_entry_tell_calls_apart(workspace, call):
    once_each = ReEntry(mode="once", scope="key")
    live(workspace, ApiTrigger(key="event.properties.order", re_entry=once_each))
    someone(workspace)

    call("anna", "t1", order="A-1")
    call("anna", "t2", order="A-2")
    call("anna", "t3", order="A-1")
    call("anna", "t4")

    assert [one[3] for one in moments()] == ["", "", "already_received", "missing"]


def test_a_call_can_wait_and_be_cancelled(workspace, phone, work, call, at):
    same = Same(property="order", equals="event.properties.order")
    live(
        workspace,
        ApiTrigger(wait=Elapsed(seconds=600), cancel_on=(CancelOn(event="Paid", same=(same,)),)),
    )
    someone(workspace)
    call("anna", "t1", order="A-1")
    call("anna", "t2", order="A-2")

    phone.batch(
        {
            "type": "track",
            "userId": "anna",
            "event": "Paid",
            "messageId": "p",
            "properties": {"order": "A-1"},
        }
    )
    work()
    at(EVE + timedelta(seconds=600))

    assert [one[1:3] for one in moments()] == [("t1", "cancelled"), ("t2", "pushing")]


# --- what cannot be faked ---
OWN = {
    "Campaign Triggered": ApiTrigger(),
    "Schedule Reached": daily(),
    "Date Reached": None,
    "Push Opened": InteractionTrigger(campaign="first", did="opened"),
    "Push Accepted": InteractionTrigger(campaign="first", did="accepted"),
    "Push Failed": None,
}


@pytest.mark.parametrize("name", OWN)
def test_an_app_cannot_send_an_event_of_our_own(name, workspace, phone, work):
    live(workspace, EventTrigger(event=brand.OPEN_DAY), key="first")
    if OWN[name]:
        live(workspace, OWN[name])
    someone(workspace)

    answer = phone.batch(faked("track", name))
    work()

    assert [one["error"]["code"] for one in answer.json()["rejected"]] == ["reserved_name"]
    assert not Event.objects.filter(name=name).exists()
    assert not Moment.objects.exists()


@pytest.mark.parametrize("name", ["Schedule Reached", "Campaign Triggered", "Price Dropped"])
def test_a_secret_key_starts_nothing_that_is_called(name, workspace, server, work):
    live(workspace, ApiTrigger(), key="api")
    live(workspace, daily(), key="daily")
    live(workspace, BusinessTrigger(event="Price Dropped"), key="dropped")
    someone(workspace)

    for number, campaign in enumerate(("api", "daily", "dropped")):
        server.batch(faked("track", name, campaign=campaign, number=number))
    work()

    assert not Moment.objects.exists()


@pytest.mark.parametrize("kind", ["trigger", "opened", "settled", "tick", "device"])
def test_neither_key_can_post_a_message_of_the_flows_own_type(kind, workspace, phone, server, work):
    live(workspace, ApiTrigger())
    live(workspace, EventTrigger(event=brand.OPEN_DAY), key="first")
    live(workspace, InteractionTrigger(campaign="first", did="opened"), key="second")
    someone(workspace)

    for number, door in enumerate((phone, server)):
        answer = door.batch(faked(kind, "Push Opened", campaign="news", number=number))
        assert len(answer.json()["rejected"]) == 1
    work()

    assert not Moment.objects.exists()


def test_what_an_app_puts_into_a_context_calls_nothing_and_lengthens_no_chain(
    workspace, phone, work
):
    live(workspace, EventTrigger(event=brand.OPEN_DAY), key="first")
    live(workspace, ApiTrigger())
    someone(workspace)

    context = {"campaign": {"name": "news"}, "chain": 99}
    phone.batch({**brand.attended("anna"), "context": context})
    phone.batch({**brand.attended("anna", "m2"), "context": {"campaign": "news", "chain": "x"}})
    work()

    assert [one[1:3] for one in moments()] == [("m1", "pushing"), ("m2", "pushing")]


def faked(kind, name, *, campaign="news", number=0):
    return {
        "type": kind,
        "event": name,
        "messageId": f"fake-{number}",
        "userId": "anna",
        "campaign": campaign,
        "properties": {"campaign_key": "first", "moment_id": "x", "push_id": "x"},
        "context": {"campaign": campaign, "chain": 0},
    }
