"""Why did, or didn't, this person get it: the command's answers."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests import brand

pytestmark = pytest.mark.django_db

DELFT = {
    "version": 1,
    "combinator": "and",
    "rules": [{"field": "event.properties.venue", "operator": "equals", "value": "Delft"}],
}


def asked(person="anna", campaign="thank-you"):
    out = io.StringIO()
    call_command("explain", person=person, campaign=campaign, workspace="acme", days=7, stdout=out)
    return out.getvalue()


def test_it_tells_what_was_sent(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"), brand.attended("anna"))
    work()

    assert "Open Day Attended: Sent." in asked()


def test_it_tells_why_not_and_what_to_do(workspace, phone, fcm, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna", first_name=None), brand.attended("anna"))
    work()

    assert "Not sent: we don't know the first name. Add a fallback" in asked()


def test_it_tells_what_would_have_had_to_differ(workspace, phone, work):
    brand.live_campaign(workspace, rule=DELFT)
    phone.batch(brand.attended("anna"))
    work()

    assert "and it was Utrecht" in asked()


def test_it_tells_what_was_not_known(workspace, phone, work):
    brand.live_campaign(workspace, rule=DELFT)
    phone.batch(brand.attended("anna", properties={}))
    work()

    assert "and it is not known" in asked()


def test_it_tells_that_nothing_arrived(workspace, phone, work, virtual_clock):
    brand.live_campaign(workspace)
    phone.batch(brand.attended("anna"))
    work()
    virtual_clock.forward(days=8)

    assert "Nothing arrived" in asked()


@pytest.mark.parametrize(("person", "campaign"), [("nobody", "thank-you"), ("anna", "none")])
def test_an_unknown_name_is_said_plainly(person, campaign, workspace, phone, work):
    brand.live_campaign(workspace)
    phone.batch(brand.attended("anna"))
    work()

    with pytest.raises(CommandError):
        asked(person, campaign)


def test_the_workspace_is_only_asked_for_where_several_have_the_campaign(workspace, phone, work):
    brand.live_campaign(workspace)
    phone.batch(brand.attended("anna"))
    work()
    out = io.StringIO()
    call_command("explain", "--person", "anna", "--campaign", "thank-you", stdout=out)
    assert "Open Day Attended" in out.getvalue()

    brand.live_campaign(brand.workspace_with_keys(key="other", prefix="other-"))

    with pytest.raises(CommandError, match="acme, other have a campaign thank-you"):
        call_command("explain", "--person", "anna", "--campaign", "thank-you")
