"""The map of the phones page: what the feed tells of places, and that it tells no position."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audience.models import Consent
from orchestrator.embedded.demo import fill
from orchestrator.simulator.phones.cast import MOVED
from tests import brand
from tests.conftest import Phone
from tests.phones import ANNA, BRAM, Page, hello, track
from triggers.models import Event, Fix, Presence, Track

pytestmark = pytest.mark.django_db

SOUTH_OF_DAMRAK = {"far": 52.36853, "near": 52.37121, "inside": 52.37389, "middle": 52.3752}
LONGITUDE = 4.8963
CLOSED = (52.3724, 4.9003)
SENTINEL = (52.3719191, 4.8919191)


@pytest.fixture
def stores(fcm, settings, virtual_clock):
    """The demo as it comes, at noon."""
    settings.FCM_PORT = int(fcm.url.rpartition(":")[2])
    fill(now=brand.FOUNDED)


@pytest.fixture
def page(stores, client):
    return Page(client)


@pytest.fixture
def walk(stores, work, virtual_clock):
    """A phone tells positions, a minute apart."""
    app = Phone("demo-write-key")
    app.batch(hello(ANNA), hello(BRAM))
    work()

    def tell(member, *positions, accuracy=10.0):
        for latitude, longitude in positions:
            virtual_clock.forward(minutes=1)
            location = {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}
            message = track(member, MOVED, virtual_clock.now.isoformat())
            app.batch({**message, "context": {**message["context"], "location": location}})
            work()

    return tell


def to_damrak(*names):
    return [(SOUTH_OF_DAMRAK[name], LONGITUDE) for name in names]


def told(page):
    """Crossings of Damrak 12, oldest first."""
    places = page.feed()["places"]
    return [one for one in reversed(places["crossings"]) if one["place"] == "damrak-12"]


def test_a_walk_into_a_store_is_told_step_by_step_with_its_push(page, walk):
    walk(ANNA, *to_damrak("far", "near", "inside", "middle", "far", "far"))

    crossings = told(page)

    assert [one["event"] for one in crossings] == [
        "Place Approached", "Place Entered", "Place Entered Surely", "Place Exited",
    ]  # fmt: skip
    assert {(one["who"], one["phone"], one["name"]) for one in crossings} == {
        ("Anna", "anna", "Damrak 12")
    }
    assert round(crossings[1]["distance_m"], -1) == 150
    assert crossings[-1]["visit_seconds"] == 120
    near, visit = [one["body"] for one in page.feed()["fcm"]["pushes"]]
    assert near == "You are 150 m from our store at Damrak 12, open until 21:00"
    assert visit == "How was Damrak 12? Tell us in the app"


def test_bram_reads_it_in_dutch(page, walk):
    walk(BRAM, *to_damrak("far", "inside"))

    [push] = page.feed()["fcm"]["pushes"]

    assert push["body"] == "Je bent 150 m van onze winkel op Damrak 12, open tot 21:00"


def test_the_closed_store_says_why_not_and_the_crossing_leads_to_it(page, walk):
    walk(ANNA, to_damrak("far")[0], CLOSED)

    feed = page.feed()

    entered = next(one for one in feed["places"]["crossings"] if "Entered" in one["event"])
    [entry] = [one for one in feed["timeline"] if one["id"] in entered["ids"] and one["lines"]]
    assert entry["lines"][0]["outcome"]["sentence"].startswith("Not sent: the place was closed")
    assert feed["fcm"]["pushes"] == []


def test_three_entries_by_one_position_are_told_as_the_surest(page, walk):
    walk(ANNA, *to_damrak("far", "middle"))

    [crossing] = [one for one in told(page) if "Entered" in one["event"]]

    assert (crossing["event"], len(crossing["ids"])) == ("Place Entered Surely", 3)
    names = [entry["name"] for entry in page.feed()["timeline"]]
    assert names.count("Place Entered") == 1
    assert "Place Entered Surely" not in names


def test_presence_is_told_by_name_and_by_phone(page, walk):
    walk(ANNA, *to_damrak("far", "middle"))

    here = page.feed()["places"]["here"]

    assert [(one["name"], one["level"]) for one in here["anna"]] == [
        ("Damrak 12", 3), ("Closed store", 0),
    ]  # fmt: skip
    assert here["bram"] == []


def test_positions_fill_no_timeline_and_one_that_is_not_used_says_why(page, walk):
    walk(ANNA, *to_damrak("far"))
    before = page.feed()["places"]["unused"]
    walk(ANNA, *to_damrak("middle"), accuracy=600)

    feed = page.feed()

    assert before == {}
    assert feed["places"]["unused"] == {"anna": "inaccurate"}
    assert {entry["name"] for entry in feed["timeline"]} == {"Person Identified"}


def test_no_position_is_in_the_feed_or_the_log(page, walk, client):
    walk(ANNA, *to_damrak("far"), SENTINEL)

    answer = client.get("/phones/feed").content.decode()

    stored = json.dumps(list(Event.objects.values_list("properties", "context")))
    for sought in map(str, SENTINEL):
        assert sought not in answer
        assert sought not in stored
    assert not Fix.objects.exists()


def test_a_strangers_phone_is_told_of_once_it_had_a_push(page, walk, work, virtual_clock):
    app = Phone("demo-write-key")
    app.batch(brand.identify("pim", first_name="Pim"))
    work()
    location = {"latitude": SOUTH_OF_DAMRAK["middle"], "longitude": LONGITUDE, "accuracy": 10}
    device = {"id": "phone-of-pim", "type": "ios", "token": "ok:pim"}
    context = {"device": device, "location": location}
    app.post("track", {"userId": "pim", "event": MOVED, "context": context})
    work()

    feed = page.feed()

    [push] = feed["fcm"]["pushes"]
    [here, *_] = feed["places"]["here"][push["phone"]]
    assert (here["name"], feed["places"]["crossings"][0]["who"]) == ("Damrak 12", "pim")


def test_starting_over_forgets_where_the_cast_is(page, walk):
    walk(ANNA, *to_damrak("far", "middle"))

    page.start_over()

    assert not Presence.objects.exists()
    assert not Track.objects.exists()
    assert not Consent.objects.exists()
    assert page.feed()["places"]["crossings"] == []


def test_the_page_draws_the_stores_and_knows_which_is_closed(page, client):
    html = client.get("/phones/").content.decode()

    data = json.loads(html.split('<script id="demo" type="application/json">')[1].split("<")[0])
    stores = {one["external_id"]: one for one in data["stores"]}
    assert len(stores) == 60
    assert [id for id, one in stores.items() if not one["is_open"]] == ["closed-store"]
    assert stores["leidseplein-21"]["area"]["type"] == "Polygon"


def test_the_map_asks_a_fixed_number_of_queries(page, walk):
    walk(ANNA, *to_damrak("far", "middle"))
    with CaptureQueriesContext(connection) as few:
        page.feed()

    walk(ANNA, *to_damrak("far", "far", "inside", "middle"))
    walk(BRAM, *to_damrak("far", "inside", "middle"))

    with CaptureQueriesContext(connection) as many:
        page.feed()
    assert len(many) == len(few) <= 23
