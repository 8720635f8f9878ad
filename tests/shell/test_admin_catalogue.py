"""The event catalogue's pages: names with their days, one name with all that is known of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audience.models import Role
from campaigns.definition import Definition, Message
from campaigns.selectors.listening import listening
from campaigns.services import campaigns
from tests import brand, cast
from tests.page import Page
from triggers.admin.bars import bars_of, in_words, shortened
from triggers.clock import Elapsed
from triggers.models import EventCount, EventName
from triggers.selectors.catalogue import last_days
from triggers.trigger import CancelOn, EventTrigger

NOW = cast.NOW
TODAY = NOW.date()
LIST = reverse("admin:triggers_eventname_changelist")
HOSTILE = "<script>alert(1)</script>\u202e"
SHORT = [
    *((0, "0"), (999, "999"), (1_000, "1k"), (1_249, "1.2k"), (12_345, "12k")),
    *((999_499, "999k"), (999_500, "1M"), (3_400_000, "3.4M"), (120_000_000, "120M")),
]


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


def known(at, name="Seen", *, days=(), **more):
    """A name of the catalogue; `days` are its events today, yesterday and so on."""
    for ago, events in enumerate(days):
        EventCount.objects.create(
            workspace=at, name=name, day=TODAY - timedelta(days=ago), events=events
        )
    more = {"first_seen_at": NOW, "last_seen_at": NOW, **more}
    return EventName.objects.create(workspace=at, name=name, **more)


def page_of(name):
    return reverse("admin:triggers_eventname_change", args=[name.pk])


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def order(page, *words):
    return sorted(words, key=page.index)


# --- the list ---
def test_the_busiest_come_first_with_their_days_as_a_picture(viewer, acme):
    known(acme, "Rare", days=[0, 1])
    known(acme, "Often", days=[2, 30, 4])
    known(acme, "Long Gone")

    page = text(viewer.get(LIST))

    assert order(page, ">Rare<", ">Often<", ">Long Gone<") == [
        ">Often<",
        ">Rare<",
        ">Long Gone<",
    ]
    assert "36 in the last 14 days, most on 20 Nov: 30" in page
    assert "None in the last 14 days" in page


def test_the_list_says_what_was_left_out(viewer, acme):
    known(acme, days=[1])
    EventCount.objects.create(workspace=acme, name="", day=TODAY, events=12_345)

    page = text(viewer.get(LIST))

    assert "1,000 names are kept here. 12,345 events with other names came" in page
    assert reverse("admin:event_debugger") in page


def test_the_list_says_nothing_of_what_was_not_left_out(viewer, acme):
    known(acme, days=[1])
    EventCount.objects.create(
        workspace=acme, name="", day=TODAY - timedelta(days=20), events=12_345
    )

    assert "names are kept" not in text(viewer.get(LIST))


def test_what_moments_writes_itself_stands_apart(viewer, acme):
    known(acme, days=[1])
    EventCount.objects.create(workspace=acme, name="Push Accepted", day=TODAY, events=1_234)

    page = text(viewer.get(LIST))

    assert "Written by Moments itself" in page
    assert "Push Accepted" in page
    assert "1,234" in page
    assert "Push Failed" not in page


def test_an_event_of_moments_itself_starts_no_campaign_from_its_page(editor, acme):
    own = known(acme, "Push Opened", days=[3])

    assert "by Moments</span>" in text(editor.get(LIST))
    page = text(editor.get(page_of(own)))

    assert "Written by Moments itself" in page
    assert "Make a campaign from this" not in page


def test_a_name_is_found_by_a_part_of_it(viewer, acme):
    known(acme, "Product Viewed")
    known(acme, "Cart Left")

    page = text(viewer.get(LIST, {"q": "viewed"}))

    assert "Product Viewed" in page
    assert "Cart Left" not in page


def test_an_empty_catalogue_says_what_to_do(viewer):
    page = text(viewer.get(LIST))

    assert "No events yet" in page
    assert "Event debugger" in page


def test_a_thousand_names_take_as_many_queries_as_one(viewer, acme):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            text(viewer.get(LIST))
        return len(captured)

    known(acme, days=[1] * 14)
    viewer.get(LIST)
    one = queries()
    EventName.objects.bulk_create(
        EventName(workspace=acme, name=f"Event {number}", first_seen_at=NOW, last_seen_at=NOW)
        for number in range(998)
    )
    EventCount.objects.bulk_create(
        EventCount(workspace=acme, name=f"Event {number}", day=day, events=number)
        for number in range(998)
        for day in last_days(now=NOW)
    )

    assert queries() == one <= 9


# --- one name ---
def test_a_name_tells_its_days_and_what_comes_with_it(viewer, acme):
    properties = {
        "venue": {"kind": "text", "samples": ["Utrecht", "Delft"]},
        "member": {"kind": "boolean", "samples": []},
    }
    name = known(acme, days=[2, 1_500], properties=properties, paths_left_out=41)

    page = text(viewer.get(page_of(name)))

    assert "1,502 in the last 14 days" in page
    assert "1.5k" in page
    assert all(word in page for word in ("venue", "Utrecht", "Delft", "Text", "Yes or no"))
    assert "41 times something else came along" in page


def test_what_is_hostile_is_shown_and_does_nothing(editor, acme):
    properties = {HOSTILE: {"kind": "text", "samples": [HOSTILE]}}
    name = known(acme, HOSTILE, days=[1], properties=properties)
    made = brand.live_campaign(acme, event=HOSTILE)
    campaigns.draft(
        workspace=acme,
        key=made.key,
        name=HOSTILE,
        intent="know",
        definition=Definition(
            trigger=EventTrigger(event=HOSTILE), messages={"default": Message(title="a", body="b")}
        ),
        now=NOW,
    )

    pages = [text(editor.get(page)) for page in (LIST, page_of(name))]

    assert [page for page in pages if "<script>alert" in page] == []
    assert all("&lt;script&gt;alert" in page for page in pages)


def test_another_workspaces_names_and_counts_are_not_shown(editor, acme):
    other = cast.workspace("other")
    theirs = known(other, "Their Event", days=[777])
    ours = known(acme, "Seen")
    known(other, "Seen", days=[777])
    EventCount.objects.create(workspace=other, name="", day=TODAY, events=777)
    brand.live_campaign(other, event="Seen", key="their-campaign")

    pages = [text(editor.get(page)) for page in (LIST, page_of(ours))]

    assert editor.get(page_of(theirs)).status_code == 404
    assert not any("777" in page or "Their" in page for page in pages)


def test_campaigns_that_listen_are_named_with_what_the_event_does(viewer, acme):
    brand.live_campaign(acme, key="starts", event="Seen")
    brand.live_campaign(acme, key="other", event="Bought")
    messages = {"default": Message(title="a", body="b")}
    later = EventTrigger(
        event="Bought", wait=Elapsed(seconds=600), cancel_on=(CancelOn(event="Seen"),)
    )
    rule = {
        "combinator": "and",
        "rules": [
            {
                "field": "history.count",
                "of": {"event": "Seen", "window": {"n": 7, "unit": "days"}},
                "operator": "at_least",
                "value": 2,
            }
        ],
    }
    for key, trigger in (
        ("stops", later),
        ("asks", EventTrigger(event="Bought", rule=rule)),
    ):
        campaigns.draft(
            workspace=acme,
            key=key,
            name=key,
            intent="buy",
            definition=Definition(trigger=trigger, messages=messages),
            now=NOW,
        )

    found = {
        one.name: (one.starts, one.stops, one.state)
        for one in listening(workspace_id=acme.pk, event="Seen")
    }
    page = text(viewer.get(page_of(known(acme))))

    assert found == {
        "Starts": (True, False, "live"),
        "stops": (False, True, "draft"),
        "asks": (False, False, "draft"),
    }
    assert all(
        words in page for words in ("Starts it", "Ends its wait", "Its conditions ask for it")
    )


# --- make a campaign from it ---
def test_editors_make_a_campaign_from_an_event_and_viewers_do_not(editor, viewer, acme):
    name = known(acme, "Cart Left & found?")
    link = "/admin/campaigns/campaign/add/?event=Cart+Left+%26+found%3F"

    assert f'href="{link}"' in text(editor.get(page_of(name)))
    assert "Make a campaign" not in text(viewer.get(page_of(name)))


def test_the_new_campaign_begins_with_the_event(editor, acme):
    known(acme, "Cart Left", properties={"cart_id": {"kind": "text", "samples": ["c1"]}})

    answer = editor.get("/admin/campaigns/campaign/add/", {"event": " Cart Left\0 "})

    page = Page(text(answer), form_id="campaign-form")
    assert page.posted["event"] == "Cart Left"
    assert "cart_id" in text(answer)


# --- pictures ---
@pytest.mark.parametrize(("events", "said"), SHORT)
def test_numbers_above_bars_are_short(events, said):
    assert shortened(events) == said


def test_a_single_event_is_seen_beside_a_million():
    days = last_days(now=NOW)[:3]

    assert [one.height for one in bars_of(days, (0, 1, 1_000_000))] == [0, 4, 100]
    assert in_words(days, (0, 1, 1_000_000)) == "1,000,001 in the last 3 days, most on 10 Nov: " + (
        "1,000,000"
    )
