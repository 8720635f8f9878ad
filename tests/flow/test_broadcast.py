"""A broadcast goes on beside what people do: their events and pushes pass its own."""

import pytest

from campaigns.models import Moment
from orchestrator import clock, gateway
from orchestrator.models import Inbox
from orchestrator.pipeline import dispatch, evaluate, lanes, plan
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.dispatch import Stream
from orchestrator.pipeline.message import InboxMessage
from orchestrator.pipeline.pacing import Pace
from tests import brand
from tests.planning import EVE, crowd, live, once

pytestmark = pytest.mark.django_db


class SilentGateway:
    """Takes pushes and never answers."""

    def __init__(self):
        self.taken = []

    def send(self, push, _done):
        self.taken.append(push.campaign_key)

    def close(self):
        pass


@pytest.fixture
def broadcast_to(workspace, virtual_clock):
    """A broadcast that is due now, to this many people."""

    def begin(people):
        crowd(workspace, people)
        live(workspace, once(EVE, max_people=1_000), key="everyone")

    return begin


@pytest.fixture
def bulk_rows(workspace, monkeypatch, virtual_clock):
    """This many rows of a broadcast's aftermath, all in lane 3 as is all else."""
    monkeypatch.setattr("orchestrator.pipeline.accept.lane_of", lambda *_: 3)

    def put(count):
        messages = [
            InboxMessage(
                type="track",
                message_id=f"old-{number}",
                occurred_at=EVE,
                source="server",
                user_id="bram",
                name="Seen",
            )
            for number in range(count)
        ]
        accept(
            workspace_id=workspace.pk, key_id=None, messages=messages, bulk=True, now=clock.now()
        )

    return put


def rows(*, fresh):
    return Inbox.objects.filter(fresh=fresh).count()


def attend(phone):
    phone.batch(brand.identify("anna"), brand.attended("anna"))


def test_a_broadcast_leaves_part_of_the_requests_in_flight_to_what_people_do(
    workspace, phone, broadcast_to, settings
):
    settings.FCM_IN_FLIGHT = 8
    brand.live_campaign(workspace)
    broadcast_to(20)
    plan.plan(clock=clock.now)
    silent = SilentGateway()
    stream = Stream(silent, clock.now, bulk=True)

    first, second = stream.claim(), stream.claim()
    attend(phone)
    evaluate.evaluate(clock=clock.now)
    third = Stream(silent, clock.now).claim()

    assert (first, second, third) == (6, 0, 1)
    assert silent.taken == ["everyone"] * 6 + ["thank-you"]


def test_who_sends_for_what_people_do_never_sends_a_broadcast(workspace, phone, broadcast_to):
    brand.live_campaign(workspace)
    broadcast_to(20)
    plan.plan(clock=clock.now)
    attend(phone)
    evaluate.evaluate(clock=clock.now)
    silent = SilentGateway()

    Stream(silent, clock.now).claim()

    assert silent.taken == ["thank-you"]


def test_an_event_does_not_wait_for_a_batch_of_what_is_bulk(phone, bulk_rows):
    bulk_rows(150)
    attend(phone)

    claimed = Inbox.objects.filter(pk__in=lanes.claim(3, now=clock.now()))

    assert claimed.filter(fresh=True).count() == rows(fresh=True) > 0
    assert claimed.filter(fresh=False).count() == 1


def test_what_is_bulk_goes_on_under_a_flood_of_events(phone, bulk_rows):
    bulk_rows(150)
    for number in range(3):
        phone.batch(*(brand.attended("anna", f"m{number}-{n}") for n in range(200)))

    claimed = Inbox.objects.filter(pk__in=lanes.claim(3, now=clock.now()))

    assert claimed.filter(fresh=True).count() == 450
    assert claimed.filter(fresh=False).count() == 50


def test_who_evaluates_what_people_do_leaves_what_is_only_bulk_to_others(phone, bulk_rows):
    bulk_rows(10)

    evaluate.evaluate(clock=clock.now)
    left = rows(fresh=False)
    evaluate.evaluate_bulk(clock=clock.now)

    assert (left, rows(fresh=False)) == (10, 0)


