"""A campaign at places on its page: the fields, the sentence, the tags there are, the phone."""

import json

import msgspec
import pytest

from campaigns.models import Campaign
from tests import cast
from tests.page import Page
from tests.shell.test_admin_campaigns import NOW, staff, typed, url
from tests.shell.test_admin_kinds import drafted, read, stored
from triggers.clock import Elapsed
from triggers.places.given import PlaceInput
from triggers.services.places import put_places
from triggers.trigger import EventTrigger, PlaceTrigger, ReEntry

pytestmark = pytest.mark.django_db

TWO_FLOORS = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [{"field": "place.attributes.floors", "operator": "at_least", "value": 2}],
}


def store(external_id, *, tags=(), **fields):
    return PlaceInput(
        external_id=external_id,
        name=f"Store {external_id}",
        latitude=52.37,
        longitude=4.89,
        tags=tags,
        **fields,
    )


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


@pytest.fixture
def places(workspace):
    given = [
        store("1", tags=("store", "mall"), attributes={"floors": 2}, address="Damrak 12"),
        store("2", tags=("store",)),
        store("3", tags=("outlet",), attributes={"cafe": True}),
    ]
    put_places(workspace=workspace, places=given, now=NOW)


def form_of(**changes):
    return typed(
        ("default", "Hi", "There"),
        **{
            "kind": "place",
            "crossing": "enter",
            "which_places": "all",
            "confidence": "medium",
            "only_open": "on",
            "open_minutes": "0",
            "place_cooldown_0": "14400",
            "tag_cooldown_0": "86400",
            "quiet_hours": "skip",
            "max_age_0": "600",
            **changes,
        },
    )


LIMITS = (
    " At most one about one place in 4 hours and one about places with a tag in common in 1 day."
)
TYPED = {
    "enter": (form_of(), PlaceTrigger(), f"When someone comes to a place that is open.{LIMITS}"),
    "tags": (
        form_of(which_places="tagged", place_tags=["store", "outlet"], confidence="high"),
        PlaceTrigger(tags=("store", "outlet"), confidence="high"),
        "When someone comes to a place tagged store or outlet that is open, if the position is "
        f"sure.{LIMITS}",
    ),
    "a rule": (
        form_of(crossing="approach", rule=json.dumps(TWO_FLOORS), only_open=""),
        PlaceTrigger(crossing="approach", rule=TWO_FLOORS, open_for_s=None),
        f"When someone comes near a place, if place's floors is at least 2.{LIMITS}",
    ),
    "a stay": (
        form_of(crossing="dwell", stay_for_0="600", open_minutes="30", confidence="low"),
        PlaceTrigger(crossing="dwell", stay_s=600, open_for_s=1800, confidence="low"),
        "When someone stays for at least 10 minutes at a place that is open for 30 minutes more, "
        f"even if the position is not sure.{LIMITS}",
    ),
    "a visit": (
        form_of(
            crossing="exit",
            visit_for_0="custom",
            visit_for_1="15",
            visit_for_2="minutes",
            only_open="",
            wait="elapsed",
            wait_number="30",
            wait_unit="minutes",
            place_cooldown_0="0",
            tag_cooldown_0="0",
            quiet_hours="send",
        ),
        PlaceTrigger(
            crossing="exit",
            visit_s=900,
            open_for_s=None,
            wait=Elapsed(1800),
            place_cooldown_s=0,
            tag_cooldown_s=0,
            quiet_hours="send",
        ),
        "When someone leaves a place after a visit of at least 15 minutes, wait 30 minutes. It is "
        "sent in quiet hours too.",
    ),
    "once per place": (
        form_of(re_entry="once", re_entry_scope="key", tag_cooldown_0="0"),
        PlaceTrigger(re_entry=ReEntry(mode="once", scope="key"), tag_cooldown_s=0),
        "When someone comes to a place that is open. Once per place. At most one about one place "
        "in 4 hours.",
    ),
}


def checked(page, name):
    return [
        attributes["value"]
        for _, attributes in page.tags
        if attributes.get("name") == name and "checked" in attributes
    ]


@pytest.mark.parametrize("case", TYPED)
def test_it_is_stored_as_typed_and_said_in_words(case, approver, places):
    form, trigger, sentence = TYPED[case]

    told = approver.post(url("campaign_preview"), form).json()
    answer = approver.post(url("campaign_add"), form)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == trigger
    assert told["sentence"] == sentence


