"""What waits says until when, on Home, on a person's page and where one asks why."""

from datetime import timedelta

import pytest

from campaigns.models import Moment
from tests import cast

pytestmark = pytest.mark.django_db

IN_AMSTERDAM = "21 Nov 2026 13:45:00"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace(time_zone="Europe/Amsterdam")


@pytest.fixture
def owner(acme):
    return cast.owner_of(acme)


@pytest.fixture
def mila(acme):
    return cast.person(acme, "mila", traits={"first_name": "Mila"})


def waiting(person, campaign, *, minutes=45, **more):
    moment = cast.moment(person, campaign, state="waiting", reason="")
    due_at = cast.NOW + timedelta(minutes=minutes)
    Moment.objects.filter(pk=moment.pk).update(due_at=due_at, **more)
    return moment


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_home_and_the_person_say_until_when_in_the_workspaces_time(owner, acme, mila):
    waiting(mila, cast.campaign(acme))

    home, person = owner.get("/admin/"), owner.get(f"/admin/audience/person/{mila.pk}/change/")

    assert f"Waits until {IN_AMSTERDAM}." in text(home)
    assert f"Waits until {IN_AMSTERDAM}." in text(person)


def test_the_page_that_says_why_says_until_when(owner, acme, mila):
    campaign = cast.campaign(acme)
    event = cast.event(mila)
    waiting(mila, campaign, event_id=event.pk)

    page = owner.get(f"/admin/audience/person/{mila.pk}/why/?campaign={campaign.pk}")

    assert f"Waits until {IN_AMSTERDAM}." in text(page)


def test_home_counts_what_waits_apart_from_what_is_ready(owner, acme, mila):
    campaign = cast.campaign(acme)
    other = cast.workspace("other")
    waiting(cast.person(other), cast.campaign(other), minutes=1)

    none = text(owner.get("/admin/"))
    waiting(mila, campaign)
    one = owner.get("/admin/")
    waiting(mila, campaign, minutes=50)
    two = text(owner.get("/admin/"))

    assert "for its time" not in none
    assert one.context["ready"] == "0"
    assert "1 message waits for its time: <time" in text(one)
    assert f'="2026-11-21T13:45:00+01:00">{IN_AMSTERDAM}</time>.' in text(one)
    assert "2 messages wait for their time, the next until" in two
    assert IN_AMSTERDAM in two


def test_a_person_is_called_the_same_on_each_page(owner, acme, mila):
    campaign = cast.campaign(acme)

    person = owner.get(f"/admin/audience/person/{mila.pk}/change/")
    why = owner.get(f"/admin/audience/person/{mila.pk}/why/?campaign={campaign.pk}")

    assert person.context["title"] == "mila"
    assert why.context["title"] == "Why did or didn't mila get it?"
