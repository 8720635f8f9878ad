"""Starting over on the phones page."""

import pytest

from audience.models import Device, Identity, Person
from campaigns.models import Moment, Push
from orchestrator.models import Inbox
from orchestrator.simulator.phones import people
from orchestrator.simulator.phones.cast import CAST, VISIT
from tests import brand
from tests.phones import ANNA, BRAM, GUEST, hello, track
from triggers.models import Event, SeenMessage

pytestmark = pytest.mark.django_db


def test_starting_over_forgets_the_cast_and_nobody_else(demo, app, page, work, fcm):
    brand.live_campaign(demo)
    app.batch(brand.identify("somebody"), brand.attended("somebody"))
    app.batch(*[hello(one) for one in CAST], *[track(one) for one in CAST])
    app.delete(f"devices/{BRAM.installation_id}")
    work()

    assert page.start_over() == {"fake_emptied": True}

    somebody = Identity.objects.get().person_id
    assert set(Person.objects.values_list("pk", flat=True)) == {somebody}
    assert set(Event.objects.values_list("person_id", flat=True)) == {somebody}
    assert set(Moment.objects.values_list("person_id", flat=True)) == {somebody}
    assert set(Push.objects.values_list("person_id", flat=True)) == {somebody}
    assert set(Device.objects.values_list("installation_id", flat=True)) == {"phone-of-somebody"}
    assert fcm.messages == []
    feed = page.feed()
    assert {entry["who"] for entry in feed["timeline"]} == {"somebody"}
    assert feed["own"] == {}


def test_after_starting_over_the_phones_introduce_themselves_with_the_same_messages(
    demo, app, page, work
):
    app.batch(hello(ANNA))
    work()
    page.start_over()

    app.batch(hello(ANNA))
    work()

    assert page.feed()["phones"]["anna"]["logged_in"] is True
    assert SeenMessage.objects.count() == 1


def test_messages_of_the_cast_that_wait_are_forgotten_too(demo, app, page):
    app.batch(hello(ANNA), track(GUEST))
    app.batch(brand.attended("somebody", properties={"told": "demo-anna"}))

    page.start_over()

    [left] = Inbox.objects.all()
    assert b"somebody" in bytes(left.body)


def test_a_guest_who_became_a_real_person_is_shown_as_that_and_not_forgotten(demo, app, page, work):
    app.batch(track(GUEST))
    app.batch(brand.identify("somebody", anonymousId=GUEST.anonymous_id))
    work()

    shown = page.feed()["timeline"]
    page.start_over()

    assert {(entry["who"], entry["phone"]) for entry in shown} == {("somebody", "")}
    assert Event.objects.filter(name=VISIT).count() == 1
    assert people.members(workspace=demo.pk) == []