@pytest.mark.parametrize("case", TYPED)
def test_it_is_shown_as_stored_and_an_unchanged_save_leaves_it(case, approver, places):
    form, trigger, _ = TYPED[case]
    approver.post(url("campaign_add"), form)
    campaign = Campaign.objects.get(key="thank-you-for-coming")
    page = read(approver.get(url("campaign_change", campaign.pk)))

    shown = {**page.posted, "place_tags": checked(page, "place_tags")}
    again = approver.post(url("campaign_change", campaign.pk), shown)
    left = stored()
    other = {**shown, "quiet_hours": "skip", "place_cooldown_0": "3600"}
    approver.post(url("campaign_change", campaign.pk), other)

    assert again.status_code == 302, again.context["missing"]
    assert left == trigger
    changed = {"quiet_hours": "skip", "place_cooldown_s": 3600}
    assert stored() == msgspec.structs.replace(trigger, **changed)


MADE = {
    "odd lengths": PlaceTrigger(
        crossing="dwell", stay_s=61, visit_s=7, open_for_s=90, place_cooldown_s=1
    ),
    "a long age": PlaceTrigger(max_age_s=7200),
    "a left-over": PlaceTrigger(stay_s=600, visit_s=60),
}


@pytest.mark.parametrize("case", MADE)
def test_an_unchanged_save_leaves_what_a_file_has_made(case, approver, workspace):
    campaign = drafted(workspace, MADE[case])
    page = read(approver.get(url("campaign_change", campaign.pk)))

    answer = approver.post(url("campaign_change", campaign.pk), page.posted)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored("made") == MADE[case]


def test_seconds_of_a_file_survive_a_change_of_something_else(approver, workspace):
    campaign = drafted(workspace, MADE["odd lengths"])
    page = read(approver.get(url("campaign_change", campaign.pk))).posted

    approver.post(url("campaign_change", campaign.pk), {**page, "confidence": "high"})

    kept = msgspec.structs.replace(MADE["odd lengths"], confidence="high", visit_s=0)
    assert stored("made") == kept


def test_a_page_from_before_there_were_places_leaves_the_trigger(approver, workspace):
    campaign = drafted(workspace, MADE["odd lengths"])

    answer = approver.post(url("campaign_change", campaign.pk), typed(max_age_0="600"))

    assert answer.status_code == 302, answer.context["missing"]
    assert stored("made") == MADE["odd lengths"]


def test_another_kind_forgets_what_a_place_has(approver, places):
    approver.post(url("campaign_add"), form_of(which_places="tagged", place_tags=["store"]))
    campaign = Campaign.objects.get(key="thank-you-for-coming")

    nonsense = {"crossing": "x", "stay_for_0": "x", "open_minutes": "x", "place_tags": ["x"]}
    form = form_of(kind="event", event="Z", max_age_0="259200", **nonsense)
    answer = approver.post(url("campaign_change", campaign.pk), form)

    assert answer.status_code == 302, answer.context["missing"]
    assert stored() == EventTrigger(event="Z")


def test_a_key_of_another_kind_is_not_kept(approver, workspace):
    trigger = EventTrigger(
        event="Z", key="event.properties.cart_id", re_entry=ReEntry(mode="once", scope="key")
    )
    campaign = drafted(workspace, trigger)
    page = read(approver.get(url("campaign_change", campaign.pk))).posted

    form = form_of(key="cart_id", re_entry="once", re_entry_scope="key")
    answer = approver.post(url("campaign_change", campaign.pk), {**page, **form})

    assert answer.status_code == 302, answer.context["missing"]
    assert stored("made") == PlaceTrigger(re_entry=ReEntry(mode="once", scope="key"))


# --- tags --------------------------------------------------------------------------------------
def test_the_tags_there_are_can_be_chosen_with_their_counts(approver, places):
    page = approver.get(url("campaign_add")).content.decode()

    tags = Page(page, form_id="campaign-form").tags
    offered = [each["value"] for _, each in tags if each.get("name") == "place_tags"]
    assert offered == ["store", "mall", "outlet"]
    assert "store (2 places)" in page
    assert "outlet (1 place)" in page


