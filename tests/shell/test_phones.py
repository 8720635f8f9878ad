"""The phones page's feed, its explanations, and starting over."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audience.models import Device, Identity, Person
from campaigns.models import Moment, Push
from orchestrator import clock
from orchestrator.models import Inbox
from orchestrator.pipeline import evaluate
from orchestrator.pipeline.explain import deciding
from orchestrator.simulator.phones import people
from orchestrator.simulator.phones.cast import CAST, TAP, VISIT
from tests import brand
from tests.conftest import Phone, free_port
from triggers.models import Event, SeenMessage

pytestmark = pytest.mark.django_db

ANNA, BRAM, GUEST = CAST
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e"
ROUTES = [("get", "/phones/"), ("get", "/phones/feed"), ("post", "/phones/start-over")]
IN_DELFT = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [
        {"field": "event.properties.venue", "operator": "equals", "value": "Delft"},
        {"field": "event.properties.guests", "operator": "is_set", "value": None},
    ],
}


@pytest.fixture
def demo(db, fcm, settings):
    """The demo workspace, with the fake FCM as the built-in one."""
    settings.FCM_PORT = int(fcm.url.rpartition(":")[2])
    return brand.workspace_with_keys(key="demo", prefix="demo-")


@pytest.fixture
def app(demo):
    return Phone(f"demo-{brand.WRITE_KEY}")


@pytest.fixture
def page(client, demo):
    return Page(client)


class Page:
    """What the browser asks the server."""

    def __init__(self, client):
        self.client = client

    def feed(self, after=0, own=()):
        answer = self.client.get("/phones/feed", {"after": after, "own": own})
        return json.loads(answer.content)

    def start_over(self):
        return json.loads(self.client.post("/phones/start-over").content)


def who(member):
    kind, value = member.identity
    return {f"{kind}Id": value}


def context(member):
    device = {"id": member.installation_id, "type": member.platform, "token": member.token}
    return {"locale": member.locale, "device": device}


def hello(member):
    return {
        "type": "identify",
        "messageId": f"phones-hello-{member.key}",
        "traits": member.traits,
        "context": context(member),
        **who(member),
    }


def track(member, event=VISIT, message_id="m1", **properties):
    return {
        "type": "track",
        "messageId": f"{member.key}-{message_id}",
        "event": event,
        "properties": properties or {"venue": "Utrecht campus"},
        "context": context(member),
        **who(member),
    }


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


def tapped(user, push, message_id):
    properties = {"push_id": push}
    return {"messageId": message_id, "userId": user, "event": TAP, "properties": properties}


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


def test_the_timeline_tells_of_everybody_by_name(demo, app, page, work):
    app.batch(track(ANNA), brand.attended("pim"))
    app.post("track", {"anonymousId": "0123456789ab", "event": VISIT})
    work()

    entries = page.feed()["timeline"]

    assert {(entry["who"], entry["phone"]) for entry in entries} == {
        ("Anna", "anna"), ("pim", ""), ("Guest 01234567", ""),
    }  # fmt: skip


def test_the_timeline_tells__rule_checks_outcome_and_milliseconds(
    demo, app, page, work, virtual_clock
):
    campaign = brand.live_campaign(demo)
    app.batch(hello(ANNA), track(ANNA))
    virtual_clock.forward(milliseconds=40)
    work()

    entry = page.feed()["timeline"][0]

    [line] = entry["lines"]
    assert (entry["who"], entry["name"], entry["decided_ms"]) == ("Anna", VISIT, 40)
    assert entry["properties"] == [["venue", "Utrecht campus"]]
    assert line["campaign"] == campaign.name
    assert line["rule"] == "every time"
    assert all(check["passed"] for check in line["checks"])
    assert line["outcome"]["sentence"] == "Sent."
    assert [step["name"] for step in line["steps"]] == [
        "received", "decided", "handed to FCM", "accepted",
    ]  # fmt: skip
    assert line["steps"][1]["at_ms"] == 40


def test_a_missing_name_is_told_with_the_way_to_fix_it(demo, app, page, work):
    campaign = brand.live_campaign(demo)
    app.batch(track(GUEST))
    work()

    feed = page.feed()

    [line] = feed["timeline"][0]["lines"]
    assert feed["fcm"]["pushes"] == []
    assert line["checks"][-1]["passed"] is False
    assert line["outcome"] == {
        "tone": "no",
        "sentence": "Not sent: we don't know the first name.",
        "next": "Add a fallback",
        "url": f"/admin/campaigns/campaign/{campaign.pk}/change/",
        "hint": '{{ person.first_name | default: "there" }}',
    }


def test_an_event_to_which_no_campaign_listens_has_no_lines(demo, app, page, work):
    brand.live_campaign(demo)
    app.batch(hello(BRAM))
    work()

    [entry] = page.feed()["timeline"]

    assert (entry["name"], entry["lines"]) == ("Person Identified", [])


def test_a_rule_that_does_not_match_names_the_condition_that_decided(demo, app, page, work):
    brand.live_campaign(demo, rule=IN_DELFT)
    app.batch(track(ANNA, venue="Utrecht campus", guests=2))
    work()

    [line] = page.feed()["timeline"][0]["lines"]

    assert (line["verdict"], line["outcome"], line["later"]) == ("no_match", None, False)
    assert line["deciding"] == [
        {"sentence": 'venue is "Delft"', "verdict": "no_match", "actual": "Utrecht campus"}
    ]
    assert not Moment.objects.exists()


def test_an_answer_given_after_campaigns_changed_says_so(demo, app, page, work, virtual_clock):
    app.batch(track(ANNA, venue="Utrecht campus", guests=2))
    work()
    brand.live_campaign(demo, rule=IN_DELFT)

    [line] = page.feed()["timeline"][0]["lines"]

    assert line["later"] is True


def leaf(name, verdict):
    return {"sentence": name, "verdict": verdict}


def group(verdict, *rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "verdict": verdict, "rules": list(rules)}


YES, NO, MAYBE = leaf("yes", "match"), leaf("no", "no_match"), leaf("maybe", "unknown")
DECIDING = [
    (group("no_match", YES, NO, MAYBE), ["no"]),
    (group("unknown", YES, MAYBE), ["maybe"]),
    (group("match", YES, YES), ["yes", "yes"]),
    (group("no_match", NO, NO, combinator="or"), ["no", "no"]),
    (group("no_match", YES, NO, combinator="or", negated=True), ["yes"]),
    (group("unknown", NO, MAYBE, combinator="or", negated=True), ["maybe"]),
    (group("no_match", YES, group("no_match", YES, negated=True)), ["yes"]),
]


@pytest.mark.parametrize(("trace", "names"), DECIDING)
def test_the_deciding_conditions_are_those_that_made_the_verdict(trace, names):
    assert [one["sentence"] for one in deciding(trace)] == names


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

    assert before == {"known": True, "logged_in": True, "opened": 0}
    assert page.feed()["phones"]["anna"] == {"known": True, "logged_in": False, "opened": 0}
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
    assert len(many) == len(few) <= 18


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


def test_starting_over_is_a_post_with_a_csrf_token(demo):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/phones/start-over").status_code == 403
    assert strict.get("/phones/start-over").status_code == 405


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_the_demo_there_is_no_phones_page(client, settings, method, path):
    settings.DEMO = False

    assert getattr(client, method)(path).status_code == 404


def test_the_demo_begins_at_its_phones(client, db):
    assert client.get("/")["Location"] == "/phones/"


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


def test_an_event_waiting_for_fcm_is_shown_as_on_its_way(demo, app, page, virtual_clock):
    brand.live_campaign(demo)
    app.batch(hello(ANNA), track(ANNA))
    virtual_clock.forward(seconds=1)
    for _ in range(4):
        evaluate.evaluate(clock=clock.now)

    [line] = page.feed()["timeline"][0]["lines"]

    assert line["outcome"]["tone"] == "wait"
    assert Push.objects.get().created_at - Moment.objects.get().received_at == timedelta(seconds=1)
