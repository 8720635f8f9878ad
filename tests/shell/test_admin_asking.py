"""Why did someone not get it: asked on a campaign's page by a person's id."""

import html

import pytest

from audience.models import Role
from campaigns.admin.asking import NOBODY
from tests import cast
from tests.snapshot import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def thanks(acme):
    return cast.campaign(acme)


@pytest.fixture
def viewer(acme):
    return cast.browser(cast.staff(Role.VIEWER, at=acme))


def page_of(campaign):
    return f"/admin/campaigns/campaign/{campaign.pk}/change/"


def said(answer):
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("typed", ["anna", " anna ", "guest-1"])
def test_an_id_leads_to_the_page_about_that_person(typed, viewer, acme, thanks):
    anna = cast.person(acme, "anna", anonymous_ids=["guest-1"])

    answer = viewer.get(page_of(thanks), {"who": typed})

    assert answer.status_code == 302
    assert answer.url == f"/admin/audience/person/{anna.pk}/why/?campaign={thanks.pk}"
    assert viewer.get(answer.url).status_code == 200


def test_a_merged_person_leads_to_who_they_became(viewer, acme, thanks):
    anna = cast.person(acme, "anna")
    cast.person(acme, None, anonymous_ids=["guest-1"], merged_into=anna)

    answer = viewer.get(page_of(thanks), {"who": "guest-1"}, follow=True)

    assert answer.context["title"] == "Why did or didn't anna get it?"


@pytest.mark.parametrize("typed", ["nobody", "ann\0a", "x" * 5_000, "<b>", "\ud800"])
def test_an_unknown_id_is_said_on_the_same_page(typed, viewer, acme, thanks):
    cast.person(acme, "bob")
    before = snapshot()

    answer = viewer.get(page_of(thanks), {"who": typed.encode("utf-8", "surrogatepass")})

    assert answer.status_code == 200
    assert NOBODY in said(answer)
    assert "<b>" not in answer.content.decode()
    assert snapshot() == before


def test_nobody_of_another_workspace_is_known(viewer, acme, thanks):
    cast.person(cast.workspace("other"), "anna")

    assert NOBODY in said(viewer.get(page_of(thanks), {"who": "anna"}))


@pytest.mark.parametrize("query", [{}, {"who": ""}, {"who": " "}])
def test_without_an_id_nothing_is_said(query, viewer, thanks):
    answer = viewer.get(page_of(thanks), query)

    assert "Why did someone not get it?" in said(answer)
    assert NOBODY not in said(answer)


def test_a_new_campaign_has_nobody_to_ask_about(acme):
    page = cast.owner_of(acme).get("/admin/campaigns/campaign/add/", {"who": "anna"})

    assert page.status_code == 200
    assert "Why did someone not get it?" not in said(page)
