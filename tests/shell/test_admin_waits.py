"""Waits on the campaign page: what a marketer fills in is what is stored, and nothing is lost."""

import json
from datetime import timedelta

import msgspec
import pytest

from campaigns.definition import Definition, Message
from campaigns.models import Campaign
from campaigns.services import campaigns
from tests.page import Page
from tests.shell.test_admin_campaigns import (
    NOW,
    VENUE,
    event_of,
    moment_of,
    person_in,
    staff,
    typed,
    url,
)
from triggers.clock import Elapsed, WallClock
from triggers.models import EventName
from triggers.trigger import CancelOn, EventTrigger, ReEntry, Same

pytestmark = pytest.mark.django_db

ADDED, BOUGHT = "Product Added", "Order Completed"
CART = "event.properties.cart_id"
SAME_CART = Same(property="cart_id", equals=CART)
CART_FORM = {
    "event": ADDED,
    "wait": "elapsed",
    "wait_number": "45",
    "wait_unit": "minutes",
    "cancel_on": "wait",
    "cancel_on-0-event": BOUGHT,
    "cancel_on-0-rule": "",
    "cancel_on-0-property_0": "cart_id",
    "cancel_on-0-equals_0": "cart_id",
    "key": "cart_id",
    "re_entry": "every",
    "re_entry_number": "2",
    "re_entry_unit": "days",
    "re_entry_scope": "key",
}
CART_TRIGGER = EventTrigger(
    event=ADDED,
    wait=Elapsed(45 * 60),
    cancel_on=(CancelOn(event=BOUGHT, same=(SAME_CART,)),),
    key=CART,
    re_entry=ReEntry(mode="every", every_s=172_800, scope="key"),
)


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


def cart_form(**changes):
    return typed(("default", "Still thinking?", "Your cart waits"), **{**CART_FORM, **changes})


def stored_trigger():
    return msgspec.convert(Campaign.objects.get().draft, Definition).trigger


def drafted(workspace, trigger, **more):
    definition = Definition(
        trigger=trigger, messages={"default": Message(title="Hi", body="There")}, **more
    )
    return campaigns.draft(
        workspace=workspace, key="made", name="Made", intent="buy", definition=definition, now=NOW
    )


def read(page):
    return Page(page.content.decode(), form_id="campaign-form")


# --- the cart that was left behind -----------------------------------------------------------
def test_the_cart_campaign_is_made_on_the_page(approver):
    approver.post(url("campaign_add"), cart_form())

    assert stored_trigger() == CART_TRIGGER


def test_its_sentence_says_all_of_it_on_the_page_in_the_list_and_before_publishing(approver):
    approver.post(url("campaign_add"), cart_form())
    campaign = Campaign.objects.get()

    pages = [
        approver.get(url("campaign_change", campaign.pk)),
        approver.get(url("campaign_changelist")),
        approver.get(url("campaign_publish", campaign.pk)),
    ]

    sentence = (
        "When someone does Product Added, wait 45 minutes; not if they do Order Completed"
        " with the same cart_id meanwhile. At most once every 2 days per cart_id."
    )
    for page in pages:
        assert sentence in page.content.decode()


SENTENCES = [
    ({"wait": "at_once", "re_entry": "always", "key": ""}, "Product Added, every time."),
    ({"re_entry": "always"}, "meanwhile. Told apart by cart_id."),
    ({"re_entry": "daily", "re_entry_scope": "person"}, "Told apart by cart_id. Once a day."),
    ({"cancel_on-0-event": ADDED}, "another Product Added with the same cart_id starts the wait"),
    ({"cancel_on-0-equals_0": "id"}, "with cart_id equal to this event's id meanwhile"),
    ({"cancel_on-1-event": "Cart Cleared"}, "with the same cart_id, or Cart Cleared meanwhile"),
    ({"cancel_on-0-rule": json.dumps(VENUE)}, 'same cart_id if venue is "Utrecht" meanwhile'),
    ({"rule": json.dumps(VENUE)}, 'Product Added, if venue is "Utrecht", wait 45 minutes;'),
    ({"wait_number": "1", "wait_unit": "hours"}, "wait 1 hour;"),
    ({"wait_number": "", "key": ""}, "(not finished yet)"),
]


@pytest.mark.parametrize(("changes", "said"), SENTENCES)
def test_the_sentence_follows_what_is_typed(approver, changes, said):
    answer = approver.post(url("campaign_preview"), cart_form(**changes)).json()

    assert said in answer["sentence"]


CLOCK = [
    ("1.", WallClock(days=1, at="18:30"), "wait until 18:30 the next day"),
    ("days", WallClock(days=3, at="18:30"), "wait until 18:30 in 3 days"),
    ("1.0", WallClock(days=1, at="18:30", weekday=0), "wait until 18:30 next Monday"),
    ("0.", WallClock(days=0, at="18:30"), "18:30 the same day, or the next"),
]


