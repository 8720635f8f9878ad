"""How many queries a hot path may take, whatever the size of its batch."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audience.models import Workspace
from orchestrator import clock, gateway
from orchestrator.pipeline import dispatch, evaluate, lanes
from orchestrator.pipeline.dispatch import Stream
from tests import brand, places
from triggers.models import Event

pytestmark = pytest.mark.django_db
BUDGETS = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text())


def within(name, captured):
    spent = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(spent) <= BUDGETS[name], "\n".join(spent)


def messages():
    people = [brand.identify(f"u{number}") for number in range(100)]
    seen = [
        {"type": "track", "userId": f"u{number % 100}", "event": "Seen", "messageId": f"s{number}"}
        for number in range(300)
    ]
    return people + seen + [brand.attended(f"u{number}", f"m{number}") for number in range(100)]


def test_accepting_is_one_statement(workspace, phone):
    phone.batch(brand.attended("warm"))

    with CaptureQueriesContext(connection) as captured:
        phone.batch(*messages())

    within("POST /v1/batch, 500 messages", captured)


def test_a_batch_of_500_events_takes_a_fixed_number_of_queries(workspace, phone, monkeypatch):
    brand.live_campaign(workspace)
    monkeypatch.setattr("orchestrator.pipeline.accept.lane_of", lambda *_: 3)
    for number in range(2):  # the first to use a program records it, the second keeps it
        seen = {"type": "track", "userId": "w", "event": "Seen", "messageId": f"w{number}"}
        phone.batch(brand.identify(f"warm{number}"), brand.attended("warm", f"a{number}"), seen)
        evaluate.evaluate(clock=clock.now)
    phone.batch(*messages())

    with CaptureQueriesContext(connection) as captured:
        evaluate.evaluate_lane(3, clock=clock.now)

    assert lanes.busy() == lanes.Busy([], [])
    within("evaluate, a batch of 500, 100 people, 100 moments", captured)


def test_a_batch_of_positions_takes_a_fixed_number_of_queries(workspace, phone, monkeypatch):
    Workspace.objects.filter(pk=workspace.pk).update(location_consent="asked")
    places.put(workspace, places.store())
    monkeypatch.setattr("orchestrator.pipeline.accept.lane_of", lambda *_: 3)
    now = clock.now()
    phone.batch(places.fix(0, now, user="warm"))
    evaluate.evaluate(clock=clock.now)
    walk = [(north_m, now + places.minutes(n - 9)) for n, north_m in enumerate([900, 580, 0])]
    phone.batch(*(places.fix(*step, user=f"u{n}") for n in range(100) for step in walk))

    with CaptureQueriesContext(connection) as captured:
        evaluate.evaluate_lane(3, clock=clock.now)

    assert Event.objects.filter(name="Place Entered").count() == 101
    within("evaluate, a batch of 300 positions, 100 people, 200 crossings", captured)


def test_a_claim_and_its_settlement_take_a_fixed_number_of_queries(workspace, phone, fcm):
    brand.live_campaign(workspace)
    phone.batch(*messages())
    evaluate.evaluate(clock=clock.now)
    stream = Stream(gateway.gateway(), clock.now)

    with CaptureQueriesContext(connection) as captured:
        assert stream.claim() == 64
        stream.settle()

    within("dispatch, a claim of 64", captured)
    while stream._in_flight:
        stream.settle()
    assert dispatch.MAX_CLAIM >= 64
