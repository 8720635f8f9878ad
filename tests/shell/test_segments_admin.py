"""People > Segments, used as a campaign manager uses it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audience.models import Role
from campaigns.admin import segments as page
from campaigns.admin.segment_people import NOBODY_YET, rounded
from campaigns.selectors import headcount
from campaigns.services import campaigns
from tests import brand, cast
from tests.shell.test_segments import CITY, draft, inside, rule
from tests.snapshot import snapshot
from triggers.models import Segment

pytestmark = pytest.mark.django_db

ADD = "/admin/triggers/segment/add/"
LIST = "/admin/triggers/segment/"
SENTENCE = "/admin/triggers/segment/sentence/"
HOSTILE = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def acme(db):
    return cast.workspace()


@pytest.fixture
def editor(acme):
    return cast.browser(cast.staff(Role.EDITOR, at=acme))


@pytest.fixture
def viewer(acme):
    return cast.browser(cast.staff(Role.VIEWER, at=acme))


def typed(*rules: dict[str, Any], **changes: str) -> dict[str, str]:
    return {"name": "Loyal people", "rule": json.dumps(rule(*(rules or (CITY,)))), **changes}


def url(segment: Segment, step: str = "change") -> str:
    return reverse(f"admin:triggers_segment_{step}", args=[segment.pk])


def text(answer) -> str:
    return answer.content.decode()


def facts_on(answer) -> list[dict[str, Any]]:
    return json.loads(answer.context["facts_json"])


# --- writing ---------------------------------------------------------------------------------
def test_an_editor_makes_changes_and_deletes_a_segment(editor) -> None:
    editor.post(ADD, typed())
    made = Segment.objects.get()
    editor.post(url(made), typed(name="Loyal"))
    renamed = Segment.objects.get()
    question = editor.get(url(made, "delete"))
    editor.post(url(made, "delete"))

    assert (made.key, made.name, made.rule) == ("loyal-people", "Loyal people", rule(CITY))
    assert (renamed.key, renamed.name) == ("loyal-people", "Loyal")
    assert "Nothing uses it." in text(question)
    assert not Segment.objects.exists()
    assert LogEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "typed_key", "key"),
    [
        ("Loyal people", "", "loyal-people-2"),
        ("  ¡Loyal! ", "", "loyal"),
        ("東京", "", "segment"),
        ("Loyal people", "vips", "vips"),
        ("x" * 200, "", "x" * 50),
    ],
)
def test_a_short_name_is_made_from_the_name_unless_one_is_typed(
    name, typed_key, key, editor, acme
) -> None:
    cast.segment(acme, "loyal-people")

    editor.post(ADD, typed(name=name, key=typed_key))

    assert Segment.objects.latest("id").key == key


def test_a_short_name_cannot_change_later(editor, acme) -> None:
    segment = cast.segment(acme, "locals")

    editor.post(url(segment), typed(key="others"))

    assert Segment.objects.get().key == "locals"


EMPTY_GROUP: dict[str, Any] = {"combinator": "or", "not": False, "rules": []}
EVENT = {"field": "event.properties.venue", "operator": "equals", "value": "x"}
DEEP = {"combinator": "or", "not": False, "rules": [inside("gone")]}
WRONG = [
    (typed(name=""), "name", "Give the segment a name."),
    (typed(name="x" * 201), "name", "at most 200 characters"),
    (typed(key="Not Good"), "key", "Use small letters, digits and dashes"),
    (typed(key="locals"), "key", "There is a segment of this short name already."),
    (typed(rule=""), "rule", "Add a condition"),
    (typed(rule="{"), "rule", "The conditions cannot be read."),
    (typed(rule='{"version": 1, "rules": []}'), "rule", "Add a condition"),
    (typed(EMPTY_GROUP), "rule", "Condition 1: add a condition to this group"),
    (typed({"field": "", "operator": "equals"}), "rule", "Condition 1: choose what to look at"),
    (typed(CITY, EVENT), "rule", "Condition 2: A segment is about a person at any time"),
    (typed(CITY, DEEP), "rule", "Condition 2.1: There is no segment “gone”."),
]


@pytest.mark.parametrize(("body", "field", "sentence"), WRONG)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    body, field, sentence, editor, acme
) -> None:
    cast.segment(acme, "locals")

    answer = editor.post(ADD, body)

    form = answer.context["form"]
    assert sentence in " ".join(form.errors[field])
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in body} == body
    assert Segment.objects.count() == 1


def test_a_circle_is_refused_with_who_asks_whom(editor, acme) -> None:
    loyal = cast.segment(acme, "loyal")
    editor.post(ADD, typed(inside("loyal"), name="New", key="new"))

    answer = editor.post(url(loyal), typed(CITY, inside("new"), name="Loyal"))

    (error,) = answer.context["form"].errors["rule"]
    assert error == (
        "Condition 2: These segments lead in a circle: Loyal asks New, and New asks Loyal."
    )


def test_whatever_is_typed_comes_back_escaped(editor) -> None:
    odd = {"field": "person.traits.city", "operator": "equals", "value": HOSTILE}
    editor.post(ADD, typed(odd, name=HOSTILE, key="odd"))
    segment = Segment.objects.get()
    pages = [LIST, url(segment), url(segment, "delete"), url(segment, "history")]

    answers = [text(editor.get(one)) for one in [*pages, "/admin/campaigns/campaign/add/"]]

    assert segment.name == HOSTILE
    assert [one for one in answers if "<img src=x" in one] == []


# --- the builder -----------------------------------------------------------------------------
def test_the_builder_offers_people_and_other_segments_but_no_event_and_no_phone(
    editor, acme
) -> None:
    cast.person(acme, traits={"city": "Delft"})
    loyal = cast.segment(acme, "loyal", name="Loyal")
    cast.segment(acme, "new", name="New")
    cast.segment(cast.workspace("other"), "theirs")

    offered = {fact["name"]: fact for fact in facts_on(editor.get(url(loyal)))}

    assert offered.keys() == {
        "person.traits.city",
        "person.first_seen_at",
        "local.hour",
        "local.weekday",
        "segment.new",
    }
    assert offered["segment.new"] == {
        "name": "segment.new",
        "label": "Segment New",
        "group": "Segments",
        "kind": "boolean",
        "samples": [],
        "words": {"is_true": "is in", "is_false": "is not in"},
    }


def test_a_campaign_can_ask_for_a_segment(acme) -> None:
    cast.segment(acme, "loyal", name="Loyal")
    approver = cast.browser(cast.staff(Role.APPROVER, at=acme))

    answer = approver.get("/admin/campaigns/campaign/add/")

    assert "segment.loyal" in {fact["name"] for fact in facts_on(answer)}


SENTENCES = [
    (json.dumps(rule(CITY)), 'A person is in it if person\'s city is "Delft".'),
    ("", "Add a condition: without one, everybody would be in this segment."),
    ("{", "The conditions are not finished."),
    (json.dumps(rule({"field": "", "operator": "equals"})), "The conditions are not finished."),
]


@pytest.mark.parametrize(("written", "sentence"), SENTENCES)
def test_the_sentence_follows_what_is_typed(written, sentence, viewer) -> None:
    before = snapshot()

    answer = viewer.post(SENTENCE, {"rule": written})

    assert answer.json() == {"sentence": sentence}
    assert snapshot() == before
    assert viewer.get(SENTENCE).status_code == 405


# --- the list and deletion -------------------------------------------------------------------
def test_the_list_says_who_is_in_it_and_how_many_campaigns_use_it(editor, acme) -> None:
    cast.segment(acme, "loyal")
    cast.segment(acme, "unused")
    for key in ("one", "two"):
        campaign = draft(acme, key, rule=rule(inside("loyal")))
    campaigns.publish(campaign=campaign, user_id=None, now=brand.FOUNDED)

    shown = text(editor.get(LIST))

    assert "person&#x27;s city is &quot;Delft&quot;" in shown
    assert "2 campaigns" in shown


def test_the_list_needs_as_many_queries_for_many_as_for_few(editor, acme) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            editor.get(LIST)
        return len(asked)

    cast.segment(acme, "first")
    queries()
    few = queries()
    for at in range(20):
        cast.segment(acme, f"s{at}")

    assert queries() == few


def test_what_is_used_is_not_deleted_and_the_page_says_by_what(editor, acme) -> None:
    loyal = cast.segment(acme, "loyal")
    editor.post(ADD, typed(inside("loyal"), name="New"))
    draft(acme, rule=rule(inside("loyal")))

    answers = [editor.get(url(loyal, "delete")), editor.post(url(loyal, "delete"))]

    for answer in answers:
        assert "Take it out there first." in text(answer)
        assert "Thanks</a>" in text(answer)
        assert "Segment New" in text(answer)
        assert "Delete the segment" not in text(answer)
    assert Segment.objects.filter(key="loyal").exists()
    assert LogEntry.objects.filter(object_id=str(loyal.pk)).count() == 0


# --- roles -----------------------------------------------------------------------------------
def test_a_viewer_sees_and_counts_but_changes_nothing(viewer, acme) -> None:
    segment = cast.segment(acme, "loyal")
    cast.person(acme, traits={"city": "Delft"})
    before = snapshot()

    seen = [viewer.get(one).status_code for one in (LIST, url(segment))]
    counted = viewer.post(url(segment), {"_count": "1"})
    refused = [
        viewer.get(ADD),
        viewer.post(ADD, typed()),
        viewer.post(ADD, typed(_count="1")),
        viewer.post(url(segment), typed()),
        viewer.get(url(segment, "delete")),
        viewer.post(url(segment, "delete")),
    ]

    assert seen == [200, 200]
    assert counted.context["people"].sentence == "1 of 1 person is in it now."
    assert [one.status_code for one in refused] == [403] * 6
    assert snapshot() == before


# --- the count -------------------------------------------------------------------------------
def counted(browser, *rules: dict[str, Any]):
    answer = browser.post(ADD, typed(*rules, name="", _count="1"))
    return answer.context["people"]


def test_a_count_needs_no_save_and_saves_nothing(editor, acme) -> None:
    cast.person(acme, "anna", traits={"city": "Delft"})
    cast.person(acme, "ben", traits={"city": "Gouda"})
    cast.person(acme, "carla")
    cast.person(acme, "old", merged_into=cast.person(acme, "dora", traits={"city": "Delft"}))
    cast.person(cast.workspace("other"), "eve", traits={"city": "Delft"})
    before = snapshot()

    people = counted(editor, CITY)

    assert people.sentence == "2 of 4 people are in it now."
    assert people.notes == [
        "Of 1 person we cannot tell, because something that the conditions ask is not known. "
        "They are not in it."
    ]
    assert [one.name for one in people.inside] == ["anna", "dora"]
    assert [(one.name, one.note) for one in people.outside] == [
        ("ben", "Not in it"),
        ("carla", "Not known, so not in it"),
    ]
    assert people.outside[0].tree["rules"][0]["seen"] == '"Gouda"'
    assert snapshot() == before


BOUGHT = {
    "field": "history.count",
    "operator": "at_least",
    "value": 2,
    "of": {"event": "Order Completed", "window": {"n": 7, "unit": "days"}},
}


def test_a_count_asks_the_past_under_every_id_and_segments_within(editor, acme) -> None:
    anna, ben = cast.person(acme, "anna"), cast.person(acme, "ben")
    guest = cast.person(acme, None, merged_into=anna)
    for who, age in ((anna, 1), (guest, 2), (ben, 1), (ben, 30)):
        cast.event(who, "Order Completed", held=timedelta(days=age))
    editor.post(ADD, typed(BOUGHT, name="Buyers", key="buyers"))

    assert counted(editor, BOUGHT).sentence == "1 of 2 people is in it now."
    assert counted(editor, inside("buyers")).sentence == "1 of 2 people is in it now."
    not_in = {"field": "segment.buyers", "operator": "is_false"}
    assert [one.name for one in counted(editor, not_in).inside] == ["ben"]


def test_nobody_is_counted_in_an_empty_workspace(editor) -> None:
    assert counted(editor).sentence == NOBODY_YET


@pytest.mark.parametrize(
    "body", [typed(rule=""), typed(EVENT), typed(inside("gone")), typed(rule="{")]
)
def test_a_rule_that_cannot_be_asked_is_not_counted(body, editor) -> None:
    answer = editor.post(ADD, {**body, "_count": "1"})

    assert "rule" in answer.context["form"].errors
    assert answer.context["people"] is None


def many(acme, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audience_person (workspace_id, traits, trait_sources, locale, time_zone,"
            " first_seen_at, last_seen_at, sequence, known_digest)"
            " SELECT %s, jsonb_build_object('city', CASE n %% 4 WHEN 0 THEN 'Delft' ELSE 'Gouda'"
            " END), '{}', '', '', now(), now(), 0, '' FROM generate_series(1, %s) AS n",
            [acme.pk, number],
        )


def test_many_people_are_sampled_all_over_and_the_page_says_so(editor, acme, monkeypatch) -> None:
    monkeypatch.setattr(headcount, "MOST_LOOKED_AT", 400)
    monkeypatch.setattr(headcount, "CHUNK", 4)
    many(acme, 4_000)

    people = counted(editor)

    assert people.sentence == "About 1,000 of 4,000 people are in it now."
    assert people.notes == ["We asked 400 of 4,000 people, spread over all of them: 100 are in it."]


def test_a_count_that_takes_too_long_ends_and_says_so(editor, acme, monkeypatch) -> None:
    monkeypatch.setattr(page, "COUNT_FOR_S", -1.0)
    monkeypatch.setattr(headcount, "CHUNK", 100)
    many(acme, 1_000)

    people = counted(editor)

    assert people.sentence == "About 250 of 1,000 people are in it now."
    assert people.notes == [
        "Of 1,000 people we asked the 100 who came first, and stopped when it took too long: "
        "25 are in it."
    ]


def test_beyond_a_million_people_only_the_share_is_told(editor, acme, monkeypatch) -> None:
    monkeypatch.setattr(headcount, "MOST_COUNTED", 800)
    monkeypatch.setattr("campaigns.admin.segment_people.MOST_COUNTED", 800)
    monkeypatch.setattr(headcount, "MOST_LOOKED_AT", 400)
    monkeypatch.setattr(headcount, "CHUNK", 4)
    many(acme, 1_000)

    people = counted(editor)

    assert people.sentence == "About 25 of every 100 people are in it now."


def test_a_count_asks_two_queries_a_chunk(editor, acme, monkeypatch) -> None:
    monkeypatch.setattr(headcount, "CHUNK", 50)

    def queries(number: int) -> int:
        many(acme, number)
        with CaptureQueriesContext(connection) as asked:
            counted(editor, BOUGHT)
        return len(asked)

    few = queries(50)

    assert queries(500) == few + 2 * 10


@pytest.mark.parametrize(
    ("number", "about"), [(0, 0), (7.4, 7), (31_847, 32_000), (99_999, 100_000), (149, 150)]
)
def test_an_estimate_has_two_digits_that_mean_something(number, about) -> None:
    assert rounded(number) == about
