"""Location and quiet hours on the workspace's own page."""

from datetime import time

import pytest

from audience.models import LocationConsent, Role, Workspace
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def owner(acme):
    return cast.browser(cast.staff(Role.OWNER, at=acme))


def typed(**changes):
    return {
        "name": "Acme",
        "mode": "open",
        "time_zone": "UTC",
        "location_consent": "asked",
        "keep_fixes_days": "7",
        "quiet_from": "21:00",
        "quiet_until": "08:00",
        **changes,
    }


def page_of(workspace):
    return f"/admin/audience/workspace/{workspace.pk}/change/"


def test_an_owner_sets_them_and_workers_hear_of_it(owner, acme):
    owner.post(page_of(acme), typed())

    saved = Workspace.objects.get()
    assert (saved.location_consent, saved.keep_fixes_days) == (LocationConsent.ASKED, 7)
    assert (saved.quiet_from, saved.quiet_until) == (time(21), time(8))
    assert saved.program_version == acme.program_version + 1


def test_the_page_says_what_quiet_hours_do(owner, acme):
    page = owner.get(page_of(acme)).content.decode()

    assert "Location and quiet hours" in page
    assert "in the person’s own time" in page


@pytest.mark.parametrize(
    "changes", [{"quiet_from": ""}, {"quiet_until": ""}, {"keep_fixes_days": "91"}]
)
def test_half_a_night_and_too_many_days_are_refused(owner, acme, changes):
    answer = owner.post(page_of(acme), typed(**changes))

    assert answer.status_code == 200
    assert Workspace.objects.get().keep_fixes_days == 0


def test_no_quiet_hours_are_fine(owner, acme):
    owner.post(page_of(acme), typed(quiet_from="", quiet_until=""))

    assert Workspace.objects.get().quiet_from is None


def test_a_superuser_makes_a_workspace_with_them(acme):
    cast.browser(cast.staff(superuser=True)).post(
        "/admin/audience/workspace/add/", typed(name="New", key="new")
    )

    assert Workspace.objects.get(key="new").location_consent == LocationConsent.ASKED
