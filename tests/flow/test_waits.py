"""Waits, and what cancels them: the cart that was left behind, exactly."""

import itertools

import pytest

from campaigns.models import Campaign, Moment
from campaigns.services import campaigns
from orchestrator import clock
from orchestrator.pipeline import fire_due
from tests import brand
from tests.carts import ADDED, BOUGHT, SAME_CART, happened, left_behind, live
from triggers.clock import Elapsed, WallClock
from triggers.trigger import CancelOn, ReEntry

pytestmark = pytest.mark.django_db


def test_two_carts_one_bought_one_push_for_the_right_cart(workspace, phone, fcm, work, pass_time):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=10)
    phone.batch(happened(ADDED, "A", 0), happened(ADDED, "B", 1))
    work()
    pass_time(minutes=10)
    phone.batch(happened(BOUGHT, "A", 15))
    work()

    pass_time(minutes=24)
    assert fcm.messages == []
    pass_time(minutes=3)

    assert [one["notification"]["body"] for one in fcm.messages] == ["Cart B waits"]
    assert {one.detail: one.state for one in Moment.objects.all()} == {
        BOUGHT: "cancelled",
        "": "sent",
    }


STORY = [happened(ADDED, "A", 1), happened(ADDED, "B", 2), happened(BOUGHT, "A", 5)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("apart", [True, False])
def test_every_order_of_arrival_gives_the_same_moments(
    order, apart, workspace, phone, fcm, work, pass_time
):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=20)
    arriving = [STORY[index] for index in order]

    for batch in [[one] for one in arriving] if apart else [arriving]:
        phone.batch(*batch)
        work()
    pass_time(minutes=40)

    moments = {(one.occurrence, one.state, one.reason) for one in Moment.objects.all()}
    assert moments == {
        ("Product Added-A-1", "cancelled", "cancelled_by_event"),
        ("Product Added-B-2", "sent", "accepted"),
    }
    assert [one["notification"]["body"] for one in fcm.messages] == ["Cart B waits"]


def test_a_purchase_before_the_cart_was_filled_cancels_nothing(
    workspace, phone, fcm, work, pass_time
):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    pass_time(minutes=20)

    phone.batch(happened(BOUGHT, "A", 1), happened(ADDED, "A", 5))
    work()
    pass_time(minutes=40)

    assert len(fcm.messages) == 1


def test_the_same_event_restarts_the_wait(workspace, phone, fcm, work, pass_time):
    live(
        workspace,
        wait=Elapsed(seconds=30 * 60),
        cancel_on=(CancelOn(event=ADDED, same=(SAME_CART,)),),
    )
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=21)
    phone.batch(happened(ADDED, "A", 0), happened(ADDED, "A", 20))
    work()

    pass_time(minutes=15)
    assert fcm.messages == []
    pass_time(minutes=15)

    assert len(fcm.messages) == 1
    reasons = dict(Moment.objects.values_list("occurrence", "reason"))
    assert reasons["Product Added-A-20"] == "accepted"


def test_a_wall_clock_wait_is_in_the_persons_time(workspace, phone, fcm, work, virtual_clock):
    live(workspace, wait=WallClock(days=1, at="09:00"))
    phone.batch(brand.identify("anna", context={
        "timezone": "America/New_York",
        "device": {"id": "p", "type": "ios", "token": "ok:p"},
    }))  # fmt: skip
    phone.batch(happened(ADDED, "A", 0))
    work()

    assert str(Moment.objects.get().due_at) == "2026-11-22 14:00:00+00:00"


def test_an_edit_never_changes_a_moment_that_waits(workspace, phone, fcm, work, pass_time):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=5)
    phone.batch(happened(ADDED, "A", 1))
    work()

    left_behind(workspace, body="New words")
    pass_time(minutes=45)

    assert [one["notification"]["body"] for one in fcm.messages] == ["Cart A waits"]


def test_what_no_longer_matches_after_the_wait_is_not_sent(workspace, phone, fcm, work, pass_time):
    rule = {
        "version": 1,
        "combinator": "and",
        "rules": [{"field": "person.traits.plan", "operator": "equals", "value": "free"}],
    }
    live(workspace, rule=rule, wait=Elapsed(seconds=600))
    phone.batch(brand.identify("anna", traits={"plan": "free"}), happened(ADDED, "A", 0))
    work()
    phone.batch({"type": "identify", "userId": "anna", "traits": {"plan": "paid"}})
    work()

    pass_time(minutes=11)

    assert Moment.objects.get().reason == "no_longer_matches"
    assert fcm.messages == []


