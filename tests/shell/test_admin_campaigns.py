"""The campaign page, the list and Activity, used as a campaign manager uses them."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from audience.models import Device, Membership, Person
from campaigns.engine.states import Reason
from campaigns.models import Campaign, CampaignVersion, Moment, Push
from tests import brand
from triggers.models import Event, EventName

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror="alert(1)">\'"{{ 7|add:7 }}'
NOW = brand.FOUNDED
VENUE: dict[str, Any] = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [{"field": "event.properties.venue", "operator": "equals", "value": "Utrecht"}],
}


def url(page, *args):
    return reverse(f"admin:campaigns_{page}", args=args)


def staff(workspace, role, name="staff"):
    user = get_user_model().objects.create_user(f"{name}-{role}", is_staff=True)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def approver(workspace):
    return staff(workspace, "approver")


def typed(*messages, **changes):
    """What the browser posts; a message is (locale, title, body)."""
    messages = messages or (("default", "Thank you", brand.GREETING),)
    fields = {
        "name": "Thank you for coming",
        "intent": "know",
        "event": brand.OPEN_DAY,
        "rule": "",
        "useful_for_0": "86400",
        "max_age_0": "259200",
        "messages-TOTAL_FORMS": str(len(messages)),
        "messages-INITIAL_FORMS": "1",
    }
    for number, (locale, title, body) in enumerate(messages):
        fields[f"messages-{number}-locale"] = locale
        fields[f"messages-{number}-title"] = title
        fields[f"messages-{number}-body"] = body
        fields[f"messages-{number}-deep_link"] = "moments://open-day" if title else ""
    return {**fields, **changes}


def with_rule(*rules):
    return json.dumps({"version": 1, "combinator": "and", "not": False, "rules": list(rules)})


def moment_of(campaign, person, *, number=1, **changes):
    known = {
        "id": UUID(int=number),
        "workspace_id": campaign.workspace_id,
        "campaign": campaign,
        "version": campaign.live_version,
        "person_id": person.pk,
        "event_name": brand.OPEN_DAY,
        "occurrence": f"m{number}",
        "state": "skipped",
        "reason": "missing",
        "detail": "person.first_name",
        "occurred_at": NOW,
        "received_at": NOW + timedelta(milliseconds=120),
        "opened_at": NOW + timedelta(milliseconds=150),
        "ended_at": NOW + timedelta(milliseconds=150),
        "expires_at": NOW + timedelta(days=1),
        "sequence": number,
    }
    return Moment.objects.create(**{**known, **changes})


def person_in(workspace, **traits):
    return Person.objects.create(
        workspace=workspace, traits=traits, first_seen_at=NOW, last_seen_at=NOW
    )


def event_of(person, *, number=1, **changes):
    known = {
        "id": number,
        "workspace_id": person.workspace_id,
        "person_id": person.pk,
        "message_id": f"m{number}",
        "type": "track",
        "name": brand.OPEN_DAY,
        "properties": {"venue": "Utrecht"},
        "context": {},
        "source": "public",
        "occurred_at": NOW,
        "received_at": NOW + timedelta(milliseconds=120),
        "decided_at": NOW,
        "sequence": number,
        "program_version": 1,
    }
    return Event.objects.create(**{**known, **changes})


# --- from draft to live and back -------------------------------------------------------------
def test_a_campaign_goes_from_draft_to_live_to_paused_and_back(approver, workspace):
    approver.post(url("campaign_add"), typed())
    campaign = Campaign.objects.get()
    question = approver.get(url("campaign_publish", campaign.pk))
    seen = question.context["seen"]
    states = [campaign.state]
    for step in ("publish", "pause", "resume"):
        answer = approver.post(url(f"campaign_{step}", campaign.pk), {"seen": seen})
        campaign.refresh_from_db()
        states.append(campaign.state)
        assert answer.status_code == 302

    assert states == ["draft", "live", "paused", "live"]
    assert (campaign.key, campaign.workspace) == ("thank-you-for-coming", workspace)
    assert b"Revision 1" in question.content
    assert CampaignVersion.objects.get().definition["trigger"]["event"] == brand.OPEN_DAY


def test_save_and_publish_saves_first_and_then_asks(approver):
    answer = approver.post(url("campaign_add"), typed(_publish="1"))

    campaign = Campaign.objects.get()
    assert answer.url == url("campaign_publish", campaign.pk)
    assert campaign.state == "draft"


def test_a_draft_leaves_the_live_revision_alone_until_it_is_published(approver, workspace):
    campaign = brand.live_campaign(workspace)

    approver.post(url("campaign_change", campaign.pk), typed(("default", "New", "Words")))

    campaign.refresh_from_db()
    page = approver.get(url("campaign_change", campaign.pk)).content.decode()
    question = approver.get(url("campaign_publish", campaign.pk)).content.decode()
    assert campaign.live_version.definition["messages"]["default"]["title"] == "Thank you"
    assert "You are editing a draft. Revision 1 stays live until you publish." in page
    assert "Publish Revision 2" in question
    assert "changed" in question


def test_a_draft_that_changed_since_it_was_read_is_not_published(approver):
    approver.post(url("campaign_add"), typed())
    campaign = Campaign.objects.get()
    seen = approver.get(url("campaign_publish", campaign.pk)).context["seen"]
    approver.post(url("campaign_change", campaign.pk), typed(("default", "Other", "Words")))

    approver.post(url("campaign_publish", campaign.pk), {"seen": seen})

    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_everything_on_the_page_is_stored(approver):
    form = typed(
        ("default", "Thank you", "Hi\r\nthere"),
        ("pt-BR", "Obrigado", "Olá"),
        ("", "", ""),
        rule=json.dumps(VENUE),
        intent="go",
        useful_for_0="custom",
        useful_for_1="90",
        useful_for_2="minutes",
        wait="elapsed",
        wait_number="45",
        wait_unit="minutes",
        cancel_on="wait",
        key="cart_id",
        re_entry="every",
        re_entry_number="2",
        re_entry_unit="days",
        re_entry_scope="key",
        **{
            "cancel_on-0-event": "Order Completed",
            "cancel_on-0-property_0": "cart",
            "cancel_on-0-equals_0": "cart_id",
        },
    )

    approver.post(url("campaign_add"), form)

    campaign = Campaign.objects.get()
    page = approver.get(url("campaign_change", campaign.pk)).content.decode()
    assert campaign.intent == "go"
    assert campaign.draft["trigger"] == {
        "kind": "event",
        "source": "public",
        "event": brand.OPEN_DAY,
        "rule": VENUE,
        "wait": {"kind": "elapsed", "seconds": 2_700},
        "cancel_on": [
            {
                "event": "Order Completed",
                "rule": None,
                "same": [{"property": "cart", "equals": "event.properties.cart_id"}],
            }
        ],
        "key": "event.properties.cart_id",
        "re_entry": {"mode": "every", "every_s": 172_800, "scope": "key"},
        "max_age_s": 259_200,
    }
    assert campaign.draft["useful_for_s"] == 5_400
    assert set(campaign.draft["messages"]) == {"default", "pt-BR"}
    assert campaign.draft["messages"]["default"]["body"] == "Hi\nthere"
    assert "When someone does Open Day Attended, if venue is &quot;Utrecht&quot;" in page
    assert "Obrigado" in page


def test_two_campaigns_of_one_name_get_two_short_names(approver):
    for _ in range(3):
        approver.post(url("campaign_add"), typed())

    keys = set(Campaign.objects.values_list("key", flat=True))
    assert keys == {f"thank-you-for-coming{more}" for more in ("", "-2", "-3")}


@pytest.mark.parametrize(("name", "key"), [("日本", "campaign"), ("Été & Co_1", "ete-co-1")])
def test_any_name_has_a_short_name(approver, name, key):
    approver.post(url("campaign_add"), typed(name=name))

    assert Campaign.objects.get().key == key


# --- nothing typed is lost -------------------------------------------------------------------
def test_bad_liquid_keeps_everything_typed_and_says_where(approver):
    form = typed(
        ("default", "Thank you", "Hi\n{{ person.first_name | defalt: 'x' }}"),
        ("nl", "Dank je", "Hallo {{ persoon.naam }}"),
        rule=json.dumps(VENUE),
        name="My campaign",
        useful_for_0="3600",
    )

    page = approver.post(url("campaign_add"), form)

    shown, text = page.context["sheet"], page.content.decode()
    assert not Campaign.objects.exists()
    assert "Line 2, column" in str(shown.message_of("default").errors["body"])
    assert "Did you mean “default”?" in text
    assert "“persoon” is not known here" in text
    for kept in ("My campaign", "Dank je", "defalt", "Hallo {{ persoon.naam }}", "&quot;Utrecht"):
        assert kept in text
    assert '<option value="3600" selected>' in text


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            with_rule({"field": "event.propertys.venue", "operator": "equals", "value": "x"}),
            "Condition 1: There is no field",
        ),
        (with_rule({"field": "", "operator": "equals", "value": ""}), "Condition 1: choose what"),
        (
            with_rule({"field": "event.properties.", "operator": "equals", "value": "x"}),
            "Condition 1: choose what to look at",
        ),
        (
            with_rule(
                VENUE["rules"][0],
                {"field": "event.properties.venue", "operator": "equals", "value": ""},
            ),
            "Condition 2: fill in what to compare with",
        ),
        (
            with_rule({"combinator": "or", "not": False, "rules": []}),
            "Condition 1: add a condition to this group",
        ),
        (
            with_rule({"combinator": "or", "rules": [{"field": "x.y", "operator": "equals"}]}),
            "Condition 1.1: fill in",
        ),
        (
            with_rule({"field": "event.properties.a", "operator": "more_than", "value": "9a"}),
            "Condition 1: &quot;more_than&quot; takes a number",
        ),
        ("{not json", "cannot be read"),
        ("[1]", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ('{"rules": NaN}', "cannot be read"),
        ('{"combinator": "and", "not": true, "rules": []}', "take away"),
    ],
)
def test_a_rule_that_is_not_finished_is_refused_in_kind_words(approver, rule, sentence):
    page = approver.post(url("campaign_add"), typed(rule=rule))

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Campaign.objects.exists()


def test_what_a_browser_adds_to_a_rule_is_not_stored(approver):
    odd = {"id": "\0", "field": "person.traits.x", "operator": "is_set", "value": "\0"}

    approver.post(url("campaign_add"), typed(rule=with_rule(odd)))

    stored = Campaign.objects.get().draft["trigger"]["rule"]["rules"]
    assert stored == [{"field": "person.traits.x", "operator": "is_set"}]


def test_an_empty_rule_means_every_time(approver):
    approver.post(url("campaign_add"), typed(rule=with_rule()))

    assert Campaign.objects.get().draft["trigger"]["rule"] is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Give the campaign a name."),
        ({"event": " "}, "Choose the event that starts this campaign."),
        ({"event": "x" * 201}, "At most 200 characters."),
        ({"intent": "sell"}, "Select a valid choice"),
        ({"useful_for_0": "custom", "useful_for_1": "0"}, "between one minute and 28 days"),
        ({"useful_for_0": "custom", "useful_for_1": "1e300"}, "between one minute and 28 days"),
        ({"useful_for_0": "custom", "useful_for_1": "inf"}, "Enter a number"),
        ({"useful_for_0": "7"}, "Select a valid choice"),
        ({"messages-0-title": "", "messages-0-body": " "}, "There is nothing to read."),
        ({"messages-0-body": "a\0b"}, "Null characters are not allowed."),
        ({"messages-TOTAL_FORMS": "x"}, "Write the message"),
        ({"messages-0-locale": "nl"}, "Write the message that people without another language"),
    ],
)
def test_what_is_missing_is_said_in_words(approver, changes, sentence):
    page = approver.post(url("campaign_add"), typed(**changes))

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [("Dutch!", "Write a language code"), ("DEFAULT", "there twice"), ("", "language code")],
)
def test_a_language_that_is_none_is_refused(approver, locale, sentence):
    form = typed(("default", "Thank you", "Hi"), (locale, "Dank je", "Hoi"))

    page = approver.post(url("campaign_add"), form)

    assert sentence in page.content.decode()
    assert not Campaign.objects.exists()


# --- the phone -------------------------------------------------------------------------------
def test_the_phone_shows_what_one_real_person_would_read(approver, workspace):
    anna = person_in(workspace, first_name="Anna")
    event_of(anna, number=7)

    answer = approver.post(url("campaign_preview"), typed(sample="7")).json()

    assert "Hi Anna, thank you for visiting Utrecht" in answer["phone"]
    assert answer["errors"] == {}
    assert "Everything is there." in answer["missing"]


def test_the_phone_says_exactly_why_nothing_would_come(approver):
    answer = approver.post(url("campaign_preview"), typed(sample="stranger")).json()

    assert "The first name is missing." in answer["phone"]
    assert (
        "Add a fallback like {{ person.first_name | default: &quot;there&quot; }}"
        in answer["phone"]
    )


def test_the_phone_shows_the_language_that_is_being_written(approver):
    form = typed(("default", "Thank you", "Hi"), ("nl", "Dank je", "Hoi"), shown="nl")

    assert "Dank je" in approver.post(url("campaign_preview"), form).json()["phone"]


def test_the_phone_says_that_the_rule_would_not_hold(approver, workspace):
    event_of(person_in(workspace, first_name="Anna"), properties={"venue": "Delft"})

    answer = approver.post(
        url("campaign_preview"), typed(sample="1", rule=json.dumps(VENUE))
    ).json()

    assert "does not hold here" in answer["phone"]


def test_the_phone_refuses_a_link_that_the_app_may_not_open(approver):
    form = typed(("default", "Thank you", "Hi"), **{"messages-0-deep_link": "ftp://x"})

    phone = approver.post(url("campaign_preview"), form).json()["phone"]

    assert "is not one that the app may open" in phone


def test_the_preview_saves_nothing_and_says_where_liquid_is_wrong(approver):
    form = typed(("default", "Thank you", "{{ person.first_name"), name="")

    answer = approver.post(url("campaign_preview"), form).json()

    assert "Line 1, column 1" in answer["errors"]["messages-0-body"][0]
    assert "Give the campaign a name." in answer["missing"]
    assert not Campaign.objects.exists()


def test_the_preview_survives_anything_that_is_posted(approver):
    for form in ({}, {"event": "a\0b", "sample": "'"}, {"messages-TOTAL_FORMS": "999999"}):
        assert approver.post(url("campaign_preview"), form).status_code == 200


def test_another_workspace_s_events_are_no_samples(approver):
    other = brand.workspace_with_keys(key="other", prefix="x")
    event_of(person_in(other, first_name="Zelda"), number=9)

    listed = approver.get(url("campaign_catalogue"), {"event": brand.OPEN_DAY})
    phone = approver.post(url("campaign_preview"), typed(sample="9"))

    assert b"Zelda" not in listed.content + phone.content


def test_the_catalogue_offers_what_this_event_and_these_people_have(approver, workspace):
    EventName.objects.create(
        workspace=workspace,
        name=brand.OPEN_DAY,
        properties={
            "venue": {"kind": "text", "samples": ["Utrecht"]},
            "Shoe size": {"kind": "number", "samples": ["42"]},
            "ends": {"kind": "text", "samples": ["2026-03-01T09:00:00Z"]},
        },
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    person_in(workspace, first_name="Anna", vip=True)

    found = approver.get(url("campaign_catalogue"), {"event": brand.OPEN_DAY}).json()

    kinds = {fact["name"]: fact["kind"] for fact in found["facts"]}
    assert kinds["event.properties.venue"] == "text"
    assert kinds["event.properties.ends"] == "date"
    assert kinds["person.traits.vip"] == "boolean"
    assert '{{ event.properties["Shoe size"] }}' in [one["liquid"] for one in found["variables"]]
    assert found["isKnown"] is True
    assert approver.get(url("campaign_catalogue"), {"event": "?\0"}).json()["isKnown"] is False


# --- who may do what -------------------------------------------------------------------------
def test_a_viewer_reads_and_changes_nothing(workspace):
    campaign = brand.live_campaign(workspace)
    viewer = staff(workspace, "viewer")

    page = viewer.get(url("campaign_change", campaign.pk))
    answers = [
        viewer.get(url("campaign_add")),
        viewer.post(url("campaign_add"), typed()),
        viewer.post(url("campaign_change", campaign.pk), typed()),
        *(viewer.post(url(f"campaign_{step}", campaign.pk)) for step in ("publish", "pause")),
    ]

    assert page.status_code == 200
    assert b"Save draft" not in page.content
    assert [answer.status_code for answer in answers] == [403] * 5
    assert Campaign.objects.get().state == "live"


def test_an_editor_saves_drafts_and_publishes_none(workspace):
    editor = staff(workspace, "editor")

    editor.post(url("campaign_add"), typed(_publish="1"))
    campaign = Campaign.objects.get()
    page = editor.get(url("campaign_change", campaign.pk))
    answers = [
        client(url(f"campaign_{step}", campaign.pk)).status_code
        for step in ("publish", "pause", "resume")
        for client in (editor.get, editor.post)
    ]

    assert answers == [403] * 6
    assert b"Ask an approver" in page.content
    assert Campaign.objects.get().state == "draft"


def test_another_workspace_s_campaign_and_moment_are_not_there(approver):
    other = brand.workspace_with_keys(key="other", prefix="x")
    campaign = brand.live_campaign(other)
    moment = moment_of(campaign, person_in(other))

    answers = [
        client(address).status_code
        for address in (
            url("campaign_change", campaign.pk),
            url("campaign_publish", campaign.pk),
            url("campaign_pause", campaign.pk),
            url("campaign_resume", campaign.pk),
            url("campaign_history", campaign.pk),
            url("moment_change", moment.pk),
        )
        for client in (approver.get, approver.post)
    ]

    assert set(answers) == {404}
    assert Campaign.objects.get().state == "live"


def test_a_get_changes_nothing(approver, workspace):
    campaign = brand.live_campaign(workspace)
    moment = moment_of(campaign, person_in(workspace))
    before = list(Campaign.objects.values())

    for step in ("change", "publish", "pause", "resume", "history"):
        approver.get(url(f"campaign_{step}", campaign.pk), {"seen": "x"})
    approver.get(url("campaign_preview"), typed())
    approver.get(url("moment_change", moment.pk))

    assert list(Campaign.objects.values()) == before
    assert CampaignVersion.objects.count() == 1


def test_activity_cannot_be_edited_or_deleted(workspace):
    owner = staff(workspace, "owner")
    moment = moment_of(brand.live_campaign(workspace), person_in(workspace))

    answers = [
        owner.post(url("moment_change", moment.pk), {"state": "sent"}).status_code,
        owner.get(url("moment_add")).status_code,
        owner.post(url("moment_delete", moment.pk), {"post": "yes"}).status_code,
    ]

    assert answers == [405, 403, 403]


def test_forms_need_their_token(workspace):
    user = get_user_model().objects.create_superuser("root")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    for page in ("campaign_add", "campaign_preview"):
        assert client.post(url(page), typed()).status_code == 403


# --- hostile words ---------------------------------------------------------------------------
def test_hostile_words_are_shown_and_never_run(approver, workspace):
    EventName.objects.create(
        workspace=workspace,
        name=HOSTILE,
        properties={HOSTILE: {"kind": "text", "samples": [HOSTILE]}},
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    person = person_in(workspace, first_name=HOSTILE)
    approver.post(
        url("campaign_add"),
        typed(("default", "T", "<script>alert(2)</script>"), name=HOSTILE, event=HOSTILE),
    )
    campaign = Campaign.objects.get()
    seen = approver.get(url("campaign_publish", campaign.pk)).context["seen"]
    approver.post(url("campaign_publish", campaign.pk), {"seen": seen})
    campaign.refresh_from_db()
    trace = {
        "combinator": "and",
        "rules": [{"sentence": HOSTILE, "actual": HOSTILE, "verdict": "match"}],
    }
    moment = moment_of(
        campaign,
        person,
        event_name=HOSTILE,
        reason="aborted",
        detail=HOSTILE,
        trace={"rule": trace, "checks": []},
    )

    pages = [
        approver.get(address).content.decode()
        for address in (
            url("campaign_changelist"),
            url("campaign_add"),
            url("campaign_change", campaign.pk),
            url("campaign_publish", campaign.pk),
            url("campaign_pause", campaign.pk),
            url("moment_changelist"),
            url("moment_change", moment.pk),
        )
    ]
    pages.append(approver.post(url("campaign_preview"), typed(sample="1")).json()["phone"])

    for page in pages:
        assert "<img src=x" not in page
        assert "<script>alert" not in page


# --- the list and Activity -------------------------------------------------------------------
def test_the_list_says_when_each_campaign_fires_and_last_sent(approver, workspace):
    live = brand.live_campaign(workspace, rule=VENUE)
    person = person_in(workspace, first_name="Anna")
    moment_of(live, person, state="sent", reason="accepted", detail="")
    approver.post(url("campaign_add"), typed(name="Second"))

    everything = approver.get(url("campaign_changelist")).content.decode()
    drafts = approver.get(url("campaign_changelist"), {"state": "draft"}).content.decode()

    assert "When someone does Open Day Attended, if venue is &quot;Utrecht&quot;" in everything
    assert "ago" in everything
    assert "Never" in everything
    assert "Second" in drafts
    assert live.name not in drafts


def test_an_empty_list_says_what_to_do_next(approver):
    page = approver.get(url("campaign_changelist")).content.decode()

    assert "Start from a ready-made campaign" in page
    assert "Nothing is sent until you publish." in page


def test_activity_is_a_sentence_with_a_next_step(approver, workspace):
    campaign = brand.live_campaign(workspace)
    moment = moment_of(campaign, person_in(workspace, first_name=""))

    page = approver.get(url("moment_changelist")).content.decode()
    detail = approver.get(url("moment_change", moment.pk)).content.decode()

    step = f'href="{url("campaign_change", campaign.pk)}#message">Add a fallback</a>'
    for shown in (page, detail):
        assert "Not sent: we don&#x27;t know the first name." in shown
        assert step in shown


def test_activity_is_filtered_by_campaign_state_and_reason(approver, workspace):
    first, second = (brand.live_campaign(workspace, key=key) for key in ("first", "second"))
    person = person_in(workspace)
    moment_of(first, person, number=1)
    moment_of(second, person, number=2, reason="no_device", detail="")
    moment_of(second, person, number=3, state="sent", reason="accepted", detail="")

    def shown(**filters):
        found = approver.get(url("moment_changelist"), filters).context["cl"].result_list
        return sorted(moment.pk.int for moment in found)

    assert shown() == [1, 2, 3]
    assert shown(campaign=str(second.pk)) == [2, 3]
    assert shown(state="sent") == [3]
    assert shown(reason=Reason.MISSING) == [1]
    assert shown(campaign="999999") == []


def test_the_list_of_activity_costs_the_same_for_any_number_of_rows(
    approver, workspace, django_assert_max_num_queries
):
    campaign = brand.live_campaign(workspace)
    for number in range(1, 41):
        moment_of(campaign, person_in(workspace, first_name=f"P{number}"), number=number)

    with django_assert_max_num_queries(20):
        approver.get(url("moment_changelist"))


def test_a_moment_s_page_tells_the_whole_story(approver, workspace):
    campaign = brand.live_campaign(workspace, rule=VENUE)
    anna = person_in(workspace, first_name="Anna")
    event_of(anna, number=5)
    device = Device.objects.create(
        workspace=workspace,
        installation_id="i1",
        platform="ios",
        source="public",
        claimed_at=NOW,
        last_seen_at=NOW,
    )
    leaf = {"sentence": 'venue is "Utrecht"', "actual": "Utrecht", "verdict": "match"}
    unknown = {"sentence": "person's city is set", "verdict": "unknown"}
    moment = moment_of(
        campaign,
        anna,
        event_id=5,
        state="sent",
        reason="accepted",
        detail="",
        content={"title": "Thank you", "body": "Hi Anna", "deep_link": "moments://x"},
        trace={
            "rule": {"combinator": "or", "verdict": "match", "rules": [leaf, unknown]},
            "checks": [
                {"check": "event_age", "verdict": "pass", "detail": ""},
                {"check": "render", "verdict": "pass", "detail": "nl"},
            ],
        },
    )
    Push.objects.create(
        id=UUID(int=1),
        workspace_id=workspace.pk,
        campaign=campaign,
        moment=moment,
        person_id=anna.pk,
        device_id=device.pk,
        state="failed",
        reason="unregistered",
        error_code="UNREGISTERED",
        due_at=NOW,
        expires_at=NOW,
        created_at=NOW,
        sent_at=NOW + timedelta(milliseconds=160),
        settled_at=NOW + timedelta(milliseconds=200),
    )

    page = approver.get(url("moment_change", moment.pk)).content.decode()

    for told in (
        "here: Utrecht",
        "here: not known",
        "cp-leaf cp-match",
        "cp-leaf cp-unknown",
        "The event is recent enough",
        "Message: nl",
        "Hi Anna",
        "+120 ms",
        "+40 ms",
        "The app is no longer installed on the phone.",
        "UNREGISTERED",
    ):
        assert told in page


def test_a_moment_of_a_lost_event_and_an_odd_trace_still_has_a_page(approver, workspace):
    campaign = brand.live_campaign(workspace)
    moment = moment_of(campaign, person_in(workspace), state="error", reason="campaign_error")

    page = approver.get(url("moment_change", moment.pk))

    assert page.status_code == 200
    assert b"no longer kept" in page.content


def test_the_preview_of_an_event_that_never_arrived_shows_what_goes_where():
    from datetime import UTC, datetime

    from campaigns.admin.preview import phone
    from campaigns.admin.samples import samples
    from campaigns.definition import Definition, Message
    from tests import brand
    from triggers.trigger import EventTrigger

    message = Message(title="Hi", body="Thank you for visiting {{ event.properties.venue }}")
    definition = Definition(trigger=EventTrigger(event="New"), messages={"default": message})
    now = datetime(2026, 11, 21, tzinfo=UTC)
    [example, _] = samples(
        workspace=brand.workspace_with_keys(), event="New", properties={}, traits={}, now=now
    )

    shown = phone(
        definition=definition,
        message=message,
        sample=example,
        campaign=("new", "New"),
        app="Acme",
        link_schemes=["https"],
    )

    assert shown.body == "Thank you for visiting ‹venue›"
