"""Faults that were found once; each test is named after its fault."""

import contextlib
import gzip
import http.server
import threading
import time

import pytest
from django.db import connection, transaction

from audience.models import Device
from audience.sql import run
from campaigns.models import Campaign, Moment, Push
from campaigns.services import campaigns
from orchestrator import clock, gateway
from orchestrator.api import envelope
from orchestrator.models import Inbox, Quarantine
from orchestrator.pipeline import dispatch, evaluate, lanes, transactions, upkeep
from tests import brand
from triggers.models import Event

pytestmark = pytest.mark.django_db

HOSTILE = {
    "unclosed quotes": b'{"batch":[' + b'\\"' * 200_000,
    "quotes": b'{"batch":[' + b'"' * 400_000,
    "empty arrays": b'{"a":[],' * 50_000,
    "backslashes": b'{"batch":["' + b"\\" * 400_000,
    "brackets": b"[" * 400_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_body_costs_no_square_time(case, workspace, phone):
    began = time.monotonic()

    answer = phone.post("batch", gzip.compress(HOSTILE[case]))

    assert answer.status_code == 400
    assert time.monotonic() - began < 5  # it took minutes


def test_an_unknown_key_is_refused_before_its_body_is_looked_at(workspace, phone, monkeypatch):
    monkeypatch.setattr(envelope, "opened", None)
    phone.key = "unknown"

    assert phone.batch().status_code == 401


ODD_ANSWERS = {
    "200 without a name": (200, b"{}", {}),
    "200 and a list": (200, b"[]", {}),
    "200 and null": (200, b"null", {}),
    "400 without details": (400, b'{"error": {"details": null}}', {}),
    "400 without violations": (400, b'{"error": {"details": [{"fieldViolations": null}]}}', {}),
    "400 and text": (400, b"no", {}),
    "503 and an odd Retry-After": (503, b"{}", {"Retry-After": "\u00b2"}),
}


@pytest.fixture
def odd_fcm(settings):
    """An FCM that answers as it is told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        answer: tuple[int, bytes, dict[str, str]] = (200, b"{}", {})

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body, headers = self.answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.FCM_ENDPOINT = f"http://127.0.0.1:{server.server_port}"
        gateway.close()
        yield Handler
        gateway.close()
        server.shutdown()


@pytest.mark.parametrize("case", ODD_ANSWERS)
def test_an_odd_answer_of_fcm_does_not_end_sending(case, workspace, phone, odd_fcm, work):
    odd_fcm.answer = ODD_ANSWERS[case]
    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()

    assert Push.objects.get().state in {"pending", "failed", "unconfirmed"}


def test_a_logout_stands_against_a_registration_still_in_the_inbox(workspace, phone, work):
    phone.put("devices/tablet", {"platform": "ios", "token": "ok:t", "user_id": "anna"})
    phone.delete("devices/tablet")

    work()

    assert Device.objects.get().person is None


def test_two_devices_with_one_token_in_a_batch_break_nothing(workspace, phone, work):
    same = {"type": "ios", "token": "ok:same"}

    phone.batch(
        brand.identify("anna", context={"device": {"id": "first", **same}}),
        brand.identify("bram", context={"device": {"id": "second", **same}}),
    )
    work()

    addresses = dict(Device.objects.values_list("installation_id", "address"))
    assert sorted(addresses.values()) == ["", "ok:same"]


@pytest.mark.django_db(transaction=True)
def test_a_new_device_that_two_lanes_see_at_once_keeps_its_token(workspace, phone):
    for number in range(12):
        phone.batch(
            brand.identify(f"u{number}", token=f"ok:{number}"),
            {
                "type": "track",
                "anonymousId": f"x{number}",
                "event": "Opened",
                "context": {"device": {"id": f"phone-of-u{number}", "type": "ios"}},
            },
        )

    def work():
        evaluate.evaluate(clock=clock.now)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    evaluate.evaluate(clock=clock.now)

    assert not Inbox.objects.exists()
    assert not Device.objects.filter(address="").exists()


def test_the_batchs_own_context_is_cleaned(workspace, phone, work):
    phone.batch(brand.attended("anna"), context={"app": {"name": "a\x00b"}})
    work()

    assert Event.objects.get().context == {"app": {"name": "a\ufffdb"}}


@pytest.mark.parametrize(
    "context", [{"a": "x" * 31_900}, {"a": {str(n): n for n in range(1001)}}, {"a": 2**70}]
)
def test_the_batchs_own_context_counts_against_each_message(context, workspace, phone):
    answer = phone.batch(brand.attended("anna"), context=context)

    assert answer.json()["accepted"] == 0


def test_retry_after_zero_does_not_spin(workspace, phone, fcm, work):
    fcm.behave({"prefix": "", "error": "QUOTA_EXCEEDED", "retry_after": 0})
    brand.live_campaign(workspace)

    phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()

    push = Push.objects.get()
    assert (push.state, push.attempts) == ("pending", 1)
    assert push.due_at > clock.now()


def test_a_client_cannot_take_the_id_of_our_own_message(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    taken = f"push:{Push.objects.get().pk}:accepted"

    phone.batch({"type": "track", "userId": "bram", "event": "X", "messageId": taken})
    work()

    assert Moment.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_databases_trouble_is_never_poison(workspace, phone, monkeypatch):
    phone.batch(brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    person = run("SELECT person_id FROM audience_identity")[0][0]
    phone.batch(brand.attended("anna", "second"))
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", "50ms")
    locked, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            run("SELECT 1 FROM audience_person WHERE id = %(id)b FOR UPDATE", id=person)
            locked.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(20)
    for _ in range(5):
        evaluate.evaluate(clock=clock.now)
    done.set()
    holder.join()

    assert Inbox.objects.get().failures == 0
    evaluate.evaluate(clock=clock.now)
    assert not Quarantine.objects.exists()
    assert Event.objects.count() == 2


def test_a_row_below_the_low_id_is_found_again(workspace, phone, work):
    phone.batch(brand.attended("anna"))
    run("UPDATE orchestrator_lane SET fresh_low_id = 1000000000, bulk_low_id = 1000000000")
    work()
    assert Inbox.objects.exists()

    upkeep.upkeep(now=clock.now())
    work()

    assert not Inbox.objects.exists()


def test_low_ids_follow_and_never_pass_a_waiting_row(workspace, phone, work, virtual_clock):
    lane = None
    for minute in range(4):
        phone.batch(brand.attended("anna", f"m{minute}"))
        lane = lane or Inbox.objects.get().lane
        work()
        virtual_clock.forward(minutes=2)

    rows = run("SELECT fresh_low_id FROM orchestrator_lane WHERE lane = %(lane)b", lane=lane)
    assert rows[0][0] > 0
    assert Event.objects.count() == 4


def test_expired_pushes_of_a_paused_campaign_come_to_an_end(workspace, phone, fcm, work,
                                                            virtual_clock):  # fmt: skip
    campaign = brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    campaigns.pause(campaign=campaign, now=clock.now())
    virtual_clock.forward(days=2)

    upkeep.upkeep(now=clock.now())
    work()

    assert Push.objects.get().state == "dropped"
    assert Moment.objects.get().state == "expired"


def test_a_paused_campaign_does_not_hold_up_the_others(workspace, phone, fcm, work):
    waiting = brand.live_campaign(workspace, key="waiting", body="Waiting")
    brand.live_campaign(workspace, key="going", body="Going")
    phone.batch(brand.identify("anna"), *[brand.attended("anna", f"m{n}") for n in range(9)])
    evaluate.evaluate(clock=clock.now)

    campaigns.pause(campaign=waiting, now=clock.now())
    work()

    assert {one["notification"]["body"] for one in fcm.messages} == {"Going"}
    assert Campaign.objects.get(key="waiting").state == "paused"


@pytest.mark.django_db(transaction=True)
def test_answers_of_fcm_survive_trouble_with_the_database(workspace, phone, fcm, monkeypatch):
    from django.db import OperationalError

    from campaigns.services import pushes

    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    stream = dispatch.Stream(gateway.gateway(), clock.now)
    monkeypatch.setattr(dispatch, "PAUSE_S", 0)
    real, failures = pushes.settle, iter([OperationalError(), OperationalError()])

    def failing(**arguments):
        with contextlib.suppress(StopIteration):
            raise next(failures)
        return real(**arguments)

    monkeypatch.setattr(pushes, "settle", failing)
    stream.claim()
    for _ in range(40):
        stream.settle()

    assert Push.objects.get().state == "accepted"
    assert len(fcm.messages) == 1


def test_a_message_set_aside_keeps_no_token(workspace, phone, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError("secret in the error's text")

    monkeypatch.setattr("orchestrator.pipeline.arrivals.event_row", broken)
    phone.batch(brand.identify("anna", token="secret-token"))
    for _ in range(3):
        evaluate.evaluate(clock=clock.now)

    kept = Quarantine.objects.get()
    assert b"secret-token" not in bytes(kept.body)
    assert kept.error == "ValueError"


@pytest.mark.parametrize("accept", ["text/plain", "", "image/png", "nonsense"])
def test_any_accept_header_is_answered_with_json(accept, workspace, phone):
    answer = phone.post("batch", {"batch": [brand.attended("anna")]}, Accept=accept)

    assert answer.json()["accepted"] == 1


def test_a_basic_header_that_is_not_ascii_is_a_401(workspace, phone):
    phone.key = ""

    assert phone.post("batch", {"batch": []}, Authorization="Basic \u00e9\u00e9").status_code == 401


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"userId": "anna", "event": "X", "properties": {"a": "\ud800"}}',
        b'{"userId": "anna", "event": "X", "batch": 3}',
        b'{"userId": "anna", "event": "X", "properties": {"a": "\xff"}}',
    ],
)
def test_a_single_message_is_repaired_like_one_in_a_batch(raw, workspace, phone):
    assert phone.post("track", raw).json()["accepted"] == 1


def test_a_persons_traits_are_bounded(workspace, phone, work):
    for number in range(3):
        traits = {f"t{number}-{each}": 1 for each in range(600)}
        phone.batch({"type": "identify", "userId": "anna", "traits": traits})
    work()

    count = run("SELECT count(*) FROM audience_person, jsonb_object_keys(traits)")[0][0]
    assert count == 1_000


def test_upkeep_makes_the_months_ahead_and_forgets_old_refusals(workspace, phone, virtual_clock):
    phone.batch({"type": "nonsense"})
    virtual_clock.forward(days=8)

    upkeep.upkeep(now=clock.now())

    assert run("SELECT to_regclass('triggers_event_2027_01') IS NOT NULL")[0][0]
    assert not run("SELECT 1 FROM orchestrator_rejection")


def test_a_lane_is_never_held_twice():
    with lanes.held(5) as first:
        assert first == []
    with lanes.held(5) as again:
        assert again == []