@pytest.mark.parametrize(("day", "wait", "said"), CLOCK)
def test_a_time_of_day_is_stored_and_said(approver, day, wait, said):
    form = cart_form(wait="wall_clock", wait_day=day, wait_days="3", wait_at="18:30")

    approver.post(url("campaign_add"), form)

    page = approver.get(url("campaign_changelist")).content.decode()
    assert stored_trigger().wait == wait
    assert said in page


# --- nothing is lost -------------------------------------------------------------------------
MADE = {
    "the cart": CART_TRIGGER,
    "seconds": EventTrigger(event=ADDED, wait=Elapsed(61)),
    "next day": EventTrigger(event=ADDED, wait=WallClock(days=1, at="09:00")),
    "this or next Sunday": EventTrigger(event=ADDED, wait=WallClock(days=0, at="00:00", weekday=6)),
    "a Monday far off": EventTrigger(event=ADDED, wait=WallClock(days=9, at="23:59", weekday=0)),
    "a year": EventTrigger(event=ADDED, wait=WallClock(days=366, at="09:00")),
    "cancels without a wait": EventTrigger(event=ADDED, cancel_on=(CancelOn(event=BOUGHT),)),
    "odd joins": EventTrigger(
        event=ADDED,
        rule=VENUE,
        wait=Elapsed(60),
        cancel_on=tuple(
            CancelOn(
                event=f"Event {number}",
                rule=VENUE if number % 2 else None,
                same=tuple(
                    Same(property=f"p{at}", equals=equals)
                    for at, equals in enumerate(
                        (CART, "event.name", "event.context.locale", "event.properties.event.x")
                    )
                ),
            )
            for number in range(10)
        ),
    ),
    "odd key": EventTrigger(event=ADDED, key="event.context.locale"),
    "once per key": EventTrigger(event=ADDED, key=CART, re_entry=ReEntry(mode="once", scope="key")),
    "odd limit": EventTrigger(event=ADDED, re_entry=ReEntry(mode="every", every_s=5_401)),
    "unused limit": EventTrigger(event=ADDED, re_entry=ReEntry(mode="once", every_s=5)),
    "old events": EventTrigger(event=ADDED, max_age_s=400 * 86_400),
    "only fresh events": EventTrigger(event=ADDED, max_age_s=0),
}


@pytest.mark.parametrize("case", MADE)
def test_an_unchanged_save_leaves_what_a_file_has_made(case, approver, workspace):
    campaign = drafted(workspace, MADE[case], useful_for_s=3_661)
    campaign.refresh_from_db()
    before = campaign.draft
    page = approver.get(url("campaign_change", campaign.pk))

    answer = approver.post(url("campaign_change", campaign.pk), read(page).posted)

    campaign.refresh_from_db()
    assert answer.status_code == 302, answer.context["missing"]
    assert campaign.draft == before


def test_a_page_opened_before_these_fields_existed_leaves_them_alone(approver, workspace):
    campaign = drafted(workspace, CART_TRIGGER)

    approver.post(url("campaign_change", campaign.pk), typed(event=ADDED))

    assert stored_trigger() == CART_TRIGGER


def test_switching_to_at_once_leaves_nothing_of_the_wait(approver, workspace):
    campaign = drafted(workspace, CART_TRIGGER)
    page = read(approver.get(url("campaign_change", campaign.pk))).posted

    approver.post(url("campaign_change", campaign.pk), {**page, "wait": "at_once"})

    assert stored_trigger() == msgspec.structs.replace(CART_TRIGGER, wait=None, cancel_on=())


def test_what_the_chosen_kind_does_not_use_is_neither_checked_nor_stored(approver):
    form = cart_form(
        wait="at_once",
        wait_number="x",
        wait_at="x",
        wait_day="x",
        re_entry="once",
        re_entry_number="x",
        key="",
        **{"cancel_on-0-event": "", "cancel_on-0-property_0": "half"},
    )

    approver.post(url("campaign_add"), form)

    assert stored_trigger() == EventTrigger(event=ADDED, re_entry=ReEntry(mode="once"))


def test_a_removed_row_is_gone_and_a_blank_one_is_none(approver, workspace):
    campaign = drafted(workspace, CART_TRIGGER)
    page = read(approver.get(url("campaign_change", campaign.pk))).posted
    rows = {name: "" for name in page if name.startswith("cancel_on-0")}
    added = {"cancel_on-7-event": "Cart Cleared", "cancel_on-3-event": " "}

    approver.post(url("campaign_change", campaign.pk), {**page, **rows, **added})

    assert stored_trigger().cancel_on == (CancelOn(event="Cart Cleared"),)


