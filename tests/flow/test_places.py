"""A phone walks to a store, stays, and leaves: each crossing once, and the push says it right."""

import pytest

from audience.models import LocationConsent, Person, Workspace
from campaigns.models import Moment
from orchestrator import clock
from orchestrator.pipeline import fire_due, pass_time, upkeep, why, why_words
from tests import brand, places
from triggers.models import Event, Fix, Presence
from triggers.services.places import remove_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(workspace, virtual_clock, phone, work):
    """Saturday noon, Anna's phone is known, and everybody lets their position be used."""
    Workspace.objects.filter(pk=workspace.pk).update(location_consent=LocationConsent.ASKED)
    virtual_clock.now = places.NOON
    phone.batch(brand.identify("anna"))
    work()
    return workspace


@pytest.fixture
def walk(phone, virtual_clock, work):
    """The phone is so far north of the store, some seconds after it was where it was before."""

    def go(north_m, *, seconds=60, **more):
        virtual_clock.forward(seconds=seconds)
        phone.batch(places.fix(north_m, virtual_clock.now, **more))
        tick(work)

    return go


def tick(work):
    work()
    pass_time.pass_time(clock=clock.now)
    fire_due.fire_due(clock=clock.now)
    work()


@pytest.fixture
def let_pass(virtual_clock, work):
    def forward(**by):
        virtual_clock.forward(**by)
        tick(work)

    return forward


def crossings():
    return list(
        Event.objects.filter(type="place").order_by("sequence").values_list("name", flat=True)
    )


def bodies(fcm):
    return [one["notification"]["body"] for one in fcm.messages]


def outcomes():
    return sorted(Moment.objects.values_list("campaign__key", "key", "state", "reason"))


def test_a_walk_to_a_store_a_visit_and_the_way_home(street, fcm, walk, let_pass):
    places.put(street, places.store())
    places.live(street)
    places.live(street, key="thanks", body="Thank you for visiting {{ place.name }}",
                crossing="exit", visit_s=600, useful_for_s=86_400)  # fmt: skip
    walk(900)
    walk(400)
    walk(250)
    walk(149.8)
    assert bodies(fcm) == ["You are 150 m from our store at Damrak 12, open until 21:00"]
    for _ in range(19):
        walk(5)
    walk(400)
    walk(420, seconds=10)
    walk(900)
    let_pass(minutes=5)

    assert crossings() == [
        "Place Approached",
        "Place Entered Perhaps",
        "Place Entered",
        "Place Entered Surely",
        "Place Dwelled",
        "Place Exited",
    ]
    left = Event.objects.get(name="Place Exited")
    assert left.properties["visit_seconds"] == 20 * 60
    assert bodies(fcm)[1:] == ["Thank you for visiting Damrak 12"]


def test_a_mall_of_five_stores_gives_one_push_a_day(street, fcm, walk, let_pass):
    in_mall = {"tags": ("mall",), "radius_m": 90}
    mall = [
        places.store(f"shop-{n}", north_m=n * 200, name=f"Shop {n}", **in_mall) for n in range(5)
    ]
    places.put(street, *mall)
    places.live(street, body="Welcome to {{ place.name }}")
    for north_m in range(-200, 1_000, 100):
        walk(north_m)
    assert bodies(fcm) == ["Welcome to Shop 0"]
    assert {reason for *_, reason in outcomes()} == {"accepted", "cooldown"}

    walk(5_000, seconds=3_600)
    let_pass(hours=24)
    walk(400)

    assert bodies(fcm)[1:] == ["Welcome to Shop 2"]


def test_a_store_that_is_closed_gives_none(street, fcm, walk):
    places.put(street, places.store(hours={"weekly": {}}))
    places.live(street)
    walk(900)
    walk(0)

    assert outcomes() == [("near", "damrak-12", "skipped", "closed")]
    assert fcm.messages == []


def test_a_store_that_is_about_to_close_gives_none(street, fcm, walk):
    places.put(street, places.store(hours={"weekly": {"sat": [["09:00", "12:20"]]}}))
    places.live(street, open_for_s=30 * 60)
    places.live(street, key="any-time", open_for_s=None, body="Hi")
    walk(900)
    walk(0)

    assert outcomes() == [
        ("any-time", "damrak-12", "sent", "accepted"),
        ("near", "damrak-12", "skipped", "closes_soon"),
    ]


def test_quiet_hours_give_none(street, fcm, walk):
    Workspace.objects.filter(pk=street.pk).update(
        quiet_from="22:00", quiet_until="13:00", time_zone="Europe/Amsterdam", program_version=9
    )
    places.put(street, places.store())
    places.live(street)
    places.live(street, key="awake", quiet_hours="send", body="Hi")
    walk(900)
    walk(0)

    assert outcomes() == [
        ("awake", "damrak-12", "sent", "accepted"),
        ("near", "damrak-12", "skipped", "quiet_hours"),
    ]


