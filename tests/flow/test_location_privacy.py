"""Positions are used and forgotten; without consent they are not even used."""

import json
from typing import Any

import pytest
from django.db import connection

from audience.models import Consent, LocationConsent, Workspace
from campaigns.models import Moment
from orchestrator import clock
from orchestrator.models import Quarantine
from orchestrator.pipeline import arrivals, pass_time, upkeep
from tests import brand, places
from triggers.models import Event, Fix, Presence

pytestmark = pytest.mark.django_db

LATITUDE, LONGITUDE = 52.37518881, 4.89637771  # told apart from every other number
SENTINELS = ("518881", "637771")
IN_BYTES = tuple(one.encode().hex() for one in SENTINELS)


def everything_stored():
    """Each table that the database has, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename <> 'triggers_place'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def found():
    wanted = (*SENTINELS, *IN_BYTES)
    return [(table, row) for table, row in everything_stored() if any(one in row for one in wanted)]


def here(**more):
    return {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy": 12, **more}


def message(number, **more):
    return {"type": "track", "messageId": f"m{number}", "userId": "anna", "event": "Seen", **more}


DEVICE = {"device": {"id": "phone-of-anna"}}
WAYS: list[dict[str, Any]] = [
    {"context": {**DEVICE, "location": here()}},
    {"event": "Location Updated", "context": {**DEVICE, "location": here()}},
    {"event": "Location Updated", "properties": here(speed=1.5), "context": DEVICE},
    {"event": "Location Updated", "properties": here(), "context": {"location": {"city": "A"}}},
    {"properties": here()},
    {"properties": {"deep": [{"er": {"lat": LATITUDE, "lng": LONGITUDE}}]}},
    {"properties": {"Latitude": str(LATITUDE), "Longitude": str(LONGITUDE)}},
    {"properties": {"at": {"type": "Point", "coordinates": [LONGITUDE, LATITUDE]}}},
    {"context": {"page": {"position": {"lat": LATITUDE, "lon": LONGITUDE}}}},
    {"context": {"device": {"id": "phone-of-anna", "location": here()}}},
    {"type": "identify", "traits": {"home": here(), "latitude": LATITUDE, "longitude": LONGITUDE}},
    {"type": "identify", "context": {"traits": {"location": here()}, "location": here()}},
    {"type": "screen", "name": "Map", "properties": here()},
    {"type": "group", "groupId": "g", "traits": here()},
    {"event": "Geofence Entered", "properties": {"external_id": "damrak-12", **here()}},
    {"event": "Location Updated", "context": {"location": here(latitude=-91 - LATITUDE)}},
    {"event": "Location Updated", "context": {"location": here(accuracy=-LATITUDE)}},
    {"event": "Place Entered", "properties": here()},
]


@pytest.mark.parametrize("consent", [LocationConsent.ASKED, LocationConsent.RECORDED])
def test_a_position_posted_in_every_way_is_found_nowhere(
    workspace, phone, work, fcm, virtual_clock, capfd, consent, monkeypatch
):
    Workspace.objects.filter(pk=workspace.pk).update(location_consent=consent)
    virtual_clock.now = places.NOON
    places.put(workspace, places.store())
    places.live(workspace)
    phone.batch(brand.identify("anna"))
    work()
    for number, way in enumerate(WAYS):
        virtual_clock.forward(seconds=30)
        phone.batch(message(number, **way))
        phone.batch(message(f"{number}-shared"), context=way.get("context", {}))
        work()
        pass_time.pass_time(clock=clock.now)
    monkeypatch.setattr(arrivals, "work", broken)
    phone.batch(message("poison", **WAYS[1]))
    for _ in range(4):
        work()

    assert Quarantine.objects.count() == 1
    assert found() == []
    assert not any(one in json.dumps(fcm.messages) for one in SENTINELS)
    logged = capfd.readouterr()
    assert not any(one in logged.out + logged.err for one in SENTINELS)
    assert bool(Event.objects.filter(type="place").exists()) is (consent == "asked")


def broken(rows, **_):
    raise RuntimeError(rows[0].body)


def test_nothing_is_done_with_the_position_of_who_did_not_agree(workspace, phone, work):
    places.put(workspace, places.store())
    phone.batch(places.fix(0, clock.now()))
    work()

    assert Event.objects.get(name="Location Updated").context["position"] == "no_consent"
    assert not Presence.objects.exists()


def test_a_consent_counts_from_the_message_that_brings_it(workspace, phone, work, virtual_clock):
    places.put(workspace, places.store())
    phone.batch(places.fix(0, clock.now(), consent=True))
    work()
    assert Presence.objects.count() == 1

    virtual_clock.forward(minutes=1)
    phone.batch(places.fix(0, clock.now(), consent=False))
    work()
    virtual_clock.forward(minutes=10)
    pass_time.pass_time(clock=clock.now)

    assert not Presence.objects.exists()
    assert not Event.objects.filter(name="Place Dwelled").exists()
    assert list(Consent.objects.order_by("id").values_list("granted", flat=True)) == [True, False]


def test_the_same_consent_twice_is_one_record(workspace, phone, work, virtual_clock):
    for _ in range(3):
        phone.batch(places.fix(0, clock.now(), consent=True))
        virtual_clock.forward(seconds=30)
        work()

    assert Consent.objects.count() == 1


def test_what_the_server_refused_no_app_takes_back(workspace, phone, server, work, virtual_clock):
    Workspace.objects.filter(pk=workspace.pk).update(location_consent=LocationConsent.ASKED)
    places.put(workspace, places.store())
    server.batch(places.fix(0, clock.now(), consent=False))
    work()
    virtual_clock.forward(minutes=1)
    phone.batch(places.fix(0, clock.now(), consent=True))
    work()

    assert not Presence.objects.exists()


def test_of_two_people_who_became_one_the_stricter_word_counts(
    workspace, phone, work, virtual_clock
):
    places.put(workspace, places.store())
    for user, agrees in (("anna", True), ("stranger", False)):
        told = places.fix(900, clock.now(), consent=agrees)
        who = {"userId": "anna"} if agrees else {"userId": None, "anonymousId": user}
        phone.batch({**told, **who, "messageId": user})
        work()
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "stranger"})
    work()
    virtual_clock.forward(minutes=1)
    phone.batch(places.fix(0, clock.now()))
    work()

    assert not Presence.objects.exists()


def test_positions_are_kept_as_long_as_the_workspace_says(workspace, phone, work, virtual_clock):
    Workspace.objects.filter(pk=workspace.pk).update(
        location_consent=LocationConsent.ASKED, keep_fixes_days=2
    )
    phone.batch(places.fix(0, clock.now()))
    work()
    assert Fix.objects.count() == 1
    virtual_clock.forward(days=1, hours=23)
    upkeep.upkeep(now=clock.now())
    assert Fix.objects.count() == 1
    virtual_clock.forward(hours=2)
    upkeep.upkeep(now=clock.now())

    assert not Fix.objects.exists()


def test_a_phone_that_fell_silent_is_forgotten_after_a_day(workspace, phone, work, virtual_clock):
    Workspace.objects.filter(pk=workspace.pk).update(location_consent=LocationConsent.ASKED)
    places.put(workspace, places.store())
    phone.batch(places.fix(0, clock.now()))
    work()
    virtual_clock.forward(hours=25)
    upkeep.upkeep(now=clock.now())

    assert not Presence.objects.exists()
    assert not Moment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"latitude": 91}, "`latitude` must be a number from -90 to 90"),
        ({"longitude": -180.5}, "`longitude` must be a number from -180 to 180"),
        ({"latitude": "52.37"}, "`latitude` must be a number"),
        ({"latitude": True}, "`latitude` must be a number"),
        ({"latitude": None}, "`latitude` must be a number from -90 to 90"),
        ({"accuracy": -1}, "`accuracy` must not be negative"),
        ({"accuracy": {}}, "`accuracy` must be a number"),
    ],
)
def test_a_wrong_position_is_refused_by_name_and_its_neighbours_live(
    wrong, says, workspace, phone, work
):
    bad = places.fix(0, clock.now(), **wrong)
    answer = phone.batch(message(1), bad, message(2)).json()

    assert answer["accepted"] == 2
    assert answer["rejected"][0]["error"]["code"] == "invalid_location"
    assert says in answer["rejected"][0]["error"]["message"]


def test_another_event_is_not_lost_for_a_wrong_position(workspace, phone, work):
    answer = phone.batch(message(1, context={"location": {"latitude": 91, "longitude": 0}})).json()

    assert (answer["accepted"], answer["rejected"]) == (1, [])
