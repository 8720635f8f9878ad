"""Nothing of another workspace: every door of the API, asked with our keys for their ids."""

import pytest

from audience.models import Device, KeyKind
from tests import brand, full
from tests.conftest import Phone
from tests.flow.test_api_trigger import callable_campaign
from tests.shell.test_isolation import BATCHES, OURS, SINGLES, THEIRS, text
from tests.snapshot import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def ours(db):
    return full.of(OURS)


@pytest.fixture
def theirs(db):
    return full.of(THEIRS)


def message_about(theirs):
    """A message that uses every id that the other brand's phone would."""
    return {
        "type": "track",
        "userId": f"{THEIRS}-anna",
        "anonymousId": f"{THEIRS}-guest",
        "previousId": f"{THEIRS}-before",
        "groupId": "g",
        "event": f"{THEIRS} Happened",
        "name": "Page",
        "traits": {"first_name": "Mallory"},
        "workspace_id": theirs.workspace.pk,
        "context": {
            "device": {"id": f"{THEIRS}-phone", "token": f"{THEIRS}-token", "type": "ios"},
            "workspace_id": theirs.workspace.pk,
        },
    }


@pytest.fixture(params=[brand.WRITE_KEY, brand.SECRET_KEY])
def our_phone(request, ours):
    return Phone(f"{OURS}-{request.param}")


@pytest.mark.parametrize("door", [*BATCHES, *SINGLES])
def test_a_message_with_their_ids_stays_with_us(door, our_phone, ours, theirs, work):
    work()
    before = snapshot(of=theirs.workspace)
    message = message_about(theirs)

    answer = our_phone.post(
        door.removeprefix("v1/"), {"batch": [message]} if door in BATCHES else message
    )
    work()

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1
    assert THEIRS not in text(answer)
    assert snapshot(of=theirs.workspace) == before
    assert Device.objects.filter(workspace=ours.workspace, installation_id="zebra-phone").exists()


def test_their_installation_is_another_one_with_us(our_phone, theirs, work):
    work()
    path = f"devices/{THEIRS}-phone"
    claim = {"platform": "ios", "token": f"{THEIRS}-token", "user_id": f"{THEIRS}-anna"}
    before = snapshot(of=theirs.workspace)

    put, deleted = our_phone.put(path, claim), our_phone.delete(path)
    work()
    deleted_again = our_phone.delete(path)
    work()

    assert [one.status_code for one in (put, deleted, deleted_again)] == [200, 200, 200]
    assert not any(THEIRS in text(one) for one in (put, deleted, deleted_again))
    assert snapshot(of=theirs.workspace) == before


def test_no_key_reads_a_device(our_phone, theirs):
    answer = our_phone.client.get(f"/v1/devices/{THEIRS}-phone", headers=our_phone.headers({}))

    assert answer.status_code == 405
    assert THEIRS not in text(answer)


def test_sdk_settings_tell_nothing_but_the_key_that_was_asked_for(our_phone, theirs):
    keys = theirs.workspace.keys
    revoked = keys.exclude(revoked_at=None).get().hint
    write = keys.get(kind=KeyKind.WRITE, revoked_at=None).hint

    def asked(key):
        return our_phone.client.get(f"/v1/projects/{key}/settings", headers=our_phone.headers({}))

    assert THEIRS not in text(asked(write)).replace(write, "")
    assert asked(f"{THEIRS}-{brand.SECRET_KEY}").status_code == 404
    assert asked(revoked).status_code == 401


# --- the server's doors ---
ONCE = {"Idempotency-Key": "request-1"}


@pytest.fixture
def our_server(ours):
    return Phone(f"{OURS}-{brand.SECRET_KEY}")


def test_their_campaign_cannot_be_called(our_server, theirs):
    callable_campaign(theirs.workspace, f"{THEIRS}-receipt")
    before = snapshot(of=theirs.workspace)

    answer = our_server.post(
        f"campaigns/{THEIRS}-receipt/trigger", {"user_id": f"{THEIRS}-anna"}, **ONCE
    )

    assert answer.status_code == 404
    assert THEIRS not in text(answer)
    assert snapshot(of=theirs.workspace) == before


def test_their_person_is_another_one_with_us(our_server, ours, theirs, work):
    callable_campaign(ours.workspace, "receipt")
    callable_campaign(theirs.workspace, "receipt")
    work()
    before = snapshot(of=theirs.workspace)

    answer = our_server.post("campaigns/receipt/trigger", {"user_id": f"{THEIRS}-anna"}, **ONCE)
    work()

    assert answer.json() == {"accepted": 1, "rejected": []}
    assert snapshot(of=theirs.workspace) == before


def test_their_answer_is_not_replayed_to_us(our_server, ours, theirs):
    callable_campaign(theirs.workspace, "receipt")
    their_server = Phone(f"{THEIRS}-{brand.SECRET_KEY}")
    their_server.post("campaigns/receipt/trigger", {"user_id": "anna"}, **ONCE)

    answer = our_server.post("campaigns/receipt/trigger", {"user_id": "anna"}, **ONCE)

    assert answer.status_code == 404


def test_a_business_event_of_ours_changes_nothing_of_theirs(our_server, theirs, work):
    work()
    before = snapshot(of=theirs.workspace)

    answer = our_server.post("business-events", {"event": f"{THEIRS} Happened"}, **ONCE)
    work()

    assert answer.status_code == 202
    assert THEIRS not in text(answer)
    assert snapshot(of=theirs.workspace) == before


# --- places ---
THEIR_STORE = {"external_id": "store", "name": f"{THEIRS} store", "latitude": 1, "longitude": 2}


@pytest.fixture
def their_store(theirs):
    Phone(f"{THEIRS}-{brand.SECRET_KEY}").put("places", {"places": [THEIR_STORE]})


@pytest.mark.parametrize("place", [{"removed": True}, {"name": "O", "latitude": 3, "longitude": 4}])
def test_their_place_is_another_one_with_us(place, our_server, theirs, their_store):
    before = snapshot(of=theirs.workspace)

    answer = our_server.put("places", {"places": [{"external_id": "store", **place}]})

    assert (answer.json()["accepted"], answer.json()["removed"]) == (1, 0)
    assert THEIRS not in text(answer)
    assert snapshot(of=theirs.workspace) == before


def test_their_places_are_not_near_us(our_phone, ours, their_store):
    query = {"latitude": 1, "longitude": 2, "workspace_id": ours.workspace.pk + 1}

    answer = our_phone.client.get("/v1/places/nearby", query, headers=our_phone.headers({}))

    assert answer.status_code == 200
    assert "store" not in text(answer)