def test_a_late_batch_gives_the_crossings_and_no_push(street, fcm, phone, virtual_clock, work):
    places.put(street, places.store())
    places.live(street)
    began = virtual_clock.now
    virtual_clock.forward(minutes=40)
    walked = [900, 400, 100, 5, 5, 5, 5, 5, 5, 400, 800, 900]
    fixes = [places.fix(north, began + places.minutes(n)) for n, north in enumerate(walked)]
    phone.batch(*reversed(fixes))
    tick(work)

    assert crossings() == [
        "Place Approached",
        "Place Entered Perhaps",
        "Place Entered",
        "Place Entered Surely",
        "Place Dwelled",
        "Place Exited",
    ]
    assert outcomes() == [("near", "damrak-12", "skipped", "event_too_old")]
    assert fcm.messages == []


def test_who_stays_long_enough_gets_one_and_who_leaves_before_none(street, fcm, walk, let_pass):
    places.put(street, places.store())
    places.live(street, key="stays", crossing="dwell", stay_s=600, body="Coffee?")
    walk(900)
    walk(0)
    let_pass(minutes=4)
    walk(600)
    walk(650)
    let_pass(minutes=20)
    assert outcomes() == [("stays", "damrak-12", "cancelled", "cancelled_by_event")]

    walk(0)
    let_pass(minutes=9)
    assert fcm.messages == []
    let_pass(minutes=2)

    assert bodies(fcm) == ["Coffee?"]


def test_an_approach_is_heard_before_the_fence(street, fcm, walk):
    places.put(street, places.store())
    places.live(street, crossing="approach")
    walk(900)
    walk(580)

    assert bodies(fcm) == ["You are 600 m from our store at Damrak 12, open until 21:00"]
    assert outcomes() == [("near", "damrak-12", "sent", "accepted")]


@pytest.mark.parametrize(
    ("north_m", "least", "sent"),
    [(145, "high", 0), (100, "high", 1), (155, "low", 1), (155, "medium", 0), (145, "medium", 1)],
)
def test_how_sure_the_position_must_be(street, fcm, walk, north_m, least, sent):
    places.put(street, places.store())
    places.live(street, confidence=least, body="Hi")
    walk(900)
    walk(north_m)

    assert len(fcm.messages) == sent


def test_a_tag_or_a_rule_on_attributes_chooses_the_places(street, fcm, walk):
    places.put(
        street,
        places.store("a", tags=("outlet",), attributes={"floor": 2}),
        places.store("b", tags=("flagship",), attributes={"floor": 3}),
    )
    floor = {"field": "place.attributes.floor", "operator": "more_than", "value": 2}
    places.live(street, key="tag", tags=("outlet",), body="{{ place.external_id }}")
    places.live(
        street,
        key="rule",
        rule={"combinator": "and", "rules": [floor]},
        body="{{ place.external_id }}",
    )
    walk(900)
    walk(0)

    assert [(key, place) for key, place, *_ in outcomes()] == [("rule", "b"), ("tag", "a")]


def test_two_identical_reports_of_a_phone_are_one_visit(street, fcm, phone, work, virtual_clock):
    places.put(street, places.store())
    places.live(street, body="Welcome to {{ place.name }}")
    for number in range(2):
        phone.batch(reported("Geofence Entered", f"in-{number}"))
        tick(work)
    virtual_clock.forward(minutes=7)
    phone.batch(reported("Geofence Exited", "out"))
    tick(work)

    assert crossings() == [
        "Place Entered Perhaps",
        "Place Entered",
        "Place Dwelled",
        "Place Exited",
    ]
    assert bodies(fcm) == ["Welcome to Damrak 12"]


def reported(event, message, place="damrak-12"):
    return {
        "type": "track",
        "event": event,
        "messageId": message,
        "userId": "anna",
        "properties": {"external_id": place},
        "context": {"device": {"id": "phone-of-anna"}},
    }


def test_a_report_of_an_unknown_place_is_kept_with_its_reason(street, phone, work):
    phone.batch(reported("Geofence Entered", "in", place="nowhere"))
    tick(work)

    assert Event.objects.get(name="Geofence Entered").context["position"] == "unknown_place"
    assert crossings() == []


def test_a_fix_that_is_ignored_says_why(street, walk):
    places.put(street, places.store())
    walk(0, accuracy=1_000)
    walk(0, mock=True)

    told = Event.objects.filter(name="Location Updated").order_by("sequence")
    assert [one.context["position"] for one in told] == ["inaccurate", "mock"]
    assert crossings() == []


@pytest.mark.parametrize("name", ["Place Entered", "Place Exited", "Place Entered Surely"])
def test_no_app_can_say_that_somebody_is_in_a_place(street, phone, name):
    answer = phone.batch({"type": "track", "event": name, "userId": "anna", "messageId": "x"})

    assert answer.json()["rejected"][0]["error"]["code"] == "reserved_name"


