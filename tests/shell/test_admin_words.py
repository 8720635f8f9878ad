"""Words that fit the kind: whom a campaign without conditions reaches, and from when it counts."""

from typing import Any

import pytest

from campaigns.admin.preview import NOT_HERE, NOT_KNOWN, TRY_IT, UNSEEN
from campaigns.services import campaigns
from tests.shell.test_admin_campaigns import (
    NOW,
    event_of,
    moment_of,
    person_in,
    staff,
    typed,
    url,
    with_rule,
)
from tests.shell.test_admin_kinds import CHOSEN, drafted, form_of, read

pytestmark = pytest.mark.django_db

NO_CONDITIONS = {
    "event": "No conditions: every such event counts.",
    "schedule": "No conditions: everyone.",
    "date": "No conditions: everyone.",
    "business_event": "No conditions: every such event counts.",
    "interaction": "No conditions: every such event counts.",
    "place": "No conditions: everyone at one of these places.",
    "api": "No conditions: every call counts.",
}
BOUGHT = {
    "field": "history.count",
    "operator": "at_least",
    "value": 1,
    "of": {"event": "Order Completed"},
}
IN_SEGMENT = {"field": "segment.locals", "operator": "is_true"}
IN_DELFT = {"field": "event.properties.venue", "operator": "equals", "value": "Delft"}
NOT_SAID = {"field": "event.properties.guests", "operator": "at_least", "value": 2}


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


@pytest.mark.parametrize("kind", NO_CONDITIONS)
def test_the_page_says_whom_no_conditions_reach(kind, approver, workspace):
    campaign = drafted(workspace, CHOSEN[kind])

    tags = read(approver.get(url("campaign_change", campaign.pk))).tags

    [rule] = [one for _, one in tags if one.get("id") == "id_rule"]
    told = {one.get("data-no-conditions") for tag, one in tags if tag == "label"}
    assert rule["data-no-conditions"] == NO_CONDITIONS[kind]
    assert told - {None} == set(NO_CONDITIONS.values())


@pytest.mark.parametrize("kind", ["event", "schedule"])
def test_an_entry_of_activity_says_it_too(kind, approver, workspace):
    campaign = drafted(workspace, CHOSEN[kind])
    campaigns.publish(campaign=campaign, user_id=None, now=NOW)
    campaign.refresh_from_db()
    moment = moment_of(campaign, person_in(workspace))

    page = approver.get(url("moment_change", moment.pk)).content.decode()

    assert NO_CONDITIONS[kind] in page


@pytest.mark.parametrize("kind", ["event", "schedule", "date"])
def test_too_late_counts_from_an_event_only_where_there_is_one(kind, approver, workspace):
    campaign = drafted(workspace, CHOSEN[kind])

    tags = read(approver.get(url("campaign_change", campaign.pk))).tags

    [from_event] = ["hidden" not in one for _, one in tags if "data-no-wait" in one]
    [from_sending] = ["hidden" not in one for _, one in tags if "data-any-wait" in one]
    assert from_event is (kind == "event")
    assert from_sending is (kind != "event")


ASKED: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "the past": ([BOUGHT], "", UNSEEN),
    "a segment": ([IN_SEGMENT], "", UNSEEN),
    "the past and what is not known": ([NOT_SAID, BOUGHT], "", UNSEEN),
    "what does not hold and the past": ([IN_DELFT, BOUGHT], NOT_HERE, ""),
    "what is not known": ([NOT_SAID], NOT_KNOWN, ""),
}


@pytest.mark.parametrize("case", ASKED)
def test_the_phone_does_not_call_unknown_what_it_did_not_ask(case, approver, workspace):
    rules, warning, note = ASKED[case]
    event_of(person_in(workspace, first_name="Anna"))
    form = typed(sample="1", rule=with_rule(*rules))

    phone = approver.post(url("campaign_preview"), form).json()["phone"].replace("&#x27;", "'")

    assert ('cp-warning">' + warning in phone) is bool(warning)
    assert ('cp-help">' + note in phone) is bool(note)
    assert (TRY_IT in phone) is bool(note)


def test_where_nothing_can_be_tried_the_phone_does_not_speak_of_it(approver):
    form = form_of("schedule", rule=with_rule(BOUGHT), repeat="daily", start="2026-11-23")

    phone = approver.post(url("campaign_preview"), form).json()["phone"]

    assert "does not look at a person&#x27;s past" in phone
    assert TRY_IT not in phone
