"""The admin's frame: who comes in, what belongs to whom, and Home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audience.models import Membership, Role
from audience.services import workspaces
from orchestrator.models import Inbox
from tests import cast
from triggers.admin.events import address_of
from triggers.models import EventName

pytestmark = pytest.mark.django_db

HOME = "/admin/"
LISTS = [
    "audience_person",
    "audience_device",
    "audience_workspace",
    "audience_membership",
    "audience_apikey",
    "audience_usertokenkey",
    "triggers_event",
    "triggers_eventname",
    "orchestrator_quarantine",
]


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def owner(acme):
    return cast.owner_of(acme)


@pytest.fixture
def other(db):
    return cast.workspace("other")


def url(model, view="changelist", *args):
    return reverse(f"admin:{model}_{view}", args=args)


def text(answer):
    return answer.content.decode()


# --- who comes in, and where they work ---
def test_a_stranger_is_sent_to_sign_in_and_home_afterwards():
    answer = Client().get("/admin/login/", follow=True)

    assert answer.redirect_chain == [("/admin/login/?next=/admin/", 302)]


def test_staff_without_a_workspace_learn_whom_to_ask():
    lone = cast.browser(cast.staff(name="lone"))

    pages = [lone.get(HOME), lone.get(url("audience_person")), lone.get("/admin/event-debugger/")]

    assert all("not in a team yet" in text(page) for page in pages)
    assert lone.post("/admin/logout/").status_code == 200


def test_a_superuser_of_a_new_installation_is_led_to_the_first_workspace():
    root = cast.browser(cast.staff(superuser=True))

    assert "Add the first workspace" in text(root.get(HOME))
    assert root.get(url("audience_workspace")).status_code == 200


def test_the_header_switches_to_a_workspace_of_ones_own_by_post_alone(acme, other):
    user = cast.staff(Role.VIEWER, at=acme)
    Membership.objects.create(workspace=other, user=user, role=Role.VIEWER)
    client = cast.browser(user)

    by_get = client.get("/admin/workspace/", {"workspace": other.pk})
    by_post = client.post("/admin/workspace/", {"workspace": other.pk})

    assert by_get.status_code == 405
    assert by_post.status_code == 302
    assert "You are working in Other" in text(client.get(HOME))


def test_nobody_switches_to_a_workspace_of_others(owner, acme, other):
    answer = owner.post("/admin/workspace/", {"workspace": other.pk})

    assert answer.status_code == 404
    assert owner.post("/admin/workspace/", {"workspace": "x"}).status_code == 404
    assert "Other" not in text(owner.get(HOME))


def test_switching_needs_a_csrf_token(acme):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.staff(Role.OWNER, at=acme))

    assert client.post("/admin/workspace/", {"workspace": acme.pk}).status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_each_list_opens_empty_and_says_what_to_do(owner, model):
    answer = owner.get(url(model))

    assert answer.status_code == 200
    assert "<h1" in text(answer)


def test_the_menu_says_what_design_says(owner):
    titles = [
        item["title"]
        for group in owner.get(HOME).context["sidebar_navigation"]
        for item in group["items"]
    ]

    assert titles == [
        "Home",
        "Campaigns",
        "People",
        "Segments",
        "Devices",
        "Upload attendees",
        "Places",
        "Activity",
        "Workspaces",
        "Team",
        "Keys",
        "User token keys",
        "Event debugger",
        "Event catalogue",
        "Events",
        "Messages set aside",
    ]


def test_accounts_are_for_superusers_alone(owner):
    root = cast.browser(cast.staff(superuser=True))

    assert owner.get(url("auth_user")).status_code == 403
    assert root.get(url("auth_user")).status_code == 200


# --- another workspace's objects ---
def objects_of(at):
    """One of everything that belongs to a workspace: (model, id)."""
    who = cast.person(at)
    member = Membership.objects.create(workspace=at, user=cast.staff(), role=Role.VIEWER)
    token_key = workspaces.add_token_key(workspace=at, key_id="a", public_pem="pem", now=cast.NOW)
    name = EventName.objects.create(
        workspace=at, name="Seen", first_seen_at=cast.NOW, last_seen_at=cast.NOW
    )
    return [
        ("audience_person", who.pk),
        ("audience_device", cast.device(at, who).pk),
        ("audience_workspace", at.pk),
        ("audience_membership", member.pk),
        ("audience_apikey", cast.key(at).pk),
        ("audience_usertokenkey", token_key.pk),
        ("triggers_event", address_of(cast.event(who))),
        ("triggers_eventname", name.pk),
        ("orchestrator_quarantine", cast.quarantined(at).pk),
    ]


def test_another_workspaces_object_is_not_found_on_any_of_its_pages(owner, other):
    foreign = objects_of(other)
    actions = {
        "audience_apikey": "revoke",
        "audience_usertokenkey": "revoke",
        "orchestrator_quarantine": "try_again",
    }

    for model, pk in foreign:
        for view in ("change", "history", "delete"):
            assert owner.get(url(model, view, pk)).status_code == 404, (model, view)
            assert owner.post(url(model, view, pk)).status_code in {403, 404}, (model, view)
        if model in actions:
            address = reverse(f"admin:{model}_{actions[model]}", args=[pk])
            assert owner.get(address).status_code == 404
            assert owner.post(address).status_code == 404


def test_ones_own_objects_are_found(owner, acme):
    for model, pk in objects_of(acme):
        assert owner.get(url(model, "change", pk)).status_code == 200, model


def test_no_list_shows_what_belongs_to_others(owner, other):
    who = cast.person(other, "foreign-person")
    cast.device(other, who, installation_id="foreign-phone")
    cast.event(who, "Foreign Event")
    cast.rejection(other, name="Foreign Event")

    pages = [text(owner.get(url(model))) for model in LISTS]
    pages += [text(owner.get(HOME)), text(owner.get("/admin/event-debugger/"))]

    assert not any("oreign" in page for page in pages)


@pytest.mark.parametrize(
    "pk", ["x", "1-2", "99999999999999999999-1", "1-99999999999999999999", "0"]
)
def test_an_address_that_leads_nowhere_is_not_found(owner, pk):
    assert owner.get(url("triggers_event", "change", pk)).status_code == 404
    assert owner.get(url("audience_person", "change", pk)).status_code == 404


# --- home ---
def test_home_of_a_new_workspace_says_what_to_do_next(owner):
    page = text(owner.get(HOME))

    assert "Start from a ready-made campaign. Nothing is sent until you publish." in page
    assert "no key yet" in page


def test_home_shows_the_phones_page_in_the_demo_alone(owner, settings):
    settings.DEMO = False
    without = text(owner.get(HOME))
    settings.DEMO = True

    assert "/phones/" not in without
    assert "/phones/" in text(owner.get(HOME))


def test_home_tells_what_was_sent_today_and_what_needs_attention(owner, acme):
    anna = cast.person(acme)
    campaign = cast.campaign(acme)
    cast.campaign(acme, "sale", name="Summer sale", state="paused")
    cast.moment(anna, campaign)
    cast.moment(anna, campaign, at=cast.NOW - timedelta(days=1))
    cast.quarantined(acme)

    answer = owner.get(HOME)

    assert answer.context["sent_today"] == "1"
    assert len(answer.context["recent"]) == 2
    assert "“Summer sale” is paused" in text(answer)
    assert "Messages set aside: 1" in text(answer)


def test_home_says_when_events_are_held_up(owner, acme):
    Inbox.objects.create(
        workspace_id=acme.pk,
        lane=1,
        fresh=True,
        body=b"{}",
        received_at=cast.NOW - timedelta(minutes=3),
    )

    page = text(owner.get(HOME))

    assert "Held up" in page
    assert "Events have waited for 3 min" in page


def test_home_asks_a_fixed_number_of_queries(owner, acme):
    campaign = cast.campaign(acme)
    for number in range(8):
        cast.moment(cast.person(acme, f"person-{number}"), campaign)

    with CaptureQueriesContext(connection) as captured:
        owner.get(HOME)

    assert len(captured) <= 20


# --- every page ---
def test_no_page_has_a_script_of_its_own_inside(owner, acme):
    pages = [HOME, "/admin/event-debugger/", *(url(model) for model in LISTS)]

    for page in pages:
        for piece in text(owner.get(page)).split("<script")[1:]:
            assert "src=" in piece.split(">")[0], page


def test_reading_every_page_changes_nothing(owner, acme):
    objects = objects_of(acme)
    pages = [HOME, "/admin/event-debugger/", "/admin/event-debugger/rows/"]
    pages += [url(model) for model in LISTS]
    pages += [url(model, "change", pk) for model, pk in objects]

    with CaptureQueriesContext(connection) as captured:
        for page in pages:
            assert owner.get(page).status_code == 200, page

    writes = [
        one["sql"] for one in captured if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert writes == []
