"""The stores and the place campaigns that the demo comes with."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from audience.models import LocationConsent, Workspace
from campaigns.models import Campaign
from campaigns.models.campaign import CampaignState
from orchestrator.embedded import demo
from tests import brand
from triggers.models import Place
from triggers.places import hours
from triggers.places.geometry import Position, distance_m
from triggers.places.hours import opening

COUNTRIES = {"nl", "be", "de", "gb", "us"}
STORES = {one.external_id: one for one in demo.stores()}
DAMRAK, CLOSED = STORES["damrak-12"], STORES["closed-store"]
MONDAY = datetime(2026, 3, 23, tzinfo=UTC)  # the clocks change at the end of this week
WEEK = [MONDAY + timedelta(minutes=n) for n in range(8 * 24 * 60)]


def at(store):
    return Position(store.latitude, store.longitude)


def is_open(store, now):
    known = hours.read(store.hours) if store.hours else None
    return opening(known, now, ZoneInfo(store.time_zone))


@pytest.fixture
def filled(db):
    demo.fill(now=brand.FOUNDED)
    return Workspace.objects.get(key="demo")


def test_sixty_stores_in_five_countries_with_all_that_a_push_may_say():
    assert len(STORES) == 60
    assert {tag for one in STORES.values() for tag in one.tags} >= COUNTRIES
    for one in STORES.values():
        assert one.tags[0] == "store"
        assert one.tags[1] in COUNTRIES
        assert all([one.name, one.address, one.phone, one.time_zone, one.attributes])


def test_one_mall_has_five_stores():
    mall = [one for one in STORES.values() if "mall-kanaalhof" in one.tags]

    assert len(mall) == 5
    assert all(distance_m(at(a), at(b)) < 150 for a, b in combinations(mall, 2))


def test_the_closed_store_is_near_damrak_12_and_their_fences_do_not_overlap():
    apart = distance_m(at(DAMRAK), at(CLOSED))

    assert DAMRAK.radius_m == 150
    assert DAMRAK.address == "Damrak 12, Amsterdam"
    assert 300 < apart < 500
    assert apart > DAMRAK.radius_m + CLOSED.radius_m


def test_all_stores_but_one_are_open_day_and_night_and_that_one_never():
    always = [one for one in STORES.values() if one.hours is None]

    assert set(STORES) - {one.external_id for one in always} == {"damrak-12", "closed-store"}
    assert not any(is_open(CLOSED, now).is_open for now in WEEK)


def test_damrak_12_can_always_name_its_closing_time_and_is_closed_a_minute_a_day():
    zone = ZoneInfo("Europe/Amsterdam")
    states = {now.astimezone(zone): is_open(DAMRAK, now) for now in WEEK}

    shut = [now for now, state in states.items() if not state.is_open]
    until = {s.until.astimezone(zone).strftime("%H:%M") for s in states.values() if s.is_open}

    assert {(now.hour, now.minute) for now in shut} == {(21, 0)}
    assert len(shut) == 8
    assert until == {"21:00"}


def test_the_demo_asks_on_the_phone_and_has_its_stores_and_place_campaigns(filled):
    live = Campaign.objects.filter(workspace=filled, state=CampaignState.LIVE)

    assert filled.location_consent == LocationConsent.ASKED
    assert Place.objects.filter(workspace=filled).count() == 60
    assert {"near-store", "after-a-visit"} <= set(live.values_list("key", flat=True))


def test_filling_the_demo_again_changes_nothing(filled):
    demo.fill(now=brand.FOUNDED + timedelta(days=1))

    again = Workspace.objects.get(key="demo")
    assert again.places_version == filled.places_version
    assert again.program_version == filled.program_version
    assert not Place.objects.exclude(changed_at=brand.FOUNDED).exists()


def test_what_somebody_changed_in_the_demo_stays_so_at_the_next_start(filled):
    Place.objects.filter(external_id="damrak-12").delete()

    demo.load(lambda _: None)

    assert Place.objects.count() == 59
