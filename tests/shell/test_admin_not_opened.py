"""“Did not open it within …” is a wait already: the page asks for no other one."""

import msgspec
import pytest

from campaigns.models import Campaign
from tests.shell.test_admin_campaigns import staff, typed, url
from tests.shell.test_admin_kinds import drafted, read, stored
from triggers.clock import Elapsed
from triggers.trigger import CancelOn, EventTrigger, InteractionTrigger

pytestmark = pytest.mark.django_db

NOT_OPENED = InteractionTrigger(campaign="first", did="not_opened", within_s=3600)
NOT_OPENED_FORM = typed(
    ("default", "Hi", "There"),
    kind="interaction",
    other_campaign="first",
    did="not_opened",
    did_within_0="3600",
)
WAITS = {"wait": "elapsed", "wait_number": "45", "wait_unit": "minutes"}
NONSENSE = {"wait": "wall_clock", "wait_day": "x", "wait_at": "x"}


@pytest.fixture
def approver(workspace):
    drafted(workspace, EventTrigger(event="X"), key="first", name="First")
    return staff(workspace, "approver")


def hidden(page, name):
    [found] = [attributes for _, attributes in read(page).tags if name in attributes]
    return "hidden" in found


@pytest.mark.parametrize("wait", [{}, WAITS, NONSENSE])
def test_a_wait_typed_for_another_choice_is_left_behind(wait, approver):
    answer = approver.post(url("campaign_add"), NOT_OPENED_FORM | wait)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == NOT_OPENED


def test_the_others_of_its_kind_keep_their_wait(approver):
    approver.post(url("campaign_add"), NOT_OPENED_FORM | WAITS | {"did": "opened"})

    assert stored().wait == Elapsed(2700)


def test_its_page_hides_the_wait_and_offers_what_stops_it(approver, workspace):
    campaign = drafted(workspace, NOT_OPENED)

    page = approver.get(url("campaign_change", campaign.pk))

    assert hidden(page, "data-asks-wait")
    assert hidden(page, "data-no-wait")
    assert not hidden(page, "data-any-wait")
    assert page.context["sheet"].has_cancels


def test_what_stops_it_is_stored(approver):
    changes = {"cancel_on": "wait", "cancel_on-0-event": "Order Completed"}

    approver.post(url("campaign_add"), NOT_OPENED_FORM | changes)

    assert stored() == msgspec.structs.replace(
        NOT_OPENED, cancel_on=(CancelOn(event="Order Completed"),)
    )


def test_saving_takes_away_a_wait_from_before_it_was_refused(approver, workspace):
    campaign = drafted(workspace, NOT_OPENED)
    draft = campaign.draft
    draft["trigger"]["wait"] = {"type": "elapsed", "seconds": 60}
    Campaign.objects.filter(pk=campaign.pk).update(draft=draft)

    answer = approver.post(url("campaign_change", campaign.pk), NOT_OPENED_FORM)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored("made") == NOT_OPENED
