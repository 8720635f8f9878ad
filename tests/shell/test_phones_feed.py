"""The phones page's feed: pushes that arrived, and how the phones are."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Moment
from orchestrator.simulator.phones.cast import CAST, TAP
from tests import brand
from tests.conftest import Phone, free_port
from tests.phones import ANNA, IN_DELFT, Page, hello, tapped, track

pytestmark = pytest.mark.django_db

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e"


def test_a_push_shows_on_the_phone_of_its_token(demo, app, page, work):
    brand.live_campaign(demo)

    app.batch(hello(ANNA), track(ANNA))
    work()

    [push] = page.feed()["fcm"]["pushes"]
    assert push["phone"] == "anna"
    assert push["body"] == "Hi Anna, thank you for visiting Utrecht campus"
    assert push["tag"] == str(Moment.objects.get().id)


def test_the_cursor_leaves_out_what_was_read_and_survives_a_restart_of_the_fake(
    demo, app, page, work
):
    brand.live_campaign(demo)
    app.batch(hello(ANNA), track(ANNA))
    work()

    first = page.feed()["fcm"]

    assert page.feed(after=first["cursor"])["fcm"]["pushes"] == []
    assert len(page.feed(after=first["cursor"] + 500)["fcm"]["pushes"]) == 1


def test_pushes_and_events_of_other_workspaces_stay_out(demo, page, work, workspace):
    brand.live_campaign(demo)
    brand.live_campaign(workspace)
    other = Phone(brand.WRITE_KEY)
    other.batch(brand.identify("demo-anna", token=ANNA.token), brand.attended("demo-anna"))
    work()

    feed = page.feed()

    assert feed["fcm"]["pushes"] == []
    assert feed["own"] == {}
    assert feed["timeline"] == []


def test_opens_are_counted_from_the_log_and_a_push_opened_twice_counts_once(demo, app, page, work):
    for number, push in enumerate(["p1", "p1", "p2"]):
        app.batch(track(ANNA, TAP, message_id=f"tap{number}", push_id=push))
    work()

    feed = page.feed()

    assert feed["phones"]["anna"]["opened"] == 2
    assert feed["phones"]["bram"]["opened"] == 0
    assert feed["opened"] == ["p1", "p2"]


def test_a_phone_is_known_logged_in_and_logged_out(demo, app, page, work):
    app.batch(hello(ANNA))
    work()
    before = page.feed()["phones"]["anna"]

    app.delete(f"devices/{ANNA.installation_id}")

    after = page.feed()["phones"]["anna"]
    assert (before["known"], before["logged_in"]) == (True, True)
    assert (after["known"], after["logged_in"]) == (True, False)
    assert page.feed()["phones"]["guest"]["known"] is False


def test_hostile_values_come_back_as_data(demo, app, page, client, work):
    brand.live_campaign(demo, event=HOSTILE, body="{{ event.properties.venue }}")
    app.batch(hello(ANNA), track(ANNA, HOSTILE, venue=HOSTILE, deep={"a": [HOSTILE]}))
    work()

    answer = client.get("/phones/feed")

    entry = json.loads(answer.content)["timeline"][0]
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert entry["name"] == HOSTILE.replace("\u202e", "\ufffd")
    assert dict(entry["properties"])["venue"] == HOSTILE.replace("\u202e", "\ufffd")
    assert "onerror" not in client.get("/phones/").content.decode()


def test_the_feed_asks_a_fixed_number_of_queries(demo, app, page, work):
    brand.live_campaign(demo)
    brand.live_campaign(demo, key="delft", rule=IN_DELFT)
    app.batch(*[hello(one) for one in CAST], *[track(one) for one in CAST])
    app.batch(brand.identify("pim"), brand.attended("pim"))
    work()
    app.post("track", tapped("pim", page.feed()["fcm"]["pushes"][-1]["id"], "tap1"))
    work()
    with CaptureQueriesContext(connection) as few:
        page.feed()

    app.batch(*[track(one, message_id=f"m{n}") for one in CAST for n in range(2, 8)])
    for user in ("noor", "wim"):
        app.batch(brand.identify(user), brand.attended(user, f"visit-of-{user}"))
    app.post("track", tapped("noor", page.feed()["fcm"]["pushes"][-1]["id"], "tap2"))
    work()

    with CaptureQueriesContext(connection) as many:
        page.feed()
    assert len(many) == len(few) <= 23


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "٣"])
def test_an_odd_cursor_is_the_beginning_or_a_number(page, after):
    assert page.feed(after=after)["fcm"]["state"] == "ok"


def test_a_fake_that_does_not_answer_is_said(page, settings):
    settings.FCM_PORT = free_port()
    settings.FCM_ENDPOINT = f"http://127.0.0.1:{settings.FCM_PORT}"

    feed = page.feed(after=7)

    assert feed["fcm"] == {"state": "down", "cursor": 7, "pushes": []}
    assert page.start_over() == {"fake_emptied": False}


def test_pushes_that_go_elsewhere_are_said_and_somebody_elses_log_is_left_alone(
    demo, app, page, work, fcm, settings
):
    brand.live_campaign(demo)
    app.batch(hello(ANNA), track(ANNA))
    work()
    settings.FCM_PORT = 1

    feed = page.feed()
    page.start_over()

    assert feed["fcm"]["state"] == "foreign"
    assert feed["endpoint"] == fcm.url
    assert feed["timeline"][0]["lines"][0]["outcome"]["tone"] == "sent"
    assert len(fcm.messages) == 1


def test_without_a_demo_workspace_the_feed_says_so(db, client, settings):
    assert Page(client).feed()["loaded"] is False
