"""Your own phones on the phones page."""

from uuid import uuid4

import pytest

from audience.models import Device
from campaigns.models import Push
from orchestrator.simulator.phones.cast import VISIT
from tests import brand
from tests.conftest import Phone
from tests.phones import tapped

pytestmark = pytest.mark.django_db


def test_a_strangers_push_shows_on_a_phone_of_their_own(demo, app, page, work):
    brand.live_campaign(demo)
    app.batch(brand.identify("pim", first_name="Pim"), brand.attended("pim"))
    work()

    feed = page.feed()

    [push] = feed["fcm"]["pushes"]
    assert push["body"] == "Hi Pim, thank you for visiting Utrecht"
    assert push["phone"] == f"device-{Device.objects.get().pk}"
    assert feed["own"][push["phone"]] == {
        "who": "pim",
        "platform": "ios",
        "user_id": "pim",
        "anonymous_id": "",
        "installation_id": "phone-of-pim",
        "opened": 0,
    }


def test_a_phone_with_a_firebase_installation_id_shows_as_one_with_a_token(demo, app, page, work):
    brand.live_campaign(demo, body="Thank you")
    app.put("devices/tablet", {"platform": "web", "fid": "a-fid", "anonymous_id": "0123456789ab"})
    app.post("track", {"anonymousId": "0123456789ab", "event": VISIT, "properties": {}})
    work()

    [own] = page.feed()["own"].values()

    assert (own["who"], own["platform"]) == ("Guest 01234567", "web")
    assert (own["user_id"], own["anonymous_id"]) == ("", "0123456789ab")


def test_a_guest_who_logs_in_keeps_the_phone_under_the_user_id(demo, app, page, work):
    brand.live_campaign(demo, body="Thank you")
    device = {"device": {"id": "tablet", "token": "ok:tablet", "type": "android"}}
    app.post("track", {"anonymousId": "a1", "event": VISIT, "context": device})
    work()
    [push] = page.feed()["fcm"]["pushes"]
    app.post("identify", {"userId": "pim", "anonymousId": "a1", "context": device})
    work()

    feed = page.feed(after=page.feed()["fcm"]["cursor"], own=[push["id"]])

    assert feed["fcm"]["pushes"] == []
    assert feed["own"][push["phone"]]["user_id"] == "pim"
    assert {entry["who"] for entry in feed["timeline"]} == {"pim"}


def test_after_a_logout_the_phone_keeps_its_name_and_says_nothing_of_itself(demo, app, page, work):
    brand.live_campaign(demo)
    app.batch(brand.identify("pim"), brand.attended("pim"))
    work()

    app.delete("devices/phone-of-pim")

    [own] = page.feed()["own"].values()
    assert (own["who"], own["installation_id"]) == ("pim", "")


def test_a_tap_counts_on_the_phone_that_had_the_push_and_only_by_its_holder(demo, app, page, work):
    brand.live_campaign(demo)
    app.batch(brand.identify("pim"), brand.attended("pim"))
    app.batch(brand.identify("noor"), brand.attended("noor", "m2"))
    work()
    before = page.feed()
    pushes = {one["phone"]: one["id"] for one in before["fcm"]["pushes"]}
    pim, noor = sorted(pushes, key=lambda key: before["own"][key]["who"], reverse=True)
    for number, push in enumerate([pushes[pim], pushes[pim], pushes[noor], "made up"]):
        app.post("track", tapped("pim", push, f"tap{number}"))
    work()

    feed = page.feed(after=before["fcm"]["cursor"], own=list(pushes.values()))

    assert (feed["own"][pim]["opened"], feed["own"][noor]["opened"]) == (1, 0)
    assert feed["opened"] == [pushes[pim]]


def test_a_push_that_nobody_sent_shows_nowhere(demo, page, fcm):
    message = {"token": "ok:x", "data": {"push_id": str(uuid4())}}
    fcm.call("POST", "/v1/projects/demo/messages:send", {"message": message})
    fcm.call("POST", "/v1/projects/demo/messages:send", {"message": {"token": "ok:x"}})

    assert page.feed(own=["x", str(uuid4())])["fcm"]["pushes"] == []
    assert page.feed()["own"] == {}


def test_another_workspaces_phone_cannot_be_asked_for(demo, page, work, workspace):
    brand.live_campaign(workspace)
    Phone(brand.WRITE_KEY).batch(brand.identify("pim"), brand.attended("pim"))
    work()

    assert page.feed(own=[str(Push.objects.get().pk)])["own"] == {}
