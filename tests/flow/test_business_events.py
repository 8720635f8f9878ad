"""What the brand's server reports finds its people: by what they did, or everyone."""

from datetime import timedelta

import pytest

from audience.models import Permission, Person
from orchestrator import clock
from orchestrator.models import Expansion
from orchestrator.pipeline import plan
from tests import cast
from tests.planning import EVE, live, moments, occurrences, only_if, someone
from triggers.clock import Elapsed
from triggers.models import Joined
from triggers.trigger import Audience, BusinessTrigger, CancelOn, ReEntry, Same

pytestmark = pytest.mark.django_db

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
VIEWED, DROPPED = "Product Viewed", "Price Dropped"
WHO_VIEWED = Audience(event=VIEWED, property="sku", equals="event.properties.sku")
WATCH = BusinessTrigger(event=DROPPED, audience=WHO_VIEWED)
EVERYONE = BusinessTrigger(event=DROPPED)
BODY = "Now {{ event.properties.price }}"


def viewed(user, sku, message_id="v1", **more):
    return {
        "type": "track",
        "event": VIEWED,
        "messageId": f"{user}-{message_id}",
        "properties": {"sku": sku},
        "userId": user,
        **more,
    }


@pytest.mark.parametrize("order", ["before publishing", "after publishing"])
def test_who_viewed_the_product_gets_it_and_nobody_else(order, workspace, phone, fcm, work,
                                                        report):  # fmt: skip
    for user in ("anna", "bram"):
        someone(workspace, user)
    if order == "after publishing":
        live(workspace, WATCH, body=BODY)
    phone.batch(viewed("anna", "shoe"), viewed("bram", "hat"))
    work()
    if order == "before publishing":
        live(workspace, WATCH, body=BODY)

    assert report(sku="shoe", price="9.95") == ["news"]

    assert [one["token"] for one in fcm.messages] == ["ok:anna"]
    assert fcm.messages[0]["notification"]["body"] == "Now 9.95"
    assert occurrences() == [("anna", "news:r1")]


# What they viewed, what was reported, and whether that is the same.
VALUES = [
    ("42", "42", True),
    ("42", 42, False),
    (42, "42", False),
    (42, 42, True),
    (True, True, True),
    (True, 1, False),
    (True, "True", False),
    ("", "", True),
    (None, None, False),
    (["a"], ["a"], False),
    ({"a": 1}, {"a": 1}, False),
    ("é", "é", True),
    ("A", "a", False),
]


@pytest.mark.parametrize("past", [True, False])
@pytest.mark.parametrize(("theirs", "ours", "same"), VALUES)
def test_a_value_joins_its_equal_of_the_same_kind(
    theirs, ours, same, past, workspace, phone, work, report
):
    someone(workspace)
    if not past:
        live(workspace, WATCH)
    phone.batch(viewed("anna", theirs))
    work()
    if past:
        live(workspace, WATCH)

    report(sku=ours)

    assert (occurrences() != []) is same


@pytest.mark.parametrize("kind", ["screen", "page"])
@pytest.mark.parametrize("past", [True, False])
def test_pages_and_screens_join_too(kind, past, workspace, phone, work, report):
    someone(workspace)
    name = f"{kind.title()} Viewed"
    who = Audience(event=name, property="sku", equals="event.properties.sku")
    if not past:
        live(workspace, BusinessTrigger(event=DROPPED, audience=who))
    seen = {"type": kind, "name": "Shoe", "userId": "anna", "messageId": "s"}
    phone.batch({**seen, "properties": {"sku": "shoe"}})
    work()
    if past:
        live(workspace, BusinessTrigger(event=DROPPED, audience=who))

    report(sku="shoe")

    assert [one[0] for one in moments()] == ["anna"]


def test_two_reports_of_two_products_are_two_moments(workspace, phone, work, report):
    live(workspace, WATCH)
    someone(workspace)
    phone.batch(viewed("anna", "shoe"), viewed("anna", "hat", "v2"))
    work()

    report("r1", sku="shoe")
    report("r2", sku="hat")
    report("r3", sku="sock")

    assert occurrences() == [("anna", "news:r1"), ("anna", "news:r2")]


@pytest.mark.parametrize(("after", "expected"), [(HOUR, 1), (HOUR + SECOND, 0)])
def test_only_those_who_did_it_within_the_time(after, expected, workspace, phone, work,
                                               report):  # fmt: skip
    who = Audience(event=VIEWED, property="sku", equals="event.properties.sku", within_s=3600)
    live(workspace, BusinessTrigger(event=DROPPED, audience=who))
    someone(workspace)
    phone.batch(viewed("anna", "shoe"))
    work()

    report(sku="shoe", after=after)

    assert len(occurrences()) == expected


def test_the_newest_time_counts(workspace, phone, work, report, virtual_clock):
    who = Audience(event=VIEWED, property="sku", equals="event.properties.sku", within_s=3600)
    live(workspace, BusinessTrigger(event=DROPPED, audience=who))
    someone(workspace)
    phone.batch(viewed("anna", "shoe"))
    work()
    virtual_clock.forward(hours=2)
    late = (EVE - HOUR).isoformat()
    phone.batch(viewed("anna", "shoe", "v2"), viewed("anna", "shoe", "v3", timestamp=late))
    work()

    report(sku="shoe")

    assert len(occurrences()) == 1


