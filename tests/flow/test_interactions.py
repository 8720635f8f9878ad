"""Campaigns that other campaigns' messages start: got, opened, not opened in time; chains end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audience.models import Device
from campaigns.models import Moment, Push
from tests import brand, cast
from tests.conftest import Phone
from tests.planning import EVE, live, moments, only_if, someone
from triggers.clock import Elapsed
from triggers.models import Event
from triggers.trigger import CancelOn, EventTrigger, InteractionTrigger

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TAPPED = "Push Notification Tapped"


def first(workspace, key="first"):
    return live(workspace, EventTrigger(event=brand.OPEN_DAY), key=key)


def follows(workspace, did, *, campaign="first", key="second", **more):
    trigger = InteractionTrigger(campaign=campaign, did=did, **more)
    return live(workspace, trigger, key=key, body=key)


def tap(user, push, message_id="tap", *, event=TAPPED, phone_of=None, **more):
    message = {
        "type": "track",
        "event": event,
        "messageId": message_id,
        "userId": user,
        "properties": {"push_id": str(push)},
        **more,
    }
    if phone_of:
        message["context"] = {"device": {"id": f"phone-of-{phone_of}", "type": "ios"}}
    return message


@pytest.fixture
def at_noon(virtual_clock):
    virtual_clock.now = EVE


def push_of(user="anna"):
    device = Device.objects.get(installation_id=f"phone-of-{user}")
    return Push.objects.get(device_id=device.pk, campaign__key="first").pk


def by_campaign():
    found = Moment.objects.values_list("campaign__key", "state", "reason")
    return {key: (state, reason) for key, state, reason in found}


def bodies(fcm):
    return sorted(one["notification"]["body"] for one in fcm.messages)


# --- got ---
def test_who_gets_one_message_gets_the_next_once_even_with_two_phones(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "accepted")
    anna = someone(workspace)
    cast.device(workspace, anna, address="ok:tablet", installation_id="tablet")

    phone.batch(brand.attended("anna"))
    for _ in range(3):
        work()

    assert bodies(fcm) == ["Hello", "Hello", "second", "second"]
    assert sorted(by_campaign().items()) == [
        ("first", ("sent", "accepted")),
        ("second", ("sent", "accepted")),
    ]
    assert Moment.objects.count() == 2


def test_a_message_that_fcm_refuses_starts_nothing(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "accepted")
    anna = someone(workspace)
    Device.objects.filter(person=anna).update(address="unreg:anna")

    phone.batch(brand.attended("anna"))
    work()
    work()

    assert by_campaign() == {"first": ("failed", "unregistered")}


# --- opened ---
@pytest.mark.parametrize("event", [TAPPED, "Application Opened"])
@pytest.mark.parametrize("phone_of", ["anna", None])
def test_who_opens_it_gets_the_next_once(event, phone_of, workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "opened")
    someone(workspace)
    phone.batch(brand.attended("anna"))
    work()

    for number in range(3):
        tapped = tap("anna", push_of(), f"tap-{number}", event=event, phone_of=phone_of)
        phone.batch(tapped, {**tapped, "messageId": f"again-{number}"})
        work()

    assert bodies(fcm) == ["Hello", "second"]
    assert Event.objects.filter(name="Push Opened").count() == 1
    assert Event.objects.filter(name=event).count() == 6


def test_two_phones_that_open_one_moment_open_it_once(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "opened")
    anna = someone(workspace)
    cast.device(workspace, anna, address="ok:tablet", installation_id="tablet")
    phone.batch(brand.attended("anna"))
    work()

    for push in Push.objects.all():
        phone.batch(tap("anna", push.pk, f"tap {push.pk}"))
        work()

    assert bodies(fcm) == ["Hello", "Hello", "second", "second"]
    assert Moment.objects.count() == 2


FALSE = {
    "another person's phone": lambda push: tap("bram", push, phone_of="bram"),
    "another person without a phone": lambda push: tap("bram", push),
    "another phone of hers": lambda push: tap("anna", push, phone_of="her-tablet"),
    "a made-up id": lambda push: tap("anna", uuid4()),
    "no id": lambda push: {**tap("anna", push), "properties": {}},
    "another vendor's id": lambda push: tap("anna", "0:1234%abcd"),
    "a number": lambda push: {**tap("anna", push), "properties": {"push_id": 42}},
    "a list": lambda push: {**tap("anna", push), "properties": {"push_id": [str(push)]}},
    "another event": lambda push: tap("anna", push, event="Screen Tapped"),
    "an identify": lambda push: {**tap("anna", push), "type": "identify"},
}


@pytest.mark.parametrize("case", FALSE)
def test_what_is_no_tap_of_her_push_opens_nothing(case, workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "opened")
    someone(workspace, "anna")
    someone(workspace, "bram")
    phone.batch(brand.attended("anna"))
    work()

    phone.batch(FALSE[case](push_of()))
    work()

    assert bodies(fcm) == ["Hello"]
    assert not Event.objects.filter(name="Push Opened").exists()


def test_another_brands_push_cannot_be_opened(workspace, phone, fcm, work):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    first(workspace)
    live(other, InteractionTrigger(campaign="first", did="opened"), key="second")
    someone(workspace)
    cast.person(other, "anna")
    phone.batch(brand.attended("anna"))
    work()

    Phone("other-" + brand.WRITE_KEY).batch(tap("anna", push_of()))
    work()

    assert not Event.objects.filter(name="Push Opened").exists()


def test_a_tap_after_signing_in_on_the_same_phone_still_opens(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "opened")
    message = {**brand.attended("x"), "anonymousId": "x"}
    del message["userId"]
    device = {"id": "phone-of-anna", "type": "ios", "token": "ok:anna"}
    phone.batch({**message, "context": {"device": device}})
    work()
    someone_else = {"type": "identify", "messageId": "i", "userId": "anna", "anonymousId": "x"}
    phone.batch(someone_else)
    work()

    phone.batch(tap("anna", push_of(), phone_of="anna"))
    work()

    assert bodies(fcm) == ["Hello", "second"]


def test_the_rule_may_ask_about_the_person(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "opened", rule=only_if("person.traits.city", "Delft"))
    someone(workspace, "anna", city="Delft")
    someone(workspace, "bram", city="Utrecht")
    phone.batch(brand.attended("anna", "m1"), brand.attended("bram", "m2"))
    work()

    for user in ("anna", "bram"):
        phone.batch(tap(user, push_of(user), f"tap of {user}"))
    work()

    assert [one["token"] for one in fcm.messages if one["notification"]["body"] == "second"] == [
        "ok:anna"
    ]


# --- not opened ---
def test_who_does_not_open_it_in_time_gets_the_next(workspace, phone, fcm, work, at, at_noon):
    first(workspace)
    follows(workspace, "not_opened", within_s=3600)
    someone(workspace)
    phone.batch(brand.attended("anna"))
    work()

    at(EVE + timedelta(seconds=3599))
    assert bodies(fcm) == ["Hello"]
    at(EVE + timedelta(seconds=3600))

    assert bodies(fcm) == ["Hello", "second"]


# When the tap happened and when it arrived, in minutes, and whether the next message goes.
TAPS = [(10, 10, False), (10, 59, False), (0, 30, False), (59, 60, False), (10, 70, True)]


@pytest.mark.parametrize(("happened", "arrived", "goes"), TAPS)
def test_who_opens_it_in_time_gets_nothing_more(
    happened, arrived, goes, workspace, phone, fcm, work, at, at_noon
):
    first(workspace)
    follows(workspace, "not_opened", within_s=3600)
    someone(workspace)
    phone.batch(brand.attended("anna"))
    work()

    if arrived < 60:
        at(EVE + timedelta(minutes=arrived))
    elif arrived > 60:
        at(EVE + timedelta(minutes=60))
    when = (EVE + timedelta(minutes=happened)).isoformat()
    phone.batch(tap("anna", push_of(), timestamp=when))
    work()
    at(EVE + timedelta(minutes=90))

    assert bodies(fcm) == (["Hello", "second"] if goes else ["Hello"])


def test_a_tap_of_one_message_does_not_count_for_another(workspace, phone, fcm, work, at, at_noon):
    first(workspace)
    follows(workspace, "not_opened", within_s=3600)
    someone(workspace)
    phone.batch(brand.attended("anna", "m1"), brand.attended("anna", "m2"))
    work()
    push = Push.objects.filter(campaign__key="first")[0]

    phone.batch(tap("anna", push.pk))
    work()
    at(EVE + timedelta(hours=1))

    assert sorted(one[2] for one in moments()) == ["cancelled", "sent", "sent", "sent"]


# --- chains ---


# --- with a wait, a cancel, re-entry ---
def test_an_interaction_can_wait_and_be_cancelled(workspace, phone, fcm, work, at, at_noon):
    wait, bought = Elapsed(seconds=600), CancelOn(event="Bought")
    first(workspace)
    follows(workspace, "opened", wait=wait, cancel_on=(bought,))
    for user in ("anna", "bram"):
        someone(workspace, user)
        phone.batch(brand.attended(user, f"m-{user}"))
    work()
    for user in ("anna", "bram"):
        phone.batch(tap(user, push_of(user), f"tap-{user}"))
    work()

    phone.batch({"type": "track", "event": "Bought", "messageId": "b", "userId": "anna"})
    work()
    at(EVE + timedelta(seconds=600))

    assert sorted(one["token"] for one in fcm.messages) == ["ok:anna", "ok:bram", "ok:bram"]
