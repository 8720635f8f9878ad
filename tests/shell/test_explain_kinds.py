"""Why did or didn't they get it, for campaigns that do not simply listen to an event's name."""

import pytest

from audience.models import Role
from campaigns.definition import Definition, Message
from campaigns.services import campaigns
from tests import brand, cast
from triggers.trigger import ApiTrigger, EventTrigger, InteractionTrigger

pytestmark = pytest.mark.django_db

CITY = {
    "version": 1,
    "combinator": "and",
    "rules": [{"field": "person.traits.city", "operator": "equals", "value": "Delft"}],
}


@pytest.fixture
def viewer(workspace, virtual_clock):
    return cast.browser(cast.staff(Role.VIEWER, at=workspace))


@pytest.fixture
def anna(workspace):
    return cast.person(workspace, "anna", traits={"city": "Ede"})


def live(workspace, trigger, key="special"):
    campaign = campaigns.draft(
        workspace=workspace,
        key=key,
        name=key.title(),
        intent="know",
        definition=Definition(
            trigger=trigger, messages={"default": Message(title="Hi", body="Hello")}
        ),
        now=brand.FOUNDED,
    )
    campaigns.publish(campaign=campaign, user_id=None, now=brand.FOUNDED)
    return campaign


def seen(browser, person, campaign):
    answer = browser.get(f"/admin/audience/person/{person.pk}/why/?campaign={campaign.pk}")
    assert answer.status_code == 200
    return answer.context


def test_a_source_that_does_not_count_is_said(viewer, workspace, anna):
    campaign = live(workspace, EventTrigger(event="Cart Left", source="server"))
    cast.event(anna, "Cart Left")

    (card,) = seen(viewer, anna, campaign)["cards"]

    assert "does not count events from where this one came" in card.told.sentence
    assert card.nearest == ""


def test_a_campaign_that_is_called_tells_only_of_its_own_calls(viewer, workspace, anna):
    campaign = live(workspace, ApiTrigger(rule=CITY))
    called = {"type": "trigger", "source": "server"}
    cast.event(anna, "Campaign Triggered", context={"campaign": "special"}, **called)
    cast.event(anna, "Campaign Triggered", context={"campaign": "another"}, **called)

    page = seen(viewer, anna, campaign)

    (card,) = page["cards"]
    assert card.nearest == (
        'It would have matched if the person\'s city had been "Delft" (it was "Ede").'
    )
    assert page["found"].others == 0


def test_a_campaign_on_another_one_tells_only_of_that_one(viewer, workspace, anna):
    brand.live_campaign(workspace)
    campaign = live(workspace, InteractionTrigger(campaign="thank-you", did="accepted", rule=CITY))
    settled = {"type": "settled", "source": "server"}
    cast.event(anna, "Push Accepted", properties={"campaign_key": "thank-you"}, **settled)
    cast.event(anna, "Push Accepted", properties={"campaign_key": "another"}, **settled)

    page = seen(viewer, anna, campaign)

    assert [card.told.sentence for card in page["cards"]] == [
        "Nothing opened: “Only if” did not hold."
    ]
    assert page["found"].others == 0


def test_a_call_that_never_came_is_said_without_a_name_nobody_knows(viewer, workspace, anna):
    campaign = live(workspace, ApiTrigger())

    answer = viewer.get(f"/admin/audience/person/{anna.pk}/why/?campaign={campaign.pk}")

    assert b"Nothing that starts this campaign happened to them" in answer.content
    assert b"Campaign Triggered" not in answer.content
