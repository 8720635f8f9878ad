"""Why did or didn't they get it: the page of one person and one campaign."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audience.models import Person, Role
from campaigns.models import Campaign, Moment
from campaigns.services import campaigns
from tests import brand, cast
from tests.snapshot import snapshot

pytestmark = pytest.mark.django_db

ENOUGH = {
    "version": 1,
    "combinator": "and",
    "rules": [
        {"field": "event.properties.guests", "operator": "at_least", "value": 5},
        {"field": "person.traits.first_name", "operator": "is_set"},
        {"field": "person.traits.city", "operator": "is_not_set"},
    ],
}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def viewer(workspace, virtual_clock):
    return cast.browser(cast.staff(Role.VIEWER, at=workspace))


@pytest.fixture
def live(workspace, virtual_clock):
    return brand.live_campaign(workspace, rule=ENOUGH)


@pytest.fixture
def anna(workspace, phone, work, virtual_clock):
    """Anna, who signed in; her phone's events go through the whole flow."""
    phone.batch(brand.identify("anna"))
    work()
    return Person.objects.get()


def visited(phone, work, *guests):
    batch = [
        brand.attended("anna", f"visit-{number}", properties={"guests": number, "venue": "Ede"})
        for number in guests
    ]
    phone.batch(*batch)
    work()


def url(person, campaign=None, **query):
    asked = {"campaign": campaign.pk, **query} if campaign else query
    return f"/admin/audience/person/{person.pk}/why/?" + "&".join(
        f"{name}={value}" for name, value in asked.items()
    )


