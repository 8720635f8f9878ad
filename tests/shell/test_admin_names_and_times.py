"""One person is called one thing, and all times are the workspace's, on every page."""

import pytest
from django.urls import reverse

from audience.admin.who import names_of
from audience.models import Workspace
from tests import brand, cast
from triggers.models import EventName

pytestmark = pytest.mark.django_db

NAMES = [
    ("anna", ["browser-12345"], "anna"),
    (None, ["browser-12345", "other"], "Guest browser-"),
    (None, [], None),
]


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


def url(page, *args):
    return reverse(f"admin:{page}", args=args)


@pytest.mark.parametrize(("user_id", "anonymous_ids", "called"), NAMES)
def test_a_person_is_called_one_thing_on_every_page(acme, user_id, anonymous_ids, called):
    owner = cast.owner_of(acme)
    traits = {"first_name": "Anneliese"}
    who = cast.person(acme, user_id, traits=traits, anonymous_ids=anonymous_ids)
    phone = cast.device(acme, who)
    campaign = brand.live_campaign(acme)
    moment = cast.moment(who, campaign)
    cast.event(who)
    EventName.objects.create(
        workspace=acme, name=brand.OPEN_DAY, first_seen_at=cast.NOW, last_seen_at=cast.NOW
    )

    pages = [
        url("index"),
        url("event_debugger"),
        url("audience_person_changelist"),
        url("audience_person_change", who.pk),
        url("audience_device_changelist"),
        url("audience_device_change", phone.pk),
        url("triggers_event_changelist"),
        url("campaigns_moment_changelist"),
        url("campaigns_moment_change", moment.pk),
        url("campaigns_campaign_change", campaign.pk),
    ]
    called = called or f"Person {who.pk}"

    assert [page for page in pages if called not in owner.get(page).content.decode()] == []


def test_who_was_merged_is_called_what_they_became(acme):
    anna = cast.person(acme, "anna")
    guest = cast.person(acme, None, anonymous_ids=["browser-1"], merged_into=anna)

    assert names_of([guest.pk, anna.pk]) == {guest.pk: "anna", anna.pk: "anna"}
    assert names_of([999_999]) == {999_999: "Person 999999"}


def test_activity_tells_the_time_of_the_workspace(acme):
    Workspace.objects.filter(pk=acme.pk).update(time_zone="Asia/Tokyo")
    moment = cast.moment(cast.person(acme), cast.campaign(acme))
    owner = cast.owner_of(acme)

    listed = owner.get(url("campaigns_moment_changelist")).content.decode()
    opened = owner.get(url("campaigns_moment_change", moment.pk)).content.decode()

    assert "21 Nov 2026 21:00:00" in listed
    assert "Times are in Asia/Tokyo." in listed
    assert "21 Nov 2026, 21:00:00" in opened
