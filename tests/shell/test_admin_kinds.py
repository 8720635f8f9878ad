"""Every kind of trigger on the campaign page: stored as typed, shown as stored, said in words."""

import json
from datetime import UTC, date, datetime

import msgspec
import pytest

from campaigns.definition import Definition, Message
from campaigns.models import Campaign
from campaigns.services import campaigns
from tests import cast
from tests.page import Page
from tests.shell.test_admin_campaigns import NOW, staff, typed, url
from triggers.clock import Elapsed, Recurrence
from triggers.trigger import (
    ApiTrigger,
    Audience,
    BusinessTrigger,
    CancelOn,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
    ReEntry,
    ScheduleTrigger,
)

pytestmark = pytest.mark.django_db

DELFT = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [{"field": "person.traits.city", "operator": "equals", "value": "Delft"}],
}
IN_DELFT = json.dumps(DELFT)
MONDAY = date(2026, 11, 23)
WEEKLY = {
    "repeat": "weekly",
    "weekdays": ["MO"],
    "every": "1",
    "start": "2026-11-23",
    "schedule_at": "09:00",
    "whose_time": "person",
}
SKU = Audience(event="Product Viewed", property="sku", equals="event.properties.sku")
STOCK = {
    "business_event": "Back In Stock",
    "to_whom": "joined",
    "audience_event": "Product Viewed",
    "audience_property": "sku",
    "audience_equals": "",
    "audience_within_0": "2592000",
    "max_per_hour": "20",
}


def every_monday(**changes):
    monday = Recurrence(rrule="FREQ=WEEKLY;BYDAY=MO", start=MONDAY, zone_mode="person")
    return msgspec.structs.replace(monday, **changes)


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


@pytest.fixture
def first(workspace):
    """Another campaign, to follow."""
    return drafted(workspace, EventTrigger(event="X"), key="first", name="Hello <there>")


def drafted(workspace, trigger, key="made", name="Made"):
    definition = Definition(
        trigger=trigger, messages={"default": Message(title="Hi", body="There")}
    )
    return campaigns.draft(
        workspace=workspace, key=key, name=name, intent="buy", definition=definition, now=NOW
    )


def form_of(kind, **changes):
    return typed(("default", "Hi", "There"), kind=kind, **changes)


def stored(key="thank-you-for-coming"):
    return msgspec.convert(Campaign.objects.get(key=key).draft, Definition).trigger


def read(answer):
    return Page(answer.content.decode(), form_id="campaign-form")


