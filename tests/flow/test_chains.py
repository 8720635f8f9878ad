"""Messages that start one another: five at most, and as often as re-entry allows."""

import pytest

from campaigns.models import Moment, Push
from orchestrator import clock
from orchestrator.pipeline import evaluate
from tests import brand
from tests.flow.test_interactions import by_campaign, first, follows, tap
from tests.planning import someone
from triggers.trigger import ReEntry

pytestmark = pytest.mark.django_db


def test_a_chain_of_messages_ends_after_five(workspace, phone, fcm, work):
    first(workspace, "c0")
    for number in range(1, 9):
        follows(workspace, "accepted", campaign=f"c{number - 1}", key=f"c{number}")
    someone(workspace)

    phone.batch(brand.attended("anna"))
    for _ in range(6):
        work()

    assert by_campaign() == {
        **{f"c{number}": ("sent", "accepted") for number in range(6)},
        "c6": ("skipped", "chain_too_long"),
    }


def test_two_campaigns_that_start_each_other_end(workspace, phone, fcm, work):
    first(workspace, "ping")
    follows(workspace, "accepted", campaign="ping", key="pong")
    someone(workspace)
    phone.batch(brand.attended("anna"))
    evaluate.evaluate(clock=clock.now)
    follows(workspace, "accepted", campaign="pong", key="ping")

    for _ in range(8):
        work()

    assert len(fcm.messages) == 6
    ends = list(Moment.objects.values_list("reason", flat=True))
    assert sorted(ends) == ["accepted"] * 6 + ["chain_too_long"]


def test_a_chain_of_openings_ends_after_five(workspace, phone, fcm, work):
    first(workspace, "c0")
    for number in range(1, 8):
        follows(workspace, "opened", campaign=f"c{number - 1}", key=f"c{number}")
    someone(workspace)
    phone.batch(brand.attended("anna"))
    work()

    for number in range(7):
        newest = Push.objects.filter(campaign__key=f"c{number}").first()
        if newest:
            phone.batch(tap("anna", newest.pk, f"tap-{number}"))
            work()

    assert len(fcm.messages) == 6
    assert by_campaign()["c6"] == ("skipped", "chain_too_long")


def test_an_interaction_obeys_re_entry(workspace, phone, fcm, work):
    first(workspace)
    follows(workspace, "accepted", re_entry=ReEntry(mode="once"))
    someone(workspace)

    for number in range(2):
        phone.batch(brand.attended("anna", f"m{number}"))
        work()
        work()

    ends = Moment.objects.filter(campaign__key="second").values_list("reason", flat=True)
    assert sorted(ends) == ["accepted", "already_received"]
