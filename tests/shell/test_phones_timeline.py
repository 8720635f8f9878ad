"""What just happened, on the phones page: each event with what every campaign made of it."""

from datetime import timedelta

import pytest

from campaigns.models import Moment, Push
from orchestrator import clock
from orchestrator.pipeline import evaluate
from orchestrator.pipeline.explain import deciding
from orchestrator.simulator.phones.cast import VISIT
from tests import brand
from tests.phones import ANNA, BRAM, GUEST, IN_DELFT, hello, track

pytestmark = pytest.mark.django_db


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
        "until": None,
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


def test_an_event_waiting_for_fcm_is_shown_as_on_its_way(demo, app, page, virtual_clock):
    brand.live_campaign(demo)
    app.batch(hello(ANNA), track(ANNA))
    virtual_clock.forward(seconds=1)
    for _ in range(4):
        evaluate.evaluate(clock=clock.now)

    [line] = page.feed()["timeline"][0]["lines"]

    assert line["outcome"]["tone"] == "wait"
    assert Push.objects.get().created_at - Moment.objects.get().received_at == timedelta(seconds=1)