def test_without_an_audience_everyone_whose_rule_matches_gets_it(workspace, report):
    live(workspace, BusinessTrigger(event=DROPPED, rule=only_if("person.traits.city", "Delft")))
    someone(workspace, "anna", city="Delft")
    someone(workspace, "bram", city="Utrecht")
    someone(workspace, "cees")

    report()

    assert occurrences() == [("anna", "news:r1")]


def test_a_rule_on_the_event_that_cannot_match_begins_nothing(workspace, report):
    live(workspace, BusinessTrigger(event=DROPPED, rule=only_if("event.properties.big", True,
                                                                "is_true")))  # fmt: skip
    someone(workspace)

    assert report(big=False) == []
    assert report("r2", name="Price Raised", big=True) == []
    assert Expansion.objects.count() == 0
    assert report("r3", big=True) == ["news"]

    assert occurrences() == [("anna", "news:r3")]


@pytest.mark.parametrize("past", [True, False])
def test_who_viewed_as_a_guest_gets_it_once_after_logging_in(past, workspace, phone, work,
                                                             report):  # fmt: skip
    if not past:
        live(workspace, WATCH)
    someone(workspace)
    guest = {**viewed("x", "shoe"), "anonymousId": "x"}
    del guest["userId"]
    phone.batch(guest, viewed("anna", "shoe"))
    work()
    phone.batch({"type": "identify", "messageId": "i", "userId": "anna", "anonymousId": "x"})
    work()
    if past:
        live(workspace, WATCH)

    report(sku="shoe")

    assert Person.objects.filter(merged_into__isnull=False).count() == 1
    assert occurrences() == [("anna", "news:r1")]


def test_who_turned_notifications_off_gets_a_moment_that_says_so(workspace, report):
    live(workspace, EVERYONE)
    person = cast.person(workspace, "anna")
    cast.device(workspace, person, permission=Permission.DENIED)

    report()

    assert [one[2:] for one in moments()] == [("skipped", "push_not_allowed")]


def test_the_log_is_read_to_its_end_before_the_first_report_acts(workspace, phone, work, report,
                                                                 monkeypatch):  # fmt: skip
    """Chunks take turns; the report must not overtake those that look for its people."""
    monkeypatch.setattr("orchestrator.pipeline.past.CHUNK", 2)
    monkeypatch.setattr("orchestrator.pipeline.crowd.CHUNK", 2)
    for number in range(7):
        phone.batch(viewed(f"u{number}", "shoe"))
        work()
    live(workspace, WATCH)

    report(sku="shoe")

    assert len(set(occurrences())) == 7


def test_an_import_of_one_instant_is_found_whole(workspace, phone, work, report, monkeypatch):
    monkeypatch.setattr("orchestrator.pipeline.past.CHUNK", 2)
    phone.batch(*(viewed(f"u{number}", "shoe") for number in range(9)))
    work()
    live(workspace, WATCH)

    report(sku="shoe")

    assert Joined.objects.count() == len(occurrences()) == 9


def test_a_report_just_after_publishing_waits_for_the_log_even_in_a_planner_that_knows_nothing(
    workspace, phone, work, report, virtual_clock
):
    phone.batch(viewed("anna", "shoe"))
    work()
    plan.plan(clock=clock.now)
    live(workspace, WATCH, now=virtual_clock.now)

    report(sku="shoe", after=timedelta(0))

    assert len(occurrences()) == 1


# --- with a wait, a cancel, a key, re-entry ---
def test_a_business_event_can_wait_and_be_cancelled_by_its_own_product(
    workspace, phone, work, report, at, virtual_clock
):
    bought = CancelOn(event="Bought", same=(Same(property="sku", equals="event.properties.sku"),))
    wait = Elapsed(seconds=600)
    live(workspace, BusinessTrigger(event=DROPPED, wait=wait, cancel_on=(bought,)))
    someone(workspace)
    report("r1", sku="shoe")
    report("r2", sku="hat")

    phone.batch({**viewed("anna", "shoe"), "event": "Bought"})
    work()
    at(virtual_clock.now + timedelta(seconds=600))

    assert [one[1:] for one in moments()] == [
        ("news:r1", "cancelled", "cancelled_by_event"),
        ("news:r2", "pushing", ""),
    ]


def test_a_key_and_re_entry_tell_products_apart(workspace, report):
    once_each = ReEntry(mode="once", scope="key")
    live(workspace, BusinessTrigger(event=DROPPED, key="event.properties.sku", re_entry=once_each))
    someone(workspace)

    for number, sku in enumerate(("shoe", "hat", "shoe")):
        report(f"r{number}", sku=sku)

    assert [one[1:] for one in moments()] == [
        ("news:r0", "pushing", ""),
        ("news:r1", "pushing", ""),
        ("news:r2", "skipped", "already_received"),
    ]
