"""GET /v1/places/nearby: the regions that a phone hands to its operating system."""

import logging
from typing import Any

import pytest
from structlog.testing import capture_logs

from orchestrator.api import throttle
from tests import brand
from triggers.places.geometry import Position, distance_m
from triggers.places.given import read_place
from triggers.services.places import put_places, remove_places

pytestmark = pytest.mark.django_db

HERE = {"latitude": 52.375, "longitude": 4.896}
DEGREE_M = 111_195  # of latitude, near enough


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


def north(metres, *, radius_m=100, id=None, **more):
    """A place so far to the north of HERE, to its middle."""
    return read_place(
        {
            "external_id": id or f"north-{metres}",
            "name": "Store",
            "latitude": HERE["latitude"] + metres / DEGREE_M,
            "longitude": HERE["longitude"],
            "radius_m": radius_m,
            **more,
        }
    )


@pytest.fixture
def put(workspace, noon):
    def put(*places, into=workspace):
        return put_places(workspace=into, places=places, now=noon.now)

    return put


@pytest.fixture
def ask(phone):
    def ask(**query):
        headers = phone.headers({})
        return phone.client.get("/v1/places/nearby", {**HERE, **query}, headers=headers)

    return ask


def ids(answer):
    assert answer.status_code == 200
    return [region["id"] for region in answer.json()["regions"]]


# --- regions ---
def test_no_places_are_no_regions_and_a_wide_refresh(ask):
    answer = ask(platform="ios")

    assert answer.json() == {"regions": [], "refresh": {**HERE, "radius_m": 50_000}}


def test_a_region_is_the_circle_of_a_place(put, ask):
    put(north(1_000, radius_m=150))

    [region] = ask().json()["regions"]

    assert region == {
        "id": "north-1000", "latitude": pytest.approx(52.384, abs=0.001), "longitude": 4.896,
        "radius_m": 150,
    }  # fmt: skip


def test_a_region_of_an_area_is_a_circle_around_it(put, ask):
    ring = [[4.0, 52.0], [4.01, 52.0], [4.01, 52.005], [4.0, 52.005], [4.0, 52.0]]
    put(north(0, area={"type": "Polygon", "coordinates": [ring]}))

    [region] = ask().json()["regions"]

    middle = Position(region["latitude"], region["longitude"])
    corners = [distance_m(middle, Position(corner[1], corner[0])) for corner in ring]
    assert max(corners) <= region["radius_m"] <= max(corners) + 10


def test_the_nearest_come_first_by_their_edge(put, ask):
    put(north(2_000), north(3_000, radius_m=2_500), north(1_000), north(9_000))

    assert ids(ask()) == ["north-3000", "north-1000", "north-2000", "north-9000"]


PLATFORMS = {"ios": 19, "android": 99, "": 19, "windows": 19, "ANDROID": 19, "\0": 19}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_gets_as_many_as_it_takes_but_one(platform, put, ask):
    put(*(north(1_000 + 200 * number) for number in range(120)))

    assert len(ids(ask(platform=platform))) == PLATFORMS[platform]


def test_the_date_line_is_no_border(put, ask):
    put(north(0, id="east", latitude=0, longitude=179.99), north(0, id="far"))

    answer = ask(latitude=0, longitude=-179.99)

    assert ids(answer) == ["east", "far"]


# --- what is left out ---
def test_removed_places_are_left_out_at_once(put, ask, workspace, noon):
    put(north(1_000), north(2_000))
    assert len(ids(ask())) == 2

    remove_places(workspace_id=workspace.pk, external_ids=["north-1000"], now=noon.now)
    assert ids(ask()) == ["north-2000"]

    put(north(1_000))
    assert ids(ask()) == ["north-1000", "north-2000"]


