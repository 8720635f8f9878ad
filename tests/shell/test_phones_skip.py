"""Skipping the wait: what waits on one phone is due now, through every check."""

from datetime import timedelta

import msgspec
import pytest

from audience.models import Identity
from campaigns.definition import Definition
from campaigns.models import Campaign, Moment
from campaigns.services import campaigns
from campaigns.services.waiting import skip_waits
from orchestrator import clock
from orchestrator.pipeline import fire_due
from orchestrator.simulator.phones import people
from tests import brand
from tests.conftest import Phone
from tests.phones import ANNA, BRAM, GUEST, bought, filled, hello
from tests.snapshot import snapshot

pytestmark = pytest.mark.django_db

WAIT = timedelta(minutes=45)


@pytest.fixture(autouse=True)
def at_noon(virtual_clock):
    return virtual_clock


def person_of(member):
    return Identity.objects.get(value=member.identity[1]).person_id


def due_of(member):
    """When what waits for this member is due."""
    moments = Moment.objects.filter(person_id=person_of(member), state="waiting")
    return [one.due_at for one in moments]


# --- the service ---
def test_skipping_makes_what_waits_due_now_and_changes_nothing_else(recipe, app, work):
    app.batch(filled(ANNA, "cart-1-a"))
    work()
    before = Moment.objects.values().get()

    skipped = skip_waits(people=[person_of(ANNA)], now=clock.now())

    assert skipped == 1
    assert Moment.objects.values().get() == {**before, "due_at": clock.now()}


def test_what_is_over_or_due_already_stays(recipe, app, work, virtual_clock):
    app.batch(filled(ANNA, "cart-1-a"), filled(ANNA, "cart-2-a"), bought(ANNA, "cart-1-a"))
    work()
    virtual_clock.forward(minutes=50)
    before = snapshot()

    assert skip_waits(people=[person_of(ANNA)], now=clock.now()) == 0
    assert snapshot() == before


def test_a_moment_of_a_merged_person_is_skipped_by_any_id_of_the_group(recipe, app, work):
    app.batch(filled(ANNA, "cart-1-a", userId=None, anonymousId="before-login"))
    work()
    app.post("identify", {"userId": ANNA.user_id, "anonymousId": "before-login"})
    work()

    skipped = skip_waits(people=people.ids_of(phone="anna"), now=clock.now())

    assert skipped == 1


def test_nobody_has_nothing_to_skip(db):
    assert skip_waits(people=[], now=clock.now()) == 0


# --- the door ---
def test_two_carts_one_bought_and_the_wait_skipped_make_one_reminder(recipe, app, page, work, fcm):
    app.batch(hello(ANNA), filled(ANNA, "cart-1-a"), filled(ANNA, "cart-2-a"))
    work()
    app.batch(bought(ANNA, "cart-1-a"))
    work()

    assert page.skip_the_wait("anna") == {"skipped": 1}
    fire_due.fire_due(clock=clock.now)
    work()

    assert [one["notification"]["body"] for one in fcm.messages] == [
        "Rain jacket is waiting for you"
    ]
    assert page.skip_the_wait("anna") == {"skipped": 0}


def test_the_wait_of_everybody_else_goes_on(recipe, app, page, work):
    app.batch(*[filled(one, "cart-1-a") for one in (ANNA, BRAM, GUEST)])
    app.batch(filled(ANNA, "cart-1-a", userId="somebody", messageId="m"))
    work()

    page.skip_the_wait("anna")

    assert due_of(ANNA) == [clock.now()]
    others = Moment.objects.exclude(person_id=person_of(ANNA))
    assert [one.due_at for one in others] == [clock.now() + WAIT] * 3


def test_the_same_user_of_another_workspace_goes_on_waiting(recipe, app, page, work, workspace):
    ours = Campaign.objects.get(key="cart-left-behind")
    theirs = campaigns.draft(
        workspace=workspace,
        key=ours.key,
        name=ours.name,
        intent=ours.intent,
        definition=msgspec.convert(ours.draft, Definition),
        now=brand.FOUNDED,
    )
    campaigns.publish(campaign=theirs, user_id=None, now=brand.FOUNDED)
    Phone(brand.WRITE_KEY).batch(filled(ANNA, "cart-1-a"))
    app.batch(filled(ANNA, "cart-1-a"))
    work()

    assert page.skip_the_wait("anna") == {"skipped": 1}
    assert Moment.objects.get(workspace_id=workspace.pk).due_at == clock.now() + WAIT


def test_a_guest_who_became_somebody_else_is_left_alone(recipe, app, page, work):
    app.batch(filled(GUEST, "cart-1-a"))
    app.batch(brand.identify("somebody", anonymousId=GUEST.anonymous_id))
    work()

    assert page.skip_the_wait("guest") == {"skipped": 0}


def test_no_check_is_skipped_with_the_wait(recipe, app, page, work, fcm):
    app.batch(hello(ANNA), filled(ANNA, "cart-1-a"))
    work()
    app.delete(f"devices/{ANNA.installation_id}")

    page.skip_the_wait("anna")
    fire_due.fire_due(clock=clock.now)
    work()

    assert fcm.messages == []
    assert Moment.objects.get().reason == "no_device"


@pytest.mark.parametrize("phone", ["", "nobody", "demo-anna", "\0", "own"])
def test_an_unknown_phone_is_not_found(recipe, app, client, work, phone):
    app.batch(filled(ANNA, "cart-1-a"))
    work()

    assert client.post("/phones/skip-the-wait", {"phone": phone}).status_code == 404
    assert due_of(ANNA) == [clock.now() + WAIT]


def test_looking_and_being_refused_change_nothing(recipe, app, client, work, settings):
    app.batch(filled(ANNA, "cart-1-a"))
    work()
    before = snapshot()

    looked = client.get("/phones/skip-the-wait", {"phone": "anna"})
    settings.DEMO = False
    refused = client.post("/phones/skip-the-wait", {"phone": "anna"})

    assert (looked.status_code, refused.status_code) == (405, 404)
    assert snapshot() == before


def test_before_anybody_is_known_there_is_nothing_to_skip(db, client):
    answer = client.post("/phones/skip-the-wait", {"phone": "anna"})

    assert answer.json() == {"skipped": 0}