def test_a_paused_campaigns_moments_wait_until_it_resumes(workspace, phone, fcm, work, pass_time):
    left_behind(workspace)
    campaign = Campaign.objects.get()
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=5)
    phone.batch(happened(ADDED, "A", 1))
    work()
    campaigns.pause(campaign=campaign, now=clock.now())
    pass_time(minutes=60)
    assert Moment.objects.get().state == "waiting"

    campaigns.resume(campaign=campaign, now=clock.now())
    pass_time(seconds=1)

    assert len(fcm.messages) == 1


RE_ENTRY = {
    "always": (ReEntry(), 3),
    "once": (ReEntry(mode="once"), 1),
    "every hour": (ReEntry(mode="every", every_s=3600), 1),
    "every minute": (ReEntry(mode="every", every_s=60), 3),
    "once per cart": (ReEntry(mode="once", scope="key"), 2),
    "once a day": (ReEntry(mode="daily"), 1),
}


@pytest.mark.parametrize("case", RE_ENTRY)
def test_how_often_one_person_can_get_it(case, workspace, phone, fcm, work, pass_time):
    re_entry, pushes = RE_ENTRY[case]
    live(workspace, re_entry=re_entry, key="event.properties.cart_id")
    phone.batch(brand.identify("anna"))
    for cart in ("A", "B", "A"):
        pass_time(minutes=5)
        phone.batch({**happened(ADDED, cart, 0), "messageId": f"{cart}-{clock.now()}"})
        work()

    assert len(fcm.messages) == pushes


def test_a_moment_that_was_not_sent_gives_its_slot_back(workspace, phone, fcm, work, pass_time):
    live(workspace, re_entry=ReEntry(mode="once"))
    phone.batch(brand.identify("anna", token="unreg:anna"), happened(ADDED, "A", 0))
    work()
    assert Moment.objects.get().state == "failed"

    phone.put("devices/new", {"platform": "ios", "token": "ok:new", "user_id": "anna"})
    phone.batch(happened(ADDED, "B", 0))
    work()

    assert len(fcm.messages) == 1


def test_a_merged_persons_cart_is_still_cancelled(workspace, phone, fcm, work, pass_time):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    pass_time(minutes=5)
    phone.batch({**happened(ADDED, "A", 1), "userId": None, "anonymousId": "x"})
    work()
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "x"})
    work()

    phone.batch(happened(BOUGHT, "A", 3))
    work()
    pass_time(minutes=60)

    assert Moment.objects.get().state == "cancelled"


@pytest.mark.tampers_with_the_past
def test_a_moment_that_cannot_be_decided_blocks_nobody(
    workspace, phone, fcm, work, virtual_clock, monkeypatch
):
    left_behind(workspace)
    phone.batch(brand.identify("anna"), brand.identify("bram", first_name="Bram"))
    work()
    virtual_clock.forward(minutes=5)
    phone.batch(happened(ADDED, "broken", 1), happened(ADDED, "whole", 2, user="bram"))
    work()
    real = fire_due.fire

    def failing(due, locked, *, now):
        broken = set(Moment.objects.filter(key="", occurrence__contains="broken")
                     .values_list("id", flat=True))  # fmt: skip
        if broken & {one[0] for one in due}:
            raise ValueError
        return real(due, locked, now=now)

    monkeypatch.setattr(fire_due, "fire", failing)
    virtual_clock.forward(minutes=60)
    fire_due.fire_due(clock=clock.now)
    work()

    assert dict(Moment.objects.values_list("occurrence", "state")) == {
        "Product Added-broken-1": "error",
        "Product Added-whole-2": "sent",
    }


@pytest.mark.parametrize("bought_id", ["0", "z"])
@pytest.mark.parametrize("first", [ADDED, BOUGHT])
def test_a_purchase_in_the_same_instant_cancels(bought_id, first, workspace, phone, work,
                                                virtual_clock):  # fmt: skip
    """A server posts both in one batch without times; no message id may decide it."""
    left_behind(workspace)
    added = {**happened(ADDED, "A", 0), "messageId": "m", "timestamp": None}
    bought = {**happened(BOUGHT, "A", 0), "messageId": bought_id, "timestamp": None}

    phone.batch(*([added, bought] if first == ADDED else [bought, added]))
    work()

    assert Moment.objects.get().state == "cancelled"


def test_two_of_one_event_in_the_same_instant_leave_one_wait(workspace, phone, work,
                                                             virtual_clock):  # fmt: skip
    live(
        workspace, wait=Elapsed(seconds=600), cancel_on=(CancelOn(event=ADDED, same=(SAME_CART,)),)
    )
    twice = [{**happened(ADDED, "A", 0), "messageId": id, "timestamp": None} for id in ("b", "a")]

    phone.batch(*twice)
    work()

    assert dict(Moment.objects.values_list("occurrence", "state")) == {
        "a": "cancelled",
        "b": "waiting",
    }