def test_who_evaluates_what_is_bulk_lets_go_while_events_starve(
    phone, bulk_rows, virtual_clock, monkeypatch
):
    rung: list[str] = []
    bulk_rows(250)
    monkeypatch.setattr("orchestrator.pipeline.accept.lane_of", lambda *_: 4)
    attend(phone)
    virtual_clock.forward(seconds=1)
    monkeypatch.setattr("orchestrator.bells.ring", rung.append)

    evaluate.evaluate_bulk(clock=clock.now)

    assert rows(fresh=False) == 150
    assert rung == ["orchestrator.evaluate_bulk"]


def test_a_phone_that_was_offline_keeps_the_order_of_old_and_new(phone, virtual_clock):
    old = brand.attended("anna", "m0", timestamp="2026-11-20T12:00:00Z")

    phone.batch(old, brand.attended("anna", "m1"))
    phone.batch(brand.attended("anna", "m2", timestamp="2026-11-20T12:00:00Z"))

    assert (rows(fresh=True), rows(fresh=False)) == (2, 1)


def test_the_planner_lets_go_of_its_process_while_events_starve(
    phone, broadcast_to, virtual_clock, monkeypatch
):
    rung: list[str] = []
    monkeypatch.setattr("orchestrator.bells.ring", rung.append)
    broadcast_to(401)
    attend(phone)
    virtual_clock.forward(seconds=1)

    plan.plan(clock=clock.now)
    meanwhile = Moment.objects.count()
    evaluate.evaluate(clock=clock.now)
    plan.plan(clock=clock.now)

    assert (meanwhile, Moment.objects.count()) == (200, 401 + 1)
    assert "orchestrator.plan" in rung


def test_dispatch_lets_go_of_its_process_while_events_starve(
    phone, broadcast_to, virtual_clock, fcm, settings
):
    settings.FCM_IN_FLIGHT = 8
    broadcast_to(20)
    plan.plan(clock=clock.now)
    attend(phone)
    virtual_clock.forward(seconds=1)

    send_bulk()
    meanwhile = len(fcm.messages)
    evaluate.evaluate(clock=clock.now)
    send_bulk()

    assert (meanwhile, len(fcm.messages)) == (6, 20)


def send_bulk():
    dispatch.dispatch(
        gateway=gateway.gateway(), clock=clock.now, stopping=gateway.stopping, bulk=True
    )


@pytest.mark.parametrize(
    ("work", "prepare"),
    [
        (plan.plan, lambda broadcast_to, _: broadcast_to(401)),
        (evaluate.evaluate_bulk, lambda _, bulk_rows: bulk_rows(250)),
    ],
)
def test_what_is_bulk_rests_between_its_pieces_while_events_come(
    work, prepare, phone, broadcast_to, bulk_rows, virtual_clock, monkeypatch, settings
):
    rests: list[float] = []
    settings.BULK_REST = 3
    monkeypatch.setattr("orchestrator.pipeline.pacing.time.sleep", rests.append)
    prepare(broadcast_to, bulk_rows)
    attend(phone)
    evaluate.evaluate(clock=clock.now)

    work(clock=clock.now)

    assert len(rests) == 3
    assert all(rest > 0 for rest in rests)


def test_what_is_bulk_does_not_rest_when_nobody_has_come_lately(
    phone, broadcast_to, virtual_clock, monkeypatch
):
    rests: list[float] = []
    monkeypatch.setattr("orchestrator.pipeline.pacing.time.sleep", rests.append)
    attend(phone)
    evaluate.evaluate(clock=clock.now)
    broadcast_to(401)
    virtual_clock.forward(seconds=3)

    plan.plan(clock=clock.now)

    assert (rests, Moment.objects.count()) == ([], 401 + 1)


def test_a_pieces_rest_is_as_many_times_as_long_as_the_setting_says(
    phone, virtual_clock, monkeypatch, settings
):
    rests: list[float] = []
    settings.BULK_REST = 3
    ticks = iter([10.0, 10.2, 10.9, 12.9, 20.0])
    attend(phone)
    evaluate.evaluate(clock=clock.now)
    monkeypatch.setattr("orchestrator.pipeline.pacing.time.sleep", rests.append)
    monkeypatch.setattr("orchestrator.pipeline.pacing.time.monotonic", lambda: next(ticks))
    pace = Pace(clock.now)

    pace.rest()
    pace.rest()

    assert rests == pytest.approx([0.6, 2.0])
