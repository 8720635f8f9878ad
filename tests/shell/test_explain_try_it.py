"""“Try it”: the rule as it stands in the form, unsaved, on the newest events of its name."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audience.models import Role
from tests import brand, cast
from tests.snapshot import snapshot
from triggers.models import Segment

pytestmark = pytest.mark.django_db

URL = "/admin/campaigns/campaign/try-it/"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def editor(workspace, virtual_clock):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


@pytest.fixture
def anna(workspace):
    return cast.person(workspace, "anna", traits={"city": "Ede"})


def leaf(field, operator, value=None):
    bare = {"field": field, "operator": operator}
    return bare if value is None else {**bare, "value": value}


def typed(*rules, event=brand.OPEN_DAY, **more):
    """The page as the browser posts it, half finished: no name, no message."""
    rule = {"version": 1, "combinator": "and", "not": False, "rules": list(rules), **more}
    return {
        "event": event,
        "rule": json.dumps(rule),
        "messages-TOTAL_FORMS": "1",
        "messages-INITIAL_FORMS": "1",
    }


def asked(browser, *rules, **more):
    answer = browser.post(URL, typed(*rules, **more))
    assert answer.status_code == 200
    return answer.json()


GUESTS = leaf("event.properties.guests", "at_least", 5)
CITY = leaf("person.traits.city", "equals", "Ede")


def test_each_event_is_tried_and_each_condition_says_what_it_saw(editor, anna):
    cast.event(anna, properties={"guests": 2}, at=cast.NOW - timedelta(hours=1))
    cast.event(anna, properties={})

    found = asked(editor, GUESTS, CITY)

    assert found["errors"] == []
    newest, oldest = found["tried"]
    assert (newest["who"], newest["at"]) == ("anna", "21 Nov 2026 12:00:00")
    assert (newest["verdict"], oldest["verdict"]) == ("unknown", "no_match")
    assert oldest["nearest"] == (
        "It would have matched if the guests had been at least 5 (it was 2; 3 more was needed)."
    )
    assert oldest["tree"]["rules"] == [
        {"verdict": "no_match", "sentence": "guests is at least 5", "seen": "2"},
        {"verdict": "match", "sentence": 'person\'s city is "Ede"', "seen": '"Ede"'},
    ]
    assert newest["tree"]["rules"][0]["seen"] == "not known"


def test_only_the_newest_ten_of_that_name_are_tried(editor, anna):
    for number in range(12):
        cast.event(anna, properties={"guests": number}, at=cast.NOW + timedelta(minutes=number))
    cast.event(anna, "Something Else", at=cast.NOW + timedelta(days=1))

    tried = asked(editor, GUESTS)["tried"]

    assert [one["tree"]["rules"][0]["seen"] for one in tried] == [
        str(number) for number in range(11, 1, -1)
    ]


def test_the_past_devices_and_segments_are_known(editor, workspace, anna):
    before = cast.person(workspace, None, anonymous_ids=["before"], merged_into=anna)
    phone = cast.device(workspace, anna)
    cast.event(before, "Order Completed")
    cast.event(before, device_id=phone.pk)
    local = {"combinator": "and", "rules": [CITY]}
    Segment.objects.create(
        workspace=workspace,
        key="local",
        name="Local",
        rule=local,
        created_at=cast.NOW,
        changed_at=cast.NOW,
    )
    ordered = {**leaf("history.count", "at_least", 1), "of": {"event": "Order Completed"}}
    rules = [ordered, leaf("device.platform", "equals", "ios"), leaf("segment.local", "is_true")]

    (tried,) = asked(editor, *rules)["tried"]

    assert [one["verdict"] for one in tried["tree"]["rules"]] == ["match"] * 3


BAD = [
    (leaf("event.properties.guests", "at_least"), "Condition 1: fill in what to compare with"),
    (leaf("", "equals", 1), "Condition 1: choose what to look at"),
    (leaf("event.properties.guests", "at_least", "x"), "Condition 1: "),
    (leaf("person.shoe", "equals", 1), "Condition 1: "),
    (leaf("event.properties.code", "matches", "("), "Condition 1: "),
]


@pytest.mark.parametrize(("rule", "start"), BAD)
def test_a_bad_rule_answers_what_the_form_would_say(rule, start, editor, anna):
    cast.event(anna)
    saved = editor.post("/admin/campaigns/campaign/add/", typed(rule))

    found = asked(editor, rule)

    assert found["tried"] == []
    assert found["errors"][0].startswith(start)
    assert found["errors"] == saved.context["sheet"].form.errors["rule"]


def test_without_an_event_there_is_something_to_choose(editor):
    assert asked(editor, event="")["errors"] == ["Choose the event first."]


@pytest.mark.parametrize("name", ["Never Seen", "x" * 500, "\0Nul", HOSTILE])
def test_without_such_events_it_says_so(name, editor, anna):
    cast.event(anna)

    found = asked(editor, event=name)

    assert found["tried"] == []
    assert "so there is nothing to try it on" in found["errors"][0]


def test_no_rule_at_all_matches_everything(editor, anna):
    cast.event(anna)
    page = {**typed(), "rule": ""}

    (tried,) = editor.post(URL, page).json()["tried"]

    assert (tried["verdict"], tried["tree"]["rules"]) == ("match", [])


def test_another_workspaces_events_are_not_tried(editor, workspace):
    theirs = brand.workspace_with_keys(key="theirs", prefix="theirs-")
    cast.event(cast.person(theirs, "theirs-anna"))

    assert asked(editor)["tried"] == []


def test_it_changes_nothing_and_wants_a_post_with_a_token(editor, workspace, anna):
    cast.event(anna, properties={"guests": HOSTILE})
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.staff(Role.EDITOR, at=workspace))
    before = snapshot()

    asked(editor, GUESTS)

    assert editor.get(URL).status_code == 405
    assert strict.post(URL, typed(GUESTS)).status_code == 403
    assert Client().post(URL, typed(GUESTS)).status_code == 302
    assert snapshot() == before


def test_the_number_of_queries_does_not_grow_with_events_or_people(editor, workspace, anna):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            asked(editor, GUESTS)
        return len(seen)

    cast.event(anna)
    asked(editor, GUESTS)
    few = queries()
    for number in range(9):
        cast.event(cast.person(workspace, f"person-{number}"))

    assert queries() == few