# --- what is wrong ---------------------------------------------------------------------------
ERRORS = [
    ({"wait_number": ""}, "wait_number", "Say how long to wait."),
    ({"wait_number": "0"}, "wait_number", "at least one second"),
    ({"wait_number": "1e300"}, "wait_number", "at most one year"),
    ({"wait_number": "inf"}, "wait_number", "Enter a number"),
    ({"wait_unit": "years"}, "wait_unit", "Select a valid choice"),
    ({"wait": "later"}, "wait", "Select a valid choice"),
    ({"wait": "wall_clock", "wait_day": "1."}, "wait_at", "Choose a time of day"),
    ({"wait": "wall_clock", "wait_day": "1.", "wait_at": "25:00"}, "wait_at", "a time of day"),
    ({"wait": "wall_clock", "wait_day": "1.9", "wait_at": "09:00"}, "wait_day", "Choose a day"),
    ({"wait": "wall_clock", "wait_day": "999.", "wait_at": "09:00"}, "wait_day", "Choose a day"),
    (
        {"wait": "wall_clock", "wait_day": "days", "wait_days": "400", "wait_at": "09:00"},
        "wait_days",
        "whole number of days",
    ),
    ({"key": "person.traits.plan"}, "key", "property of the event itself"),
    ({"re_entry_number": ""}, "re_entry_number", "Say how much time"),
    ({"re_entry_number": "0"}, "re_entry_number", "between one minute"),
    ({"re_entry_number": "1e300"}, "re_entry_number", "between one minute"),
    ({"re_entry": "never"}, "re_entry", "Select a valid choice"),
]


# A choice that is none cannot be shown again.
CHOICES = ("wait", "wait_unit", "wait_day", "re_entry")


@pytest.mark.parametrize(("changes", "field", "sentence"), ERRORS)
def test_each_error_stands_at_its_field_and_everything_typed_is_kept(
    approver, changes, field, sentence
):
    page = approver.post(url("campaign_add"), cart_form(**changes))

    shown = read(page)
    kept = shown.posted
    assert not Campaign.objects.exists()
    assert sentence in shown.texts[f"id_{field}_errors"]
    assert sentence in shown.texts["missing"]
    assert kept["cancel_on-0-event"] == BOUGHT
    assert kept["cancel_on-0-property_0"] == "cart_id"
    for name, value in changes.items():
        assert name in CHOICES or kept[name] == value


ROW_ERRORS = [
    ({"event": ""}, "event", "remove this row"),
    ({"event": "x" * 201}, "event", "At most 200 characters"),
    ({"equals_0": ""}, "equals_0", "Fill in both properties"),
    ({"property_0": ""}, "property_0", "Fill in both properties"),
    ({"equals_0": "person.traits.plan"}, "equals_0", "property of the event itself"),
    ({"property_2": "p" * 300, "equals_2": "x"}, "property_2", "plain characters"),
    ({"rule": "{not json"}, "rule", "cannot be read"),
    (
        {"rule": json.dumps({**VENUE, "rules": [{"field": "", "operator": "equals"}]})},
        "rule",
        "Condition 1: choose what",
    ),
    (
        {"rule": json.dumps({**VENUE, "rules": [{"field": "a.b", "operator": "is_set"}]})},
        "rule",
        "Condition 1: There is no field",
    ),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), ROW_ERRORS)
def test_each_error_of_a_row_stands_in_that_row(approver, changes, field, sentence):
    second = {"event": "Cart Cleared", "property_0": "a", "equals_0": "b", **changes}
    row = {f"cancel_on-4-{name}": value for name, value in second.items()}

    page = approver.post(url("campaign_add"), cart_form(**row))

    shown = read(page)
    assert not Campaign.objects.exists()
    assert sentence in shown.texts[f"id_cancel_on-4-{field}_errors"]
    assert shown.posted[f"cancel_on-4-{field}"] == second[field]


def test_an_eleventh_row_is_refused_and_kept(approver):
    rows = {f"cancel_on-{number}-event": f"Event {number}" for number in range(11)}

    page = approver.post(url("campaign_add"), cart_form(**rows))

    assert not Campaign.objects.exists()
    assert "At most 10. Remove one" in page.content.decode()
    assert read(page).posted["cancel_on-10-event"] == "Event 10"


def test_any_post_has_an_answer(approver):
    odd = {"cancel_on-99999-event": "x", "cancel_on-1-event": "a\0b", "key": "\0", "wait": "\0"}

    for page in ("campaign_preview", "campaign_add"):
        assert approver.post(url(page), cart_form(**odd)).status_code == 200
    assert not Campaign.objects.exists()