def test_a_tag_of_another_workspace_or_a_removed_place_is_not_offered(approver, workspace):
    other = cast.workspace("other")
    put_places(workspace=other, places=[store("9", tags=("elsewhere",))], now=NOW)

    page = approver.get(url("campaign_add")).content.decode()

    assert "elsewhere" not in page
    assert "No place has a tag yet" in page


def test_a_tag_that_no_place_has_is_refused_and_stays_on_the_page(approver, places):
    form = form_of(which_places="tagged", place_tags=["outlets", "store"])

    page = read(approver.post(url("campaign_add"), form))

    assert "Did you mean “outlet”?" in page.texts["id_place_tags_errors"]
    assert checked(page, "place_tags") == ["store", "outlets"]


ERRORS = [
    ({"which_places": "tagged"}, "place_tags", "Choose a tag, or all places."),
    ({"open_minutes": "721"}, "open_minutes", "at most 12 hours"),
    ({"open_minutes": "-1"}, "open_minutes", "at most 12 hours"),
    ({"open_minutes": "1e308"}, "open_minutes", "at most 12 hours"),
    ({"crossing": "fly"}, "crossing", "Select a valid choice"),
    ({"confidence": "very"}, "confidence", "Select a valid choice"),
    (
        {"crossing": "dwell", "stay_for_0": "custom", "stay_for_1": "0.5", "stay_for_2": "minutes"},
        "stay_for",
        "from one minute to 24 hours",
    ),
    (
        {"place_cooldown_0": "custom", "place_cooldown_1": "31", "place_cooldown_2": "days"},
        "place_cooldown",
        "at most 30 days",
    ),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), ERRORS)
def test_what_is_wrong_is_said_beside_its_field(changes, field, sentence, approver, places):
    answer = approver.post(url("campaign_add"), form_of(**changes))

    assert answer.status_code == 200
    assert sentence in read(answer).texts[f"id_{field}_errors"]


def test_what_is_wrong_in_a_part_that_is_hidden_is_not_looked_at(approver, places):
    hidden = {"stay_for_0": "custom", "visit_for_0": "x", "open_minutes": "x", "place_tags": ["x"]}

    answer = approver.post(url("campaign_add"), form_of(only_open="", **hidden))

    assert answer.status_code == 302, answer.context["missing"]


# --- the rule builder and the phone ------------------------------------------------------------
def test_conditions_about_the_place_are_offered_for_places_alone(approver, places):
    def offered(event):
        answer = approver.get(url("campaign_catalogue"), {"event": event})
        return {fact["name"] for fact in answer.json()["facts"] if fact["group"] == "Place"}

    assert {"place.name", "place.is_open", "place.attributes.floors"} <= offered("Place Entered")
    assert "place.attributes.cafe" in offered("Place Approached")
    assert offered("Product Added") == set()


def test_the_phone_shows_how_far_and_until_when(approver, places):
    text = (
        "You are {{ place.distance_m | distance }} from {{ place.name }}, open until "
        "{{ place.open_until }}"
    )

    told = approver.post(url("campaign_preview"), form_of(**{"messages-0-body": text})).json()

    assert "You are 150 m from Store 3, open until " in told["phone"]


def test_variables_of_the_place_can_be_put_into_the_message(approver, places):
    answer = approver.get(url("campaign_catalogue"), {"event": "Place Exited"}).json()

    liquid = [each["liquid"] for each in answer["variables"]]
    assert "{{ place.distance_m | distance }}" in liquid
    assert "{{ place.attributes.cafe }}" in liquid


# --- elsewhere ---------------------------------------------------------------------------------
def test_the_list_says_what_starts_it(approver, workspace):
    drafted(workspace, PlaceTrigger(crossing="approach"))

    page = approver.get(url("campaign_changelist")).content.decode()

    assert "Someone comes to a place" in page
    assert "When someone comes near a place that is open" in page


def test_publishing_compares_limits_part_by_part(approver, workspace):
    campaign = drafted(workspace, PlaceTrigger(tag_cooldown_s=0))

    page = approver.get(url("campaign_publish", campaign.pk)).content.decode()

    for words in ("At most one about one place in", "4 hours", "no limit", "In quiet hours"):
        assert words in page
