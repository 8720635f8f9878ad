"""The main job: an event in over HTTP, a personal push out at the fake FCM."""

import pytest

from campaigns.models import Moment, Push
from tests import brand
from triggers.models import Event

pytestmark = pytest.mark.django_db


def test_an_event_becomes_one_personal_push(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    answer = phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()

    assert answer.json() == {"success": True, "accepted": 2, "rejected": []}
    [message] = fcm.messages
    assert message["notification"]["body"] == "Hi Anna, thank you for visiting Utrecht"
    assert message["token"] == "ok:anna"
    moment = Moment.objects.get()
    assert (moment.state, moment.reason) == ("sent", "accepted")
    assert message["data"] == {
        "push_id": str(Push.objects.get().pk),
        "moment_id": str(moment.pk),
        "campaign": "thank-you",
        "deep_link": "",
    }


def test_every_push_of_a_moment_carries_one_tag(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    tablet = {"context": {"device": {"id": "tablet", "type": "android", "token": "ok:tablet"}}}

    phone.batch(
        brand.identify("anna"),
        {**brand.identify("anna"), "messageId": "second", **tablet},
        brand.attended("anna"),
    )
    work()

    tags = {message["android"]["notification"]["tag"] for message in fcm.messages}
    collapse = {message["apns"]["headers"]["apns-collapse-id"] for message in fcm.messages}
    assert len(fcm.messages) == 2
    assert tags == collapse == {str(Moment.objects.get().pk)}


def test_a_person_without_first_name_is_skipped_with_the_reason(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    phone.batch(brand.identify("nameless", first_name=None), brand.attended("nameless"))
    work()

    moment = Moment.objects.get()
    assert (moment.state, moment.reason, moment.detail) == (
        "skipped",
        "missing",
        "person.first_name",
    )
    assert fcm.messages == []


def test_the_same_batch_three_times_gives_one_moment(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    for _ in range(3):
        phone.batch(brand.identify("anna"), brand.attended("anna"))
        work()

    assert Moment.objects.count() == 1
    assert len(fcm.messages) == 1
    assert Event.objects.filter(name=brand.OPEN_DAY).count() == 1


def test_duplicates_inside_one_batch_give_one_moment(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna"), *[brand.attended("anna")] * 3)
    work()

    assert len(fcm.messages) == 1


def test_a_paused_campaign_sends_nothing_and_resumes_what_is_fresh(workspace, phone, fcm, work):
    from campaigns.services import campaigns
    from orchestrator import clock
    from orchestrator.pipeline import evaluate

    campaign = brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)

    campaigns.pause(campaign=campaign, now=clock.now())
    work()
    assert fcm.messages == []
    assert Push.objects.get().state == "pending"

    campaigns.resume(campaign=campaign, now=clock.now())
    work()
    assert len(fcm.messages) == 1


def test_a_paused_campaign_opens_no_moments(workspace, phone, fcm, work):
    from campaigns.services import campaigns
    from orchestrator import clock

    campaign = brand.live_campaign(workspace)
    campaigns.pause(campaign=campaign, now=clock.now())

    phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()

    assert not Moment.objects.exists()


def test_a_rule_decides_who_is_considered(workspace, phone, fcm, work):
    rule = {
        "version": 1,
        "combinator": "and",
        "rules": [{"field": "event.properties.venue", "operator": "equals", "value": "Delft"}],
    }
    brand.live_campaign(workspace, rule=rule)

    phone.batch(
        brand.identify("anna"),
        brand.attended("anna"),
        {**brand.attended("anna", "m2"), "properties": {"venue": "Delft"}},
    )
    work()

    assert [one.event_name for one in Moment.objects.all()] == [brand.OPEN_DAY]
    assert Moment.objects.get().occurrence == "m2"


def test_an_old_event_is_kept_and_never_fires(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna"), brand.attended("anna", timestamp="1970-01-01T00:00:00Z"))
    work()

    assert Event.objects.get(name=brand.OPEN_DAY).occurred_at.year == 1970
    assert Moment.objects.get().reason == "event_too_old"
    assert fcm.messages == []


def test_a_future_event_is_clamped_to_its_arrival(workspace, phone, fcm, work):
    phone.batch(brand.attended("anna", timestamp="2100-01-01T00:00:00Z"))
    work()

    event = Event.objects.get(name=brand.OPEN_DAY)
    assert event.occurred_at == event.received_at


def test_a_wrong_phone_clock_is_corrected(workspace, phone, work, virtual_clock):
    phone.batch(
        brand.attended("anna", timestamp="2026-11-21T09:00:00Z"), sentAt="2026-11-21T09:10:00Z"
    )
    work()

    event = Event.objects.get(name=brand.OPEN_DAY)
    assert (event.received_at - event.occurred_at).total_seconds() == 600


def test_logout_ends_what_waits_for_the_phone(workspace, phone, fcm, work):
    from orchestrator import clock
    from orchestrator.pipeline import evaluate

    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)

    phone.delete("devices/phone-of-anna")
    work()

    assert fcm.messages == []
    assert Push.objects.get().reason == "logged_out"
    assert Moment.objects.get().state == "cancelled"


def test_a_phone_that_changed_hands_shows_nothing_of_its_last_owner(workspace, phone, fcm, work):
    from orchestrator import clock
    from orchestrator.pipeline import evaluate

    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    same_phone = {"context": {"device": {"id": "phone-of-anna", "type": "ios"}}}

    phone.batch({**brand.identify("bram", first_name="Bram"), **same_phone})
    work()

    assert fcm.messages == []
    assert Push.objects.get().reason == "device_changed_hands"


def test_an_unregistered_address_retires_the_device(workspace, phone, fcm, work):
    from audience.models import Device

    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna", token="unreg:anna"), brand.attended("anna"))
    work()

    assert Device.objects.get().retired_reason == "unregistered"
    assert Moment.objects.get().state == "failed"


def test_a_payload_that_fcm_refuses_retires_nobody(workspace, phone, fcm, work):
    from audience.models import Device

    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna", token="badpayload:anna"), brand.attended("anna"))
    work()

    assert Device.objects.get().retired_at is None
    assert Moment.objects.get().reason == "refused_by_fcm"