# --- the page --------------------------------------------------------------------------------
def test_each_row_knows_its_own_event(approver, workspace, django_assert_max_num_queries):
    for name, path in ((ADDED, "cart_id"), (BOUGHT, "total"), ("Cleared", "why")):
        EventName.objects.create(
            workspace=workspace,
            name=name,
            properties={path: {"kind": "text", "samples": ["1"]}},
            first_seen_at=NOW,
            last_seen_at=NOW,
        )
    cancels = (CancelOn(event=BOUGHT), CancelOn(event="Cleared"), CancelOn(event=ADDED))
    campaign = drafted(workspace, EventTrigger(event=ADDED, wait=Elapsed(60), cancel_on=cancels))

    with django_assert_max_num_queries(20):
        page = approver.get(url("campaign_change", campaign.pk))

    shown = read(page)
    lists = ["event-properties", *(f"cancel_on-{row}-properties" for row in range(3))]
    offered = [shown.options[each] for each in lists]
    hints = ["hidden" in attributes for _, attributes in shown.tags if "data-restart" in attributes]
    [rule] = [one for _, one in shown.tags if one.get("id") == "id_cancel_on-0-rule"]
    facts = json.loads(rule["data-catalogue"])
    assert offered == [["cart_id"], ["total"], ["why"], ["cart_id"]]
    assert hints == [True, True, False]
    assert facts[0]["name"] == "event.properties.total"


def test_too_late_counts_from_the_moment_it_could_first_be_sent(approver, workspace):
    campaign = drafted(workspace, CART_TRIGGER)

    page = approver.get(url("campaign_change", campaign.pk))

    hidden = {
        name: "hidden" in attributes
        for _, attributes in read(page).tags
        for name in ("data-no-wait", "data-any-wait")
        if name in attributes
    }
    assert hidden == {"data-no-wait": True, "data-any-wait": False}


def test_publishing_shows_which_part_of_the_wait_changes(approver, workspace):
    campaign = drafted(workspace, CART_TRIGGER)
    campaigns.publish(campaign=campaign, user_id=None, now=NOW)
    wait = WallClock(days=1, at="09:00", weekday=0)
    drafted(workspace, msgspec.structs.replace(CART_TRIGGER, wait=wait, cancel_on=()))

    page = approver.get(url("campaign_publish", campaign.pk))

    changed = {one.label: (one.before, one.after) for one in page.context["lines"] if one.changed}
    assert changed == {
        "When to send": ("Wait 45 minutes", "Wait until 09:00 next Monday"),
        "Not if, meanwhile": ("they do Order Completed with the same cart_id", "nothing"),
    }


# --- Activity --------------------------------------------------------------------------------
def live(workspace):
    campaign = drafted(workspace, CART_TRIGGER)
    campaigns.publish(campaign=campaign, user_id=None, now=NOW)
    campaign.refresh_from_db()
    return campaign


def test_a_waiting_moment_says_until_when(approver, workspace):
    due_at = NOW + timedelta(minutes=45)
    moment = moment_of(
        live(workspace),
        person_in(workspace),
        state="waiting",
        reason="",
        detail="",
        key="A",
        due_at=due_at,
        ended_at=None,
    )

    listed = approver.get(url("moment_changelist")).content.decode()
    page = approver.get(url("moment_change", moment.pk)).content.decode()

    assert "Waits until 1 Jan 2026 00:45:00" in listed
    for told in ("Waits until 1 Jan 2026, 00:45:00", "cart_id: <strong>A</strong>", "+45 minutes"):
        assert told in page


STORIES = {
    "sent": (
        {"state": "sent", "reason": "accepted", "passed_at": NOW + timedelta(minutes=46)},
        ["Began to wait", "Due", "All checks passed"],
    ),
    "bought": (
        {
            "state": "cancelled",
            "reason": "cancelled_by_event",
            "ended_at": NOW + timedelta(minutes=9),
        },
        ["Began to wait", "Cancelled", "Would have been due"],
    ),
    "no longer": (
        {
            "state": "skipped",
            "reason": "no_longer_matches",
            "ended_at": NOW + timedelta(minutes=46),
        },
        ["Began to wait", "Due", "Not sent"],
    ),
}


@pytest.mark.parametrize("case", STORIES)
def test_the_story_of_a_wait_is_told_in_order(case, approver, workspace):
    changes, steps = STORIES[case]
    anna = person_in(workspace, first_name="Anna")
    event_of(anna, number=5)
    known = {"event_id": 5, "due_at": NOW + timedelta(minutes=45), "detail": BOUGHT, "key": "A"}
    moment = moment_of(live(workspace), anna, **known | changes)

    shown = approver.get(url("moment_change", moment.pk)).context["steps"]

    assert [step.name for step in shown] == ["Happened on the phone", "Received", *steps]
    assert [step.at for step in shown] == sorted(step.at for step in shown)
