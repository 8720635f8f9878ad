"""History in the admin: people, devices, events, the event debugger, messages set aside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audience.models import Role
from audience.services import workspaces
from orchestrator.models import Inbox, Quarantine
from orchestrator.pipeline.requeue import requeue
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


# --- people and devices ---
@pytest.mark.parametrize("term", ["anna", "browser-1", " anna "])
def test_a_person_is_found_by_any_exact_id(owner, acme, term):
    anna = cast.person(acme, "anna", anonymous_ids=["browser-1"])
    cast.person(acme, "annabel")

    found = owner.get(url("audience_person"), {"q": term}).context["cl"].result_list

    assert list(found) == [anna]


def test_a_merged_person_is_found_as_who_they_became(owner, acme):
    anna = cast.person(acme, "anna")
    guest = cast.person(acme, None, anonymous_ids=["guest-1"], merged_into=anna)

    found = owner.get(url("audience_person"), {"q": "guest-1"}).context["cl"].result_list
    opened = owner.get(url("audience_person", "change", guest.pk))

    assert list(found) == [anna]
    assert opened["Location"] == url("audience_person", "change", anna.pk)


def test_a_persons_page_tells_all_of_it_in_words(owner, acme):
    anna = cast.person(acme, "anna", traits={"first_name": "Anna", "tags": ["vip", "club"]})
    guest = cast.person(acme, None, anonymous_ids=["guest-1"], merged_into=anna)
    cast.device(acme, anna, permission="denied")
    cast.event(guest, "Store Visited")
    cast.moment(
        anna, cast.campaign(acme), state="skipped", reason="missing", detail="person.first_name"
    )

    page = text(owner.get(url("audience_person", "change", anna.pk)))

    assert "vip, club" in page
    assert "secret key" in page
    assert "guest-1" in page
    assert "Store Visited" in page
    assert "notifications are not allowed" in page
    assert "we don&#x27;t know the first name" in page


def test_what_comes_from_outside_is_escaped_everywhere(owner, acme):
    bad = "<script>alert(1)</script>"
    anna = cast.person(acme, bad, traits={bad: bad, "nested": {bad: [bad]}})
    phone = cast.device(acme, anna, facts={bad: {"x": bad}}, installation_id=bad)
    event = cast.event(anna, bad, properties={bad: bad}, context={"a": {bad: bad}})
    aside = cast.quarantined(acme, error=bad)
    cast.rejection(acme, name=bad, message=bad, fix=bad, type=bad[:20])
    cast.moment(anna, cast.campaign(acme, name=bad))
    name = EventName.objects.create(
        workspace=acme,
        name=bad,
        properties={bad: {"samples": [bad]}},
        first_seen_at=cast.NOW,
        last_seen_at=cast.NOW,
    )

    pages = [
        HOME,
        "/admin/event-debugger/",
        *(url(model) for model in LISTS),
        url("audience_person", "change", anna.pk),
        url("audience_device", "change", phone.pk),
        url("triggers_event", "change", address_of(event)),
        url("triggers_eventname", "change", name.pk),
        url("orchestrator_quarantine", "change", aside.pk),
    ]

    assert [page for page in pages if "<script>alert" in text(owner.get(page))] == []


def test_a_device_never_shows_its_whole_token(owner, acme):
    phone = cast.device(acme, address="abcdefghSECRET")

    pages = text(owner.get(url("audience_device"))) + text(
        owner.get(url("audience_device", "change", phone.pk))
    )

    assert "abcdefgh…" in pages
    assert "SECRET" not in pages


REACHABLE = [
    ({}, "Yes"),
    ({"address": ""}, "it has no push token yet"),
    ({"address": "a1" * 32}, "Send Firebase&#x27;s FCM token"),
    ({"permission": "denied"}, "notifications are not allowed"),
    ({"retired_at": cast.NOW}, "Firebase does not know it any more"),
]


@pytest.mark.parametrize(("facts", "sentence"), REACHABLE)
def test_a_device_says_whether_it_can_be_reached_or_why_not(owner, acme, facts, sentence):
    cast.device(acme, **facts)

    assert sentence in text(owner.get(url("audience_device")))


def test_history_is_read_only_even_for_an_owner(owner, acme):
    anna = cast.person(acme)

    assert owner.get(url("audience_person", "add")).status_code == 403
    assert owner.post(url("audience_person", "delete", anna.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "model", ["audience_person", "audience_device", "triggers_event", "orchestrator_quarantine"]
)
def test_no_list_counts_a_whole_table(owner, acme, model):
    for number in range(3):
        cast.event(cast.person(acme, f"person-{number}"))

    with CaptureQueriesContext(
        connection,
    ) as captured:
        owner.get(url(model))

    counts = [one["sql"] for one in captured if "COUNT(" in one["sql"]]
    assert counts
    assert all("LIMIT 1001" in sql for sql in counts)
    assert len(captured) <= 12


# --- events ---
def test_events_are_newest_first_and_found_by_exact_name(owner, acme):
    anna = cast.person(acme)
    older = cast.event(anna, "Cart Updated", at=cast.NOW - timedelta(hours=1))
    newer = cast.event(anna, "Cart Updated")
    cast.event(anna, "Cart Updated Twice")

    found = owner.get(url("triggers_event"), {"q": "Cart Updated"}).context["cl"].result_list

    assert [one.pk for one in found] == [newer.pk, older.pk]


def test_an_event_shows_its_details_without_brackets(owner, acme):
    event = cast.event(cast.person(acme), properties={"total": {"amount": 12.5}, "vip": True})

    page = text(owner.get(url("triggers_event", "change", address_of(event))))

    assert "<dt>total.amount</dt><dd>12.5</dd>" in page
    assert "<dt>vip</dt><dd>yes</dd>" in page


# --- event debugger ---
def test_the_debugger_shows_what_was_taken_and_what_was_refused(owner, acme):
    key = cast.key(acme)
    cast.event(cast.person(acme), key_id=key.pk, held=timedelta(seconds=12))
    cast.rejection(acme, key_id=key.pk)

    page = text(owner.get("/admin/event-debugger/"))

    assert "held on the phone for 12 s" in page
    assert "Accepted" in page
    assert "Set userId or anonymousId" in page
    assert "flush()" not in page


def test_messages_held_for_long_explain_flush(owner, acme):
    key = cast.key(acme)
    cast.event(cast.person(acme), key_id=key.pk, held=timedelta(seconds=21))

    assert "flush()" in text(owner.get("/admin/event-debugger/rows/"))


def test_the_debugger_leaves_out_other_keys_and_what_the_flow_tells_itself(owner, acme):
    mine, shop = cast.key(acme), cast.key(acme, name="Shop")
    anna = cast.person(acme)
    cast.event(anna, "From Mine", key_id=mine.pk)
    cast.event(anna, "From Shop", key_id=shop.pk)
    cast.event(anna, "Push Accepted", type="settled")

    page = text(owner.get("/admin/event-debugger/rows/", {"key": mine.pk}))

    assert "From Mine" in page
    assert "From Shop" not in page
    assert "Push Accepted" not in page


def test_an_empty_debugger_offers_a_command_with_the_first_write_key(owner, acme, settings):
    settings.PUBLIC_URL = "https://push.example"
    revoked = cast.key(acme, name="Old")
    workspaces.revoke_key(key=revoked, now=cast.NOW)
    key = cast.key(acme)

    page = text(owner.get("/admin/event-debugger/"))

    assert f"curl https://push.example/v1/track -u {key.hint}:" in page


# --- messages set aside ---
def test_a_message_is_tried_again_by_a_confirmed_post_alone(owner, acme):
    aside = cast.quarantined(acme, body=b"body", received_at=cast.NOW - timedelta(hours=2))
    address = reverse("admin:orchestrator_quarantine_try_again", args=[aside.pk])

    asked = owner.get(address)
    waiting_before = Inbox.objects.count()
    done = owner.post(address)
    row = Inbox.objects.get()

    assert "Try this message again?" in text(asked)
    assert waiting_before == 0
    assert done.status_code == 302
    assert (row.lane, bytes(row.body), row.failures, row.fresh) == (3, b"body", 0, False)
    assert row.received_at == aside.received_at
    assert not Quarantine.objects.exists()


def test_trying_again_happens_once_and_in_its_own_workspace(acme, other):
    aside = cast.quarantined(acme)
    where = {"quarantine_id": aside.pk, "now": cast.NOW}

    foreign = requeue(workspace_id=other.pk, **where)
    first = requeue(workspace_id=acme.pk, **where)
    second = requeue(workspace_id=acme.pk, **where)

    assert (foreign, first, second) == (False, True, False)
    assert Inbox.objects.count() == 1
    assert Inbox.objects.get().fresh


def test_a_viewer_may_not_try_again(acme):
    viewer = cast.browser(cast.staff(Role.VIEWER, at=acme))
    aside = cast.quarantined(acme)

    answer = viewer.post(reverse("admin:orchestrator_quarantine_try_again", args=[aside.pk]))

    assert answer.status_code == 403
    assert Quarantine.objects.exists()