def test_who_became_somebody_else_inside_a_store_leaves_it_once(
    street, phone, work, walk, let_pass, virtual_clock
):
    places.put(street, places.store())
    stranger = places.fix(0, virtual_clock.now)
    phone.batch({**stranger, "userId": None, "anonymousId": "stranger"})
    tick(work)
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "stranger"})
    walk(5)
    walk(700)
    walk(900)
    let_pass(minutes=5)

    assert crossings().count("Place Exited") == 1
    assert crossings().count("Place Entered") == 1
    assert not Presence.objects.exclude(
        person_id=Event.objects.latest("sequence").person_id
    ).exists()


def test_two_phones_of_one_person_are_followed_apart(street, fcm, phone, work, virtual_clock):
    places.put(street, places.store())
    places.live(street, body="Hi")
    for second, (device, north_m) in enumerate([("one", 0), ("two", 5_000), ("one", 1)]):
        fix = places.fix(north_m, virtual_clock.now)
        context = {**fix["context"], "device": {"id": device}}
        phone.batch({**fix, "messageId": f"{second}", "context": context})
        virtual_clock.forward(seconds=61)
        tick(work)

    assert "Place Exited" not in crossings()
    assert len(fcm.messages) == 1


def test_a_place_that_was_moved_or_removed_counts_from_then_on(street, fcm, walk, virtual_clock):
    places.put(street, places.store())
    walk(0)
    places.put(street, places.store(north_m=5_000))
    walk(1, seconds=400)
    walk(2, seconds=120)
    remove_places(workspace_id=street.pk, external_ids=["damrak-12"], now=virtual_clock.now)
    walk(5_000, seconds=600)

    assert crossings()[-1] == "Place Exited"
    assert crossings().count("Place Entered") == 1


def test_a_phone_in_many_places_at_once_is_in_all_of_them(street, walk):
    places.put(street, *(places.store(f"s{n}", name=f"S{n}") for n in range(50)))
    walk(0)

    assert crossings().count("Place Entered") == 50


def test_the_same_fix_twice_and_one_out_of_order_change_nothing(street, phone, work, virtual_clock):
    places.put(street, places.store())
    now = virtual_clock.now
    phone.batch(places.fix(0, now), places.fix(0, now))
    work()
    phone.batch(places.fix(0, now), places.fix(4_000, now - places.minutes(1)))
    work()

    assert crossings().count("Place Entered") == 1
    assert Event.objects.filter(name="Location Updated").count() == 2


@pytest.mark.parametrize(
    ("trigger", "sentence"),
    [
        ({"tags": ("b",)}, "Nothing opened: the place has none of the campaign's tags."),
        (
            {"crossing": "exit", "visit_s": 3_600, "confidence": "medium"},
            "Nothing opened: the visit was too short.",
        ),
        ({"crossing": "approach", "confidence": "high"}, "the position was not sure enough."),
    ],
)
def test_the_why_page_says_what_a_crossing_lacked(street, walk, trigger, sentence):
    places.put(street, places.store(tags=("a",)), places.store("far", north_m=9_000, tags=("b",)))
    campaign = places.live(street, **trigger)
    walk(900)
    walk(642, accuracy=20)
    walk(0)
    walk(900)
    walk(950)
    person = Person.objects.get(identities__value="anna")

    told = why.why(campaign=campaign, person=person, since=places.NOON, most=10).told

    assert [sentence in why_words.became(one).sentence for one in told] == [True]


def test_another_phone_of_who_became_somebody_else_is_followed_on(
    street, phone, work, walk, let_pass, virtual_clock
):
    """Found in a reading: it was forgotten when the other phone moved."""
    places.put(street, places.store())
    inside = places.fix(0, virtual_clock.now)
    tablet = {**inside["context"], "device": {"id": "tablet"}}
    phone.batch({**inside, "context": tablet, "userId": None, "anonymousId": "stranger"})
    tick(work)
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "stranger"})
    walk(5_000)
    assert Presence.objects.filter(level=3).count() == 1
    let_pass(minutes=5)

    assert "Place Dwelled" in crossings()
    assert "Place Exited" not in crossings()


def test_many_old_positions_are_all_forgotten(workspace, virtual_clock, monkeypatch):
    """Found in a reading: one chunk went a minute, however many there were."""
    monkeypatch.setattr("orchestrator.pipeline.upkeep.CHUNK", 2)
    old = {"latitude": 1, "longitude": 1, "occurred_at": places.NOON, "device_id": 0}
    Fix.objects.bulk_create(Fix(workspace=workspace, person_id=n, **old) for n in range(7))

    upkeep.upkeep(now=places.NOON + places.minutes(1))

    assert not Fix.objects.exists()
