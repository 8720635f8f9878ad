"""People: anonymous, identified, merged; devices follow, and nothing is rewritten."""

import threading

import pytest
from django.db import connection

from audience.models import Device, Identity, Person
from campaigns.models import Circumstance, Moment
from orchestrator import clock
from orchestrator.models import Inbox
from orchestrator.pipeline import evaluate
from tests import brand
from triggers.models import Event

pytestmark = pytest.mark.django_db


def anonymous(id, message_id, *, device=True, event=brand.OPEN_DAY):
    message = {
        "type": "track",
        "messageId": message_id,
        "anonymousId": id,
        "event": event,
        "properties": {"venue": "Utrecht"},
    }
    if device:
        message["context"] = {"device": {"id": f"phone-{id}", "type": "ios", "token": f"ok:{id}"}}
    return message


def test_a_phone_that_signs_in_keeps_its_person_and_its_device(workspace, phone, fcm, work):
    brand.live_campaign(workspace, body="Hello {{ person.first_name | default: 'there' }}")

    phone.batch(anonymous("x", "1"))
    work()
    phone.batch(
        {"type": "identify", "userId": "anna", "anonymousId": "x", "traits": {"firstName": "Anna"}},
        brand.attended("anna", "2"),
    )
    work()

    assert Person.objects.count() == 1
    assert [one["notification"]["body"] for one in fcm.messages] == ["Hello there", "Hello Anna"]
    assert {one["token"] for one in fcm.messages} == {"ok:x"}


def test_a_merge_moves_devices_and_rewrites_nothing(workspace, phone, work):
    phone.batch(brand.identify("anna"))
    phone.batch(anonymous("x", "1", event="Seen"))
    work()
    before = dict(Event.objects.values_list("message_id", "person_id"))

    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "x", "messageId": "link"})
    work()

    anna = Identity.objects.get(kind="user", value="anna").person
    assert Person.objects.get(merged_into__isnull=False).merged_into == anna
    assert set(Device.objects.values_list("person_id", flat=True)) == {anna.pk}
    after = dict(Event.objects.exclude(message_id="link").values_list("message_id", "person_id"))
    assert after == before


def test_after_a_merge_the_old_id_speaks_for_the_new_person(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"))
    phone.batch(anonymous("x", "1", event="Seen", device=False))
    work()
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "x", "messageId": "link"})
    work()

    phone.batch(anonymous("x", "2", device=False))
    work()

    [message] = fcm.messages
    assert message["token"] == "ok:anna"


def test_happenings_of_a_person_are_numbered_without_gaps(workspace, phone, fcm, work):
    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna"), *[brand.attended("anna", f"m{n}") for n in range(5)])
    work()

    events = Event.objects.values_list("sequence", flat=True)
    known = Circumstance.objects.values_list("sequence", flat=True)
    assert list(known) == [1]  # Anna and her phone, before anything is decided
    assert sorted(events) == list(range(2, 13))  # identify, 5 visits, 5 accepted pushes
    assert Person.objects.get().sequence == 12


def test_segments_reserved_traits_are_read_in_both_spellings(workspace, phone, work):
    phone.batch({"type": "identify", "userId": "a", "traits": {"firstName": "A", "last_name": "B"}})
    phone.batch({"type": "identify", "userId": "a", "traits": {"first_name": "C"}})
    work()

    assert Person.objects.get().traits == {"first_name": "C", "last_name": "B"}


def test_traits_may_come_in_the_context(workspace, phone, work):
    phone.batch({"type": "identify", "userId": "a", "context": {"traits": {"firstName": "A"}}})
    work()

    assert Person.objects.get().traits == {"first_name": "A"}


def test_an_older_claim_never_takes_a_device_back(workspace, phone, work):
    device = {"device": {"id": "tablet", "type": "ios", "token": "ok:tablet"}}
    phone.batch({"type": "track", "userId": "bram", "event": "Seen", "context": device})
    work()

    phone.batch(
        {
            "type": "track",
            "userId": "anna",
            "event": "Seen",
            "context": device,
            "timestamp": "2026-01-01T00:00:00Z",
        }
    )
    work()

    assert Identity.objects.get(person__devices__installation_id="tablet").value == "bram"


def test_an_address_belongs_to_its_newest_device(workspace, phone, work):
    phone.put("devices/old", {"platform": "ios", "token": "ok:same", "user_id": "anna"})
    work()
    phone.put("devices/new", {"platform": "ios", "token": "ok:same", "user_id": "bram"})
    work()

    assert dict(Device.objects.values_list("installation_id", "address")) == {
        "old": "",
        "new": "ok:same",
    }


def test_private_parts_of_a_context_never_reach_the_log(workspace, phone, work):
    secrets = {
        "ip": "203.0.113.77",
        "location": {"latitude": 52.123456, "longitude": 4.654321},
        "device": {"id": "d", "token": "secret-token", "advertisingId": "ad-id", "type": "ios"},
        "traits": {"email": "someone@example.com"},
        "user_token": "jwt",
    }

    phone.batch(brand.attended("anna", context=secrets))
    work()

    kept = str(Event.objects.values().get())
    for secret in ("203.0.113.77", "52.123456", "secret-token", "ad-id", "someone@", "jwt"):
        assert secret not in kept


def test_context_device_without_id_still_registers_its_token(workspace, phone, work):
    phone.batch(anonymous("x", "1") | {"context": {"device": {"token": "ok:x", "type": "ios"}}})
    work()

    assert Device.objects.get().address == "ok:x"


@pytest.mark.django_db(transaction=True)
def test_lanes_that_meet_the_same_people_at_once_agree(workspace, phone, fcm):
    """Eight workers, and messages that link the same ids through different lanes."""
    brand.live_campaign(workspace)
    messages = []
    for number in range(60):
        user, anonymous_id = f"u{number % 6}", f"x{number % 9}"
        messages += [
            {"type": "track", "userId": user, "event": "Seen", "messageId": f"s{number}"},
            anonymous(anonymous_id, f"a{number}", device=False, event="Seen"),
            {
                "type": "identify",
                "userId": user,
                "anonymousId": f"x{number % 6}",
                "messageId": f"i{number}",
            },
        ]
    phone.batch(*messages)
    faults = []

    def work():
        try:
            evaluate.evaluate(clock=clock.now)
        except Exception as error:  # noqa: BLE001 - a thread's fault must reach the test
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    evaluate.evaluate(clock=clock.now)

    assert faults == []
    assert not Inbox.objects.exists()
    assert Event.objects.count() == 180
    users = Identity.objects.filter(kind="user")
    canonical = {one.person.merged_into_id or one.person_id for one in users}
    assert len(canonical) == 6
    chained = Person.objects.filter(merged_into__merged_into__isnull=False)
    assert not chained.exists()
    assert not Moment.objects.exists()
