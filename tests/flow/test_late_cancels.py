"""A cancel that comes late, or waits in the inbox, still cancels."""

import pytest

from campaigns.models import Moment, Push
from orchestrator import clock, gateway
from orchestrator.pipeline import dispatch, evaluate, fire_due
from tests import brand
from tests.carts import ADDED, BOUGHT, happened, left_behind

pytestmark = pytest.mark.django_db


def test_a_late_purchase_cancels_up_to_the_moment_of_dispatch(workspace, phone, fcm, work,
                                                              virtual_clock):  # fmt: skip
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    virtual_clock.forward(minutes=5)
    phone.batch(happened(ADDED, "A", 1))
    work()
    virtual_clock.forward(minutes=50)
    fire_due.fire_due(clock=clock.now)
    assert Push.objects.get().state == "pending"

    phone.batch(happened(BOUGHT, "A", 20))
    evaluate.evaluate(clock=clock.now)
    work()

    assert fcm.messages == []
    assert (Moment.objects.get().state, Push.objects.get().reason) == (
        "cancelled",
        "cancelled_by_event",
    )


def test_a_due_moment_waits_for_a_cancel_that_is_still_in_the_inbox(workspace, phone, fcm, work,
                                                                    virtual_clock):  # fmt: skip
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    virtual_clock.forward(minutes=5)
    phone.batch(happened(ADDED, "A", 1))
    work()
    virtual_clock.forward(minutes=41)
    phone.batch(happened(BOUGHT, "A", 45))
    virtual_clock.forward(seconds=1)

    fire_due.fire_due(clock=clock.now)
    assert Moment.objects.get().state == "waiting"
    work()

    assert Moment.objects.get().state == "cancelled"


def test_a_stuck_inbox_holds_a_moment_for_thirty_seconds_at_most(workspace, phone, work,
                                                                 virtual_clock):  # fmt: skip
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    virtual_clock.forward(minutes=5)
    phone.batch(happened(ADDED, "A", 1))
    work()
    virtual_clock.forward(minutes=41)
    phone.batch(happened("Seen", "A", 45))
    virtual_clock.forward(seconds=31)

    fire_due.fire_due(clock=clock.now)

    assert Moment.objects.get().state == "pushing"


def test_a_push_waits_for_the_message_that_may_cancel_it_but_not_for_ever(
    workspace, phone, fcm, virtual_clock, work
):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    phone.batch(happened(ADDED, "A", 0))
    work()
    virtual_clock.forward(minutes=46)
    fire_due.fire_due(clock=clock.now)
    phone.batch(happened(BOUGHT, "B", 5))  # of Anna's, so it might be this cart
    virtual_clock.forward(seconds=1)

    send()
    waited = Push.objects.get()
    virtual_clock.forward(seconds=30)
    send()

    assert (waited.state, waited.attempts, waited.sent_at) == ("pending", 0, None)
    assert len(fcm.messages) == 1


def test_a_purchase_that_waits_to_be_evaluated_stops_the_push(
    workspace, phone, fcm, virtual_clock, work
):
    left_behind(workspace)
    phone.batch(brand.identify("anna"))
    work()
    phone.batch(happened(ADDED, "A", 0))
    work()
    virtual_clock.forward(minutes=46)
    fire_due.fire_due(clock=clock.now)
    phone.batch(happened(BOUGHT, "A", 5))
    virtual_clock.forward(seconds=1)

    send()
    work()

    assert fcm.messages == []
    assert Moment.objects.get().state == "cancelled"


def send():
    dispatch.dispatch(gateway=gateway.gateway(), clock=clock.now, stopping=gateway.stopping)
