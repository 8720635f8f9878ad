"""What goes out to many people is told on the campaign's page; who waits is asked about."""

from datetime import timedelta
from uuid import UUID

import pytest

from campaigns.definition import Definition, Message
from campaigns.models import CampaignVersion, Moment
from campaigns.services import campaigns
from orchestrator.admin import going_out
from orchestrator.models import Expansion
from tests import cast
from tests.page import Page
from tests.shell.test_admin_campaigns import NOW, moment_of, person_in, staff, url
from triggers.clock import Elapsed
from triggers.trigger import BusinessTrigger, EventTrigger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


def drafted(workspace, trigger, body="There"):
    definition = Definition(trigger=trigger, messages={"default": Message(title="Hi", body=body)})
    return campaigns.draft(
        workspace=workspace, key="made", name="Made", intent="buy", definition=definition, now=NOW
    )


def live(workspace, trigger):
    campaign = drafted(workspace, trigger)
    campaigns.publish(campaign=campaign, user_id=None, now=NOW)
    campaign.refresh_from_db()
    return campaign


def expansion(campaign, **changes):
    known = {
        "workspace_id": campaign.workspace_id,
        "campaign_id": campaign.pk,
        "occurrence": str(Expansion.objects.count()),
        "due_at": NOW,
        "expires_at": NOW + timedelta(days=1),
        "created_at": NOW,
        "people": 12_400,
        "moments": 3_100,
    }
    return Expansion.objects.create(**known | changes)


def panel_text(client, campaign):
    page = client.get(url("campaign_change", campaign.pk)).content.decode()
    return " ".join(Page(page, form_id="").texts.get("content", page).split())


STATES = [
    ({}, "Running", "Now going out: 12,400 of 3 people looked at, 3,100 messages."),
    (
        {"state": "done", "people": 1, "moments": 1},
        "Done",
        "Went out: 1 person looked at, 1 message.",
    ),
    (
        {"state": "stopped", "reason": "audience_limit"},
        "Stopped",
        "Stopped: more than 100,000 people matched, the limit of this campaign. "
        "Raise the limit to go on. Until then: 12,400 people looked at, 3,100 messages.",
    ),
    (
        {"state": "stopped", "reason": "hourly_limit"},
        "Stopped",
        "more than 20 reports came within an hour",
    ),
    ({"state": "stopped", "reason": "replaced"}, "Stopped", "starts in another way"),
    ({"state": "stopped", "reason": "expired"}, "Stopped", "too late for the rest"),
    ({"state": "stopped", "reason": "new"}, "Stopped", "Stopped. Until then"),
    ({"due_at": cast.NOW + timedelta(days=400)}, "Planned", "Has not begun yet."),
]


@pytest.mark.parametrize(("changes", "name", "sentence"), STATES)
def test_the_panel_says_how_far_it_is(changes, name, sentence, approver, workspace):
    campaign = live(workspace, BusinessTrigger(event="Back In Stock"))
    for _ in range(3):
        person_in(workspace)
    expansion(campaign, **changes)

    shown = panel_text(approver, campaign)

    assert sentence in shown
    assert f">{name}</span>" in shown or name in shown


def test_the_newest_five_are_shown_and_none_of_others(approver, workspace):
    campaign = live(workspace, BusinessTrigger(event="Back In Stock"))
    for day in range(7):
        expansion(campaign, state="done", due_at=NOW + timedelta(days=day), people=1_000 + day)
    theirs = cast.workspace("other")
    expansion(campaign, workspace_id=theirs.pk, state="done", people=9_999)

    html = going_out.panel(campaign)

    assert [f"1,00{number} people" in html for number in range(7)] == [False, False, *[True] * 5]
    assert "9,999" not in html


def test_a_campaign_that_never_went_out_to_many_has_no_panel(workspace):
    assert going_out.panel(live(workspace, EventTrigger(event="X"))) == ""


PEOPLE = [(0, "0 people"), (99, "99 people"), (104, "about 100 people"), (156, "about 160 people")]


@pytest.mark.parametrize(("number", "said"), PEOPLE)
def test_two_figures_of_the_number_of_people_are_enough(number, said, workspace):
    for _ in range(number):
        person_in(workspace)

    assert going_out.people_of(workspace.pk) == said


# --- who waits when a new revision is published ------------------------------------------------
def waiting(campaign, number):
    for each in range(number):
        moment_of(
            campaign,
            person_in(campaign.workspace),
            number=each + 1,
            state="waiting",
            reason="",
            detail="",
            due_at=NOW + timedelta(days=1),
            ended_at=None,
        )


def test_who_waits_is_asked_about_only_if_somebody_does(approver, workspace):
    campaign = live(workspace, EventTrigger(event="X", wait=Elapsed(60)))
    drafted(workspace, EventTrigger(event="X", wait=Elapsed(60)), body="New")

    before = approver.get(url("campaign_publish", campaign.pk)).content.decode()
    waiting(campaign, 2)
    after = approver.get(url("campaign_publish", campaign.pk)).content.decode()

    assert "waiting now" not in before
    assert "People who are waiting now (2)" in after
    assert 'value="old" id="waiting-old" checked' in after


@pytest.mark.parametrize(("posted", "follows"), [("old", False), ("new", True), ("", False)])
def test_who_waits_gets_the_new_message_only_if_chosen(posted, follows, approver, workspace):
    campaign = live(workspace, EventTrigger(event="X", wait=Elapsed(60)))
    waiting(campaign, 1)
    drafted(workspace, EventTrigger(event="X", wait=Elapsed(60)), body="New")
    seen = approver.get(url("campaign_publish", campaign.pk)).context["seen"]

    approver.post(url("campaign_publish", campaign.pk), {"seen": seen, "waiting": posted})

    version = CampaignVersion.objects.get(number=2)
    assert version.for_waiting is follows
    assert Moment.objects.get().pk == UUID(int=1)