# --- each kind ---------------------------------------------------------------------------------
TYPED = {
    "event": (
        form_of("event", event="Open Day Attended", source="server"),
        EventTrigger(event="Open Day Attended", source="server"),
        "When someone does Open Day Attended (if your server says so), every time.",
    ),
    "absence": (
        form_of(
            "absence",
            event="Product Added",
            wait="elapsed",
            wait_number="45",
            wait_unit="minutes",
            cancel_on="wait",
            **{"cancel_on-0-event": "Order Completed"},
        ),
        EventTrigger(
            event="Product Added",
            wait=Elapsed(2700),
            cancel_on=(CancelOn(event="Order Completed"),),
        ),
        "When someone does Product Added, wait 45 minutes; not if they do Order Completed "
        "meanwhile.",
    ),
    "every Monday": (
        form_of("schedule", rule=IN_DELFT, max_people="500", **WEEKLY),
        ScheduleTrigger(recurrence=every_monday(), rule=DELFT, max_people=500),
        'Every Monday at 09:00 in each person\'s own time, for everyone whose city is "Delft".',
    ),
    "every second week, until": (
        form_of(
            "schedule",
            **WEEKLY | {"weekdays": ["MO", "TH"], "every": "2", "until": "2026-12-31"},
        ),
        ScheduleTrigger(
            recurrence=every_monday(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20261231")
        ),
        "Every 2 weeks on Monday and Thursday at 09:00 in each person's own time, until "
        "31 December 2026, for everyone.",
    ),
    "every day": (
        form_of("schedule", **WEEKLY | {"repeat": "daily", "whose_time": "workspace"}),
        ScheduleTrigger(recurrence=every_monday(rrule="FREQ=DAILY", zone_mode="workspace")),
        "Every day at 09:00 in the workspace's time, for everyone.",
    ),
    "days of the month": (
        form_of("schedule", **WEEKLY | {"repeat": "monthly", "month_days": "1, 15 and last day"}),
        ScheduleTrigger(recurrence=every_monday(rrule="FREQ=MONTHLY;BYMONTHDAY=1,15,-1")),
        "Every month on the last day, the 1st and the 15th at 09:00",
    ),
    "a weekday of the month": (
        form_of("schedule", **WEEKLY | {"repeat": "monthly", "month_days": "First Monday"}),
        ScheduleTrigger(recurrence=every_monday(rrule="FREQ=MONTHLY;BYDAY=1MO")),
        "Every month on the first Monday at 09:00",
    ),
    "once, for all": (
        form_of("schedule", **WEEKLY | {"repeat": "once", "whose_time": "workspace"}),
        ScheduleTrigger(recurrence=Recurrence(once_at=datetime(2026, 11, 23, 8, tzinfo=UTC))),
        "Once, on 23 November 2026 at 09:00 in the workspace's time, for everyone.",
    ),
    "once, for each": (
        form_of("schedule", **WEEKLY | {"repeat": "once"}),
        ScheduleTrigger(recurrence=every_monday(rrule="FREQ=DAILY;COUNT=1")),
        "Once, on 23 November 2026 at 09:00 in each person's own time, for everyone.",
    ),
    "birthday": (
        form_of("date", trait="birthday", date_side="on", date_at="09:00", yearly="on"),
        DateTrigger(trait="birthday", at="09:00", yearly=True),
        "Every year, on the day of the person's birthday at 09:00 in each person's own time, "
        "for everyone.",
    ),
    "before a date": (
        form_of(
            "date",
            trait="subscription.ends",
            date_side="before",
            date_days="7",
            date_hours="1",
            date_at="",
            max_people="10",
        ),
        DateTrigger(trait="subscription.ends", days=-7, hours=-1, max_people=10),
        "7 days and 1 hour before the person's subscription.ends, for everyone.",
    ),
    "after a date": (
        form_of("date", trait="joined", date_side="after", date_days="1", date_at="18:30"),
        DateTrigger(trait="joined", days=1, at="18:30"),
        "1 day after the person's joined at 18:30 in each person's own time, for everyone.",
    ),
    "back in stock": (
        form_of("business_event", max_people="2000", **STOCK),
        BusinessTrigger(event="Back In Stock", audience=SKU, max_people=2000),
        "When your server reports Back In Stock, for people who did Product Viewed with the same "
        "sku in the last 30 days.",
    ),
    "for everyone": (
        form_of("business_event", **STOCK | {"to_whom": "everyone", "max_per_hour": "3"}),
        BusinessTrigger(event="Back In Stock", max_per_hour=3),
        "When your server reports Back In Stock, for everyone.",
    ),
    "opened": (
        form_of("interaction", other_campaign="first", did="opened", did_within_0="86400"),
        InteractionTrigger(campaign="first"),
        "When someone opened “Hello <there>”, every time.",
    ),
    "not opened": (
        form_of("interaction", other_campaign="first", did="not_opened", did_within_0="3600"),
        InteractionTrigger(campaign="first", did="not_opened", within_s=3600),
        "When someone got “Hello <there>” and did not open it within 1 hour, every time.",
    ),
    "api": (
        form_of("api", rule=IN_DELFT),
        ApiTrigger(rule=DELFT),
        'When your server calls it, if person\'s city is "Delft".',
    ),
}


@pytest.fixture
def amsterdam(workspace):
    workspace.time_zone = "Europe/Amsterdam"
    workspace.save()


@pytest.mark.parametrize("case", TYPED)
def test_a_kind_is_stored_as_typed_and_said_in_words(case, approver, first, amsterdam):
    form, trigger, sentence = TYPED[case]

    told = approver.post(url("campaign_preview"), form).json()
    answer = approver.post(url("campaign_add"), form)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == trigger
    assert told["sentence"].startswith(sentence)


@pytest.mark.parametrize("case", TYPED)
def test_a_kind_is_shown_as_stored_and_an_unchanged_save_leaves_it(
    case, approver, first, amsterdam
):
    form, trigger, _ = TYPED[case]
    approver.post(url("campaign_add"), form)
    campaign = Campaign.objects.get(key="thank-you-for-coming")
    page = read(approver.get(url("campaign_change", campaign.pk)))

    shown = page.posted
    chosen = [
        attributes["value"]
        for _, attributes in page.tags
        if attributes.get("name") == "weekdays" and "checked" in attributes
    ]
    answer = approver.post(url("campaign_change", campaign.pk), {**shown, "weekdays": chosen})

    assert answer.status_code == 302, answer.context["missing"]
    assert shown["kind"] == form["kind"]
    assert stored() == trigger


# What a file can make and the page cannot.
MADE = {
    "weekly without days": ScheduleTrigger(recurrence=every_monday(rrule="FREQ=WEEKLY")),
    "a count": ScheduleTrigger(recurrence=every_monday(rrule="FREQ=WEEKLY;COUNT=3")),
    "yearly": ScheduleTrigger(recurrence=every_monday(rrule="FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")),
    "the 13th, a Friday": ScheduleTrigger(
        recurrence=every_monday(rrule="FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13")
    ),
    "seconds": ScheduleTrigger(
        recurrence=Recurrence(once_at=datetime(2026, 12, 24, 9, 0, 30, tzinfo=UTC))
    ),
    "a schedule with a wait": ScheduleTrigger(
        recurrence=every_monday(), wait=Elapsed(60), cancel_on=(CancelOn(event="X"),)
    ),
    "a schedule with an age": ScheduleTrigger(recurrence=every_monday(), max_age_s=60),
    "a date to and fro": DateTrigger(trait="ends", days=-1, hours=3, max_people=7),
    "an hour after": DateTrigger(trait="ends", hours=1),
    "odd join": BusinessTrigger(
        event="Z",
        audience=Audience(
            event="Y", property="a", equals="event.properties.event.b", within_s=4000
        ),
        re_entry=ReEntry(mode="once"),
    ),
    "a campaign that is gone": InteractionTrigger(campaign="gone", did="accepted", within_s=61),
    "verified": EventTrigger(event="Z", source="verified"),
}


@pytest.mark.parametrize("case", MADE)
def test_an_unchanged_save_leaves_what_a_file_has_made(case, approver, workspace):
    campaign = drafted(workspace, MADE[case])
    page = read(approver.get(url("campaign_change", campaign.pk)))

    answer = approver.post(url("campaign_change", campaign.pk), page.posted)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored("made") == MADE[case]


@pytest.mark.parametrize("case", MADE)
def test_a_page_from_before_there_were_kinds_leaves_the_trigger(case, approver, workspace):
    campaign = drafted(workspace, MADE[case])

    answer = approver.post(url("campaign_change", campaign.pk), typed(max_age_0="custom"))

    kept = MADE[case]
    assert answer.status_code in (200, 302)
    assert type(stored("made")) is type(kept)


def test_a_rule_the_page_has_no_fields_for_keeps_its_days_and_gets_a_new_time(approver, workspace):
    yearly = every_monday(rrule="FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    campaign = drafted(workspace, ScheduleTrigger(recurrence=yearly))
    page = read(approver.get(url("campaign_change", campaign.pk)))

    approver.post(url("campaign_change", campaign.pk), {**page.posted, "schedule_at": "18:00"})

    assert page.posted["repeat"] == "kept"
    assert stored("made").recurrence == msgspec.structs.replace(yearly, at="18:00")
    assert "FREQ" not in "".join(page.texts.values())


# --- from one kind to another ------------------------------------------------------------------
FILLED = {
    **WEEKLY,
    **STOCK,
    "event": "Open Day Attended",
    "source": "verified",
    "trait": "birthday",
    "date_side": "after",
    "date_days": "2",
    "date_hours": "0",
    "date_at": "10:00",
    "other_campaign": "first",
    "did": "not_opened",
    "did_within_0": "3600",
    "max_people": "42",
    "crossing": "approach",
    "which_places": "all",
    "confidence": "high",
    "place_cooldown_0": "3600",
    "tag_cooldown_0": "0",
    "quiet_hours": "send",
}
CHOSEN = {
    "event": EventTrigger(event="Open Day Attended", source="verified"),
    "schedule": ScheduleTrigger(recurrence=every_monday(), max_people=42),
    "date": DateTrigger(trait="birthday", days=2, at="10:00", max_people=42),
    "business_event": BusinessTrigger(event="Back In Stock", audience=SKU, max_people=42),
    "interaction": InteractionTrigger(campaign="first", did="not_opened", within_s=3600),
    "place": PlaceTrigger(
        crossing="approach",
        confidence="high",
        open_for_s=None,
        place_cooldown_s=3600,
        tag_cooldown_s=0,
        quiet_hours="send",
        max_age_s=259_200,
    ),
    "api": ApiTrigger(),
}


@pytest.mark.parametrize("kind", CHOSEN)
@pytest.mark.parametrize("before", CHOSEN)
def test_of_a_page_filled_in_everywhere_only_the_chosen_kind_is_stored(
    before, kind, approver, first
):
    approver.post(url("campaign_add"), form_of(before, **FILLED))
    campaign = Campaign.objects.get(key="thank-you-for-coming")

    answer = approver.post(url("campaign_change", campaign.pk), form_of(kind, **FILLED))

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == CHOSEN[kind]


def test_nonsense_in_a_part_that_is_not_used_is_neither_checked_nor_stored(approver):
    nonsense = {name: "x" * 300 for name in FILLED if name not in ("event", "source", "weekdays")}

    answer = approver.post(url("campaign_add"), form_of("event", event="Z", **nonsense))

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == EventTrigger(event="Z")


def test_an_error_loses_nothing_of_the_kinds_that_are_not_chosen(approver, first):
    page = approver.post(url("campaign_add"), form_of("date", **FILLED | {"trait": ""}))

    shown = read(page).posted
    kept = {name: value for name, value in FILLED.items() if name not in ("trait", "weekdays")}
    assert {name: shown[name] for name in kept} == kept
    assert shown["weekdays"] == "MO"


def test_a_key_goes_with_the_kind_that_has_no_event(approver):
    approver.post(
        url("campaign_add"), form_of("schedule", key="cart_id", max_age_0="3600", **WEEKLY)
    )

    assert stored() == ScheduleTrigger(recurrence=every_monday())


# --- without a script --------------------------------------------------------------------------
def test_a_page_without_scripts_can_fill_in_an_absence(approver):
    page = read(approver.get(url("campaign_add"))).posted
    spare = {"cancel_on-0-event": "Order Completed", "cancel_on-0-property_0": "cart_id"}
    form = {
        **page,
        **typed(event="Product Added", kind="absence"),
        **spare,
        "wait": "elapsed",
        "cancel_on-0-equals_0": "cart_id",
    }

    answer = approver.post(url("campaign_add"), form)

    assert set(spare) < set(page)
    assert answer.status_code == 302, answer.context["missing"]
    assert stored().cancel_on[0].event == "Order Completed"


@pytest.mark.parametrize("kind", ["schedule", "date", "business_event", "interaction", "api"])
def test_the_first_page_has_the_fields_of_every_kind(kind, approver, first):
    page = read(approver.get(url("campaign_add"))).posted
    new = {name: FILLED[name] for name in FILLED if name not in ("weekdays", "event")}

    answer = approver.post(
        url("campaign_add"), {**page, **typed(), **new, "weekdays": ["MO"], "kind": kind}
    )

    named = {name.removesuffix("_0") for name in page}
    assert {name.removesuffix("_0") for name in new} <= named
    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == CHOSEN[kind]


# --- what is wrong -----------------------------------------------------------------------------
ERRORS = [
    ("schedule", {"repeat": ""}, "repeat", "Choose how often"),
    ("schedule", {"repeat": "hourly"}, "repeat", "Select a valid choice"),
    ("schedule", {"weekdays": []}, "weekdays", "at least one day"),
    ("schedule", {"start": ""}, "start", "Choose the day"),
    ("schedule", {"start": "soon"}, "start", "such as 24 December"),
    ("schedule", {"schedule_at": "25:00"}, "schedule_at", "time of day"),
    ("schedule", {"until": "2026-01-01"}, "until", "before the first one"),
    ("schedule", {"every": "0"}, "every", "from 1 to 53"),
    ("schedule", {"every": "99"}, "every", "from 1 to 53"),
    ("schedule", {"start": "1999-01-01"}, "repeat", "Choose a first day"),
    ("schedule", {"repeat": "monthly", "month_days": "32"}, "month_days", "Write days such as"),
    ("schedule", {"repeat": "monthly", "month_days": "1, last Friday"}, "month_days", "not both"),
    ("schedule", {"repeat": "monthly", "month_days": ""}, "month_days", "Write days such as"),
    ("schedule", {"max_people": "0"}, "max_people", "from 1 to 10,000,000"),
    ("schedule", {"max_people": ""}, "max_people", "whole number"),
    ("date", {"trait": ""}, "trait", "Name the trait"),
    ("date", {"trait": "person.traits.birthday"}, "trait", "out and write birthday"),
    ("date", {"date_days": "0"}, "date_days", "how many days"),
    ("date", {"date_days": "400"}, "date_days", "at most 366 days"),
    ("date", {"date_days": "two"}, "date_days", "whole number"),
    ("date", {"date_hours": "9999"}, "date_hours", "8,784 hours"),
    ("date", {"yearly": "on", "date_hours": "1"}, "date_hours", "counts in days"),
    ("date", {"yearly": "on", "date_at": ""}, "date_at", "time of day"),
    ("business_event", {"business_event": ""}, "business_event", "Choose the business event"),
    ("business_event", {"audience_event": ""}, "audience_event", "event that these people did"),
    ("business_event", {"audience_property": ""}, "audience_property", "must be the same"),
    (
        "business_event",
        {"audience_equals": "person.traits.sku"},
        "audience_equals",
        "property of the business event",
    ),
    (
        "business_event",
        {"audience_within_0": "custom", "audience_within_1": "1", "audience_within_2": "minutes"},
        "audience_within",
        "between one hour and 400 days",
    ),
    ("business_event", {"max_per_hour": "0"}, "max_per_hour", "from 1 to 1,000"),
    ("interaction", {"other_campaign": ""}, "other_campaign", "Choose the campaign"),
    ("interaction", {"did": "liked"}, "did", "Select a valid choice"),
    ("event", {"event": ""}, "event", "Choose the event"),
    ("event", {"source": "rumour"}, "source", "Select a valid choice"),
    ("absence", {}, "wait", "how long the person has time"),
    ("telepathy", {}, "kind", "Select a valid choice"),
]
# A choice that is none cannot be shown again.
CHOICES = ("repeat", "did", "source")


@pytest.mark.parametrize(("kind", "changes", "field", "sentence"), ERRORS)
def test_each_error_stands_at_its_field_and_everything_typed_is_kept(
    kind, changes, field, sentence, approver, first
):
    page = approver.post(url("campaign_add"), form_of(kind, **FILLED | changes))

    shown = read(page)
    assert Campaign.objects.count() == 1
    assert sentence in shown.texts[f"id_{field}_errors"]
    assert sentence in shown.texts["missing"]
    for name, value in changes.items():
        assert name in CHOICES or not value or shown.posted[name] == value


def test_an_absence_of_nothing_is_refused(approver):
    page = approver.post(
        url("campaign_add"),
        form_of("absence", wait="elapsed", wait_number="1", wait_unit="hours", cancel_on="wait"),
    )

    assert "Choose what the person did not do." in read(page).texts["cancels-errors"]
    assert not Campaign.objects.exists()


def test_a_campaign_cannot_start_itself(approver, workspace):
    campaign = drafted(workspace, EventTrigger(event="X"))
    form = form_of("interaction", other_campaign="made", did="opened")

    page = approver.post(url("campaign_change", campaign.pk), form)

    assert "cannot start itself" in read(page).texts["id_other_campaign_errors"]


def test_any_post_has_an_answer(approver):
    odd = {name: "\0" for name in FILLED} | {"kept_rule": "FREQ=\0", "repeat": "kept"}

    for kind in [*CHOSEN, "absence", "\0"]:
        for page in ("campaign_preview", "campaign_add"):
            assert approver.post(url(page), form_of(kind, **odd)).status_code in (200, 302)


HUGE = {"start": "9999-12-31", "every": "9" * 30, "max_people": "9" * 30, "date_days": "9" * 30}


@pytest.mark.parametrize("kind", ["schedule", "date"])
@pytest.mark.parametrize("repeat", ["once", "daily"])
def test_huge_numbers_and_far_days_are_refused_or_kept(kind, repeat, approver):
    form = form_of(kind, **FILLED | HUGE | {"repeat": repeat, "whose_time": "workspace"})

    for page in ("campaign_preview", "campaign_add"):
        assert approver.post(url(page), form).status_code == 200


# --- the page ----------------------------------------------------------------------------------
def test_only_the_parts_of_the_chosen_kind_are_shown(approver, workspace):
    campaign = drafted(workspace, CHOSEN["date"])

    page = read(approver.get(url("campaign_change", campaign.pk)))

    hidden = {
        attributes["data-kinds"]: "hidden" in attributes
        for _, attributes in page.tags
        if "data-kinds" in attributes
    }
    assert {kinds for kinds, is_hidden in hidden.items() if not is_hidden} == {
        "date",
        "schedule date business_event",
    }


def test_the_next_five_times_are_shown_in_words_while_one_types(approver, amsterdam, virtual_clock):
    told = approver.post(url("campaign_preview"), form_of("schedule", **WEEKLY)).json()

    times = Page(f"<p id=x>{told['next']}</p>", form_id="").texts["x"]
    for day in ("23 November", "30 November", "7 December", "14 December", "21 December"):
        assert f"Monday {day} 2026 at 09:00" in times
    assert "On each person's own clock" in times
    assert "28 December" not in times


PAST = [
    ({"repeat": "once", "start": "2026-11-20"}, "No time is left to come"),
    ({"weekdays": []}, "the next ones appear here"),
    ({"until": "2026-11-23", "whose_time": "workspace"}, "On the workspace's clock"),
]


@pytest.mark.parametrize(("changes", "note"), PAST)
def test_what_there_is_to_know_about_the_next_times_is_said(
    changes, note, approver, amsterdam, virtual_clock
):
    told = approver.post(url("campaign_preview"), form_of("schedule", **WEEKLY | changes)).json()

    assert note in told["next"].replace("&#x27;", "'")


def test_the_address_for_the_server_names_the_campaign(approver, workspace):
    campaign = drafted(workspace, ApiTrigger())

    page = read(approver.get(url("campaign_change", campaign.pk)))

    assert "/v1/campaigns/made/trigger" in page.texts["api-example"]
    assert "YOUR_SECRET_KEY" in page.texts["api-example"]


def test_the_list_says_what_starts_each_campaign(approver, workspace, first):
    drafted(workspace, CHOSEN["interaction"])

    page = approver.get(url("campaign_changelist")).content.decode()

    assert '<span class="cp-kind">After another message</span>' in page
    assert "When someone got “Hello &lt;there&gt;” and did not open it within 1 hour" in page
    assert '<span class="cp-kind">Someone does something</span>' in page


def test_campaigns_of_others_are_not_offered(approver):
    drafted(cast.workspace("other"), EventTrigger(event="X"), name="Secret plan")

    assert "Secret plan" not in approver.get(url("campaign_add")).content.decode()