def told(answer):
    """The page's text as it is read, without what is around it."""
    assert answer.status_code == 200
    body = answer.content.decode().partition('<div class="cp cp-why">')[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def publish(workspace, rule, key="thank-you"):
    return brand.live_campaign(workspace, key=key, rule=rule)


# --- what became of an event ---
def test_a_no_shows_what_each_condition_saw_and_the_nearest_thing(
    viewer, live, anna, phone, fcm, work
):
    visited(phone, work, 2)

    page = told(viewer.get(url(anna, live)))

    assert "Nothing opened: “Only if” did not hold." in page
    assert (
        "It would have matched if the guests had been at least 5 (it was 2; 3 more was needed)."
        in page
    )
    assert "Does not hold: guests is at least 5 here: 2" in page
    assert 'Holds: person\'s first name is set here: "Anna"' in page


def test_what_is_not_known_is_grey_and_said(viewer, live, anna, phone, fcm, work):
    phone.batch(brand.attended("anna"))
    work()

    answer = viewer.get(url(anna, live))

    assert "something is not known" in told(answer)
    assert "Not known: guests is at least 5 here: not known" in told(answer)
    assert "the guests had been at least 5 (we don't know it)" in told(answer)
    assert "cp-leaf cp-unknown" in answer.content.decode()


def test_a_moment_is_shown_with_its_reason_and_its_checks(viewer, live, anna, phone, fcm, work):
    visited(phone, work, 6)
    moment = Moment.objects.get()

    answer = viewer.get(url(anna, live))

    assert "Sent." in told(answer)
    assert "A phone can be reached: yes" in told(answer)
    assert f"/admin/campaigns/moment/{moment.pk}/change/" in answer.content.decode()
    assert "It would have matched" not in told(answer)


def test_events_are_told_the_newest_first_and_others_only_counted(
    viewer, live, anna, phone, fcm, work, virtual_clock
):
    visited(phone, work, 6)
    virtual_clock.forward(minutes=5)
    visited(phone, work, 1)

    page = told(viewer.get(url(anna, live)))

    assert page.index("Nothing opened") < page.index("A phone can be reached")
    assert "And 1 other event, which the campaign does not listen to." in page


def test_what_today_would_make_of_a_match_is_said(viewer, workspace, anna, phone, fcm, work):
    phone.batch(brand.attended("anna"))
    work()
    live = publish(workspace, None)
    Campaign.objects.filter(pk=live.pk).update(live_since=brand.FOUNDED)
    live.versions.update(published_at=brand.FOUNDED)

    page = told(viewer.get(url(anna, live)))

    assert "though today “Only if” holds. Today it would be sent." in page


# --- another campaign than today's ---
def test_a_campaign_that_was_published_later_is_said(
    viewer, workspace, anna, phone, fcm, work, virtual_clock
):
    visited(phone, work, 2)
    live = publish(workspace, ENOUGH)
    live.versions.update(published_at=virtual_clock.now + timedelta(minutes=1))

    page = told(viewer.get(url(anna, live)))

    assert "not published yet when this event arrived; today revision 1 is live" in page
    assert "Today “Only if” would not hold either." in page


def test_another_revision_is_said_also_where_a_moment_opened(
    viewer, workspace, live, anna, phone, fcm, work, virtual_clock
):
    visited(phone, work, 2, 6)
    later = publish(workspace, None)
    later.versions.filter(number=2).update(published_at=virtual_clock.now + timedelta(minutes=1))

    page = told(viewer.get(url(anna, later)))

    assert page.count("When this event arrived, revision 1 was live; today revision 2 is.") == 2


def test_a_pause_is_said(viewer, workspace, live, anna, phone, fcm, work, virtual_clock):
    visited(phone, work, 2)
    campaigns.pause(campaign=live, now=virtual_clock.now)

    paused = told(viewer.get(url(anna, live)))
    Campaign.objects.update(state="live", live_since=virtual_clock.now + timedelta(minutes=1))
    resumed = told(viewer.get(url(anna, live)))

    assert "It is paused now: nothing is sent." in paused
    assert "It would have matched" in paused
    assert "may have been paused when this event arrived" in resumed


def test_a_draft_could_not_be_got(viewer, workspace, anna):
    draft = cast.campaign(workspace, state="draft")
    Campaign.objects.update(live_version=None)

    assert "never published, so nobody could get it" in told(viewer.get(url(anna, draft)))


# --- nothing at all ---
def test_never_is_said_with_what_they_did_have(viewer, live, anna, phone, work):
    phone.batch(brand.attended("anna", event="Cart Left"), brand.attended("anna", "m2", event="X"))
    work()

    page = told(viewer.get(url(anna, live)))

    assert "anna never did “Open Day Attended”" in page
    assert "Cart Left 1 time" in page


def test_long_ago_is_said(viewer, live, anna, phone, fcm, work, virtual_clock):
    visited(phone, work, 2)
    virtual_clock.forward(days=9)

    page = told(viewer.get(url(anna, live)))

    assert "did not happen in the last 7 days, so nothing could open. The last time was" in page
    assert "No event of theirs arrived in the last 7 days." in page
    assert "did not hold" in told(viewer.get(url(anna, live, days=30)))


# --- who, what, how much ---
def test_events_under_an_older_id_are_told_and_its_page_leads_here(viewer, workspace, live, anna):
    before = cast.person(workspace, None, anonymous_ids=["before"], merged_into=anna)
    cast.event(before, properties={"guests": 1})

    answer = viewer.get(url(before, live), follow=True)

    assert answer.redirect_chain == [(url(anna, live), 302)]
    assert "(it was 1; 4 more was needed)" in told(answer)


@pytest.mark.parametrize("campaign", ["0", "x", "²", "9" * 30, "-1", "%00"])
def test_what_is_no_campaign_is_not_found(campaign, viewer, anna):
    page = f"/admin/audience/person/{anna.pk}/why/?campaign={campaign}"

    assert viewer.get(page).status_code == 404


def test_another_workspaces_campaign_is_not_found(viewer, anna):
    theirs = brand.live_campaign(brand.workspace_with_keys(key="theirs", prefix="theirs-"))

    assert viewer.get(url(anna, theirs)).status_code == 404


@pytest.mark.parametrize("days", ["", "x", "0", "31", "-7", "9" * 20])
def test_an_odd_number_of_days_is_the_usual_one(days, viewer, live, anna):
    answer = viewer.get(url(anna, live, days=days))

    assert answer.context["days"] == 7


def test_it_is_to_be_read_only(viewer, live, anna, phone, fcm, work):
    visited(phone, work, 2, 6)
    before = snapshot()

    answers = [viewer.get(url(anna, live)), viewer.get(url(anna)), viewer.post(url(anna, live))]

    assert [one.status_code for one in answers] == [200, 200, 405]
    assert snapshot() == before


def test_values_are_escaped(viewer, workspace, live, anna, phone, fcm, work):
    phone.batch(brand.attended("anna", properties={"guests": HOSTILE}))
    work()
    Campaign.objects.update(name=HOSTILE)

    page = viewer.get(url(anna, live)).content.decode()

    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page


def test_the_number_of_queries_does_not_grow_with_the_events(viewer, live, anna):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert viewer.get(url(anna, live)).status_code == 200
        return len(seen)

    cast.event(anna, properties={"guests": 1})
    viewer.get(url(anna, live))
    few = queries()
    for number in range(60):
        cast.event(anna, properties={"guests": number})

    assert queries() == few
    assert "Only the newest 50 are shown." in told(viewer.get(url(anna, live)))


def test_a_person_an_activity_and_an_entry_of_it_lead_here(viewer, live, anna, phone, fcm, work):
    visited(phone, work, 6)
    moment = Moment.objects.get()
    person = viewer.get(f"/admin/audience/person/{anna.pk}/change/").content.decode()
    entry = viewer.get(f"/admin/campaigns/moment/{moment.pk}/change/").content.decode()

    assert f'action="/admin/audience/person/{anna.pk}/why/"' in person
    assert url(anna, live) in entry