# Noon in UTC on 21 November is already the 22nd in Kiritimati (UTC+14).
DATES = {
    "closes today": ({"closes_on": "2026-11-21"}, True),
    "closed yesterday": ({"closes_on": "2026-11-20"}, False),
    "closed yesterday, where it is": (
        {"closes_on": "2026-11-21", "time_zone": "Pacific/Kiritimati"}, False,
    ),
    "opens in 30 days": ({"opens_on": "2026-12-21"}, True),
    "opens in 31 days": ({"opens_on": "2026-12-22"}, False),
    "opens in 30 days, where it is": (
        {"opens_on": "2026-12-22", "time_zone": "Pacific/Kiritimati"}, True,
    ),
    "is open this week": ({"opens_on": "2026-11-20", "closes_on": "2026-11-27"}, True),
    "the first and last days there are": (
        {"opens_on": "0001-01-01", "closes_on": "9999-12-31"}, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DATES)
def test_places_that_are_closed_for_good_or_open_much_later_are_left_out(case, put, ask):
    dates, is_told = DATES[case]
    put(north(1_000, **dates), north(2_000))

    assert ids(ask()) == ["north-1000", "north-2000"][0 if is_told else 1 :]


def test_places_left_out_make_room_for_those_behind_them(put, ask):
    put(*(north(100 * number, id=f"old-{number}", closes_on="2020-01-01") for number in range(99)))
    put(*(north(20_000 + 100 * number) for number in range(30)))

    found = ids(ask())

    assert found == [f"north-{20_000 + 100 * number}" for number in range(19)]


# --- when to ask again ---
def test_a_phone_asks_again_before_it_reaches_what_it_was_not_told(put, ask):
    put(*(north(1_000 + 500 * number) for number in range(30)))

    refresh = ask().json()["refresh"]

    assert (refresh["latitude"], refresh["longitude"]) == (52.375, 4.896)
    farthest_edge_m = 1_000 + 500 * 18 - 100
    assert refresh["radius_m"] == pytest.approx(0.8 * farthest_edge_m, rel=0.01)


def test_who_knows_all_places_asks_again_after_50_km(put, ask):
    put(*(north(1_000 + 500 * number) for number in range(19)))

    assert ask().json()["refresh"]["radius_m"] == 50_000


def test_in_the_middle_of_many_places_the_refresh_is_still_200_m(put, ask):
    put(*(north(number, radius_m=300) for number in range(30)))

    assert ask().json()["refresh"]["radius_m"] == 200


def test_far_from_all_places_the_refresh_is_50_km(put, ask):
    put(*(north(1_000 * number) for number in range(30)))

    assert ask(latitude=-40, longitude=175).json()["refresh"]["radius_m"] == 50_000


# --- who and what ---
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no latitude": ({"latitude": ""}, "wrong_type"),
    "a word": ({"latitude": "here"}, "wrong_type"),
    "latitude 91": ({"latitude": 91, "longitude": 91}, "out_of_range"),
    "longitude 181": ({"longitude": 181}, "out_of_range"),
    "NaN": ({"latitude": "nan"}, "wrong_type"),
    "Infinity": ({"longitude": "Infinity"}, "wrong_type"),
    "a comma": ({"latitude": "52,375"}, "wrong_type"),
    "NUL": ({"latitude": "52\0"}, "wrong_type"),
    "very long": ({"latitude": "5" * 5_000}, "wrong_type"),
    "swapped": ({"latitude": 120.5, "longitude": 35.2}, "swapped"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_position_that_is_none_is_refused_and_not_repeated(case, ask):
    query, code = BAD[case]

    answer = ask(**query)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.json()["error"]["fix"]
    assert not any(f"{value}" in answer.content.decode() for value in query.values() if value)


def test_a_missing_position_is_named(phone):
    answer = phone.client.get("/v1/places/nearby", headers=phone.headers({}))

    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "missing", "message": "The latitude is missing. The longitude is missing.",
        "fix": "Give degrees (WGS84).",
    }  # fmt: skip


@pytest.mark.parametrize("key", [brand.WRITE_KEY, brand.SECRET_KEY])
def test_either_key_may_ask(key, phone, put, ask):
    put(north(1_000))
    phone.key = key

    assert ids(ask()) == ["north-1000"]


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_without_a_key_nothing_is_told(key, phone, ask):
    phone.key = key

    assert ask().status_code == 401


def test_another_workspaces_places_are_not_told(put, ask, phone):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    put(north(1_000))
    put(north(2_000), into=other)

    assert ids(ask()) == ["north-1000"]
    phone.key = f"other-{brand.WRITE_KEY}"
    assert ids(ask()) == ["north-2000"]


def test_a_flood_waits(ask, settings):
    settings.RATE_PER_KEY, settings.BURST_PER_KEY = 1, 1
    throttle.refill()

    assert [ask().status_code for _ in range(2)] == [200, 429]


def test_it_is_only_asked(phone):
    assert phone.post("places/nearby", HERE).status_code == 405


def test_an_answer_costs_two_queries(put, ask, django_assert_num_queries):
    put(*(north(1_000 * number) for number in range(30)))
    ask()

    with django_assert_num_queries(2):
        ask()


# --- privacy ---
SENTINEL = {"latitude": "47.1357913", "longitude": "8.2468024"}
ASKED = {
    "good": {},
    "bad": {"latitude": "147.1357913"},
    "a stranger": {},
    "a break": {},
}


@pytest.mark.parametrize("case", ASKED)
def test_where_a_phone_is_reaches_no_log(case, ask, phone, caplog, capfd, monkeypatch):
    if case == "a stranger":
        phone.key = "nonsense"
    if case == "a break":
        monkeypatch.setattr("orchestrator.api.nearby.nearby", lambda **_: 1 / 0)
    caplog.set_level(logging.DEBUG)

    with capture_logs() as structured:
        ask(**SENTINEL | ASKED[case])

    captured = capfd.readouterr()
    told = f"{caplog.text}{structured}{captured.out}{captured.err}"
    assert "1357913" not in told
    assert "2468024" not in told
