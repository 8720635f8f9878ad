"""What the brand's server reports: once, for its own brand, and not without limits."""

import pytest

from campaigns.models import Moment
from orchestrator.models import Expansion
from tests import brand
from tests.flow.test_business_events import DROPPED, EVERYONE, HOUR
from tests.planning import crowd, live, occurrences, someone
from triggers.models import Event
from triggers.trigger import BusinessTrigger

pytestmark = pytest.mark.django_db


def test_more_than_the_hourly_limit_is_stopped_and_told(workspace, report):
    live(workspace, BusinessTrigger(event=DROPPED, max_per_hour=2))
    someone(workspace)

    for number in range(4):
        report(f"r{number}")
    report("r4", after=HOUR)

    told = Expansion.objects.order_by("id").values_list("state", "reason")
    assert list(told) == [
        ("done", ""), ("done", ""), ("stopped", "hourly_limit"), ("stopped", "hourly_limit"),
        ("done", ""),
    ]  # fmt: skip
    assert [one[1] for one in occurrences()] == ["news:r0", "news:r1", "news:r4"]


def test_the_same_message_twice_counts_once(workspace, report):
    live(workspace, BusinessTrigger(event=DROPPED, max_per_hour=2))
    someone(workspace)

    report("same")
    report("same")
    report("other")

    assert occurrences() == [("anna", "news:other"), ("anna", "news:same")]


def test_two_campaigns_act_on_one_event_each_for_itself(workspace, report):
    live(workspace, EVERYONE, key="one")
    live(workspace, EVERYONE, key="two")
    someone(workspace)

    assert report() == ["one", "two"]

    assert occurrences() == [("anna", "one:r1"), ("anna", "two:r1")]


def test_max_people_stops_a_report(workspace, report):
    live(workspace, BusinessTrigger(event=DROPPED, max_people=2))
    crowd(workspace, 3)

    report()

    assert Moment.objects.count() == 2
    assert Expansion.objects.get().reason == "audience_limit"


def test_another_brand_hears_nothing(workspace, report):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    live(other, EVERYONE)
    someone(other)

    assert report() == []
    assert Event.objects.count() == 0
