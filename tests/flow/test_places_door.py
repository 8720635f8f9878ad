"""PUT /v1/places: a brand's server says where its places are."""

import gzip
import json
from typing import Any

import pytest

from orchestrator.api import throttle
from tests import brand
from triggers.models import Place
from triggers.selectors.places import version_of

pytestmark = pytest.mark.django_db

STORE = {"external_id": "store-1", "name": "Damrak 12", "latitude": 52.375, "longitude": 4.896}
NOTHING = {
    "accepted": 0, "created": 0, "changed": 0, "unchanged": 0, "removed": 0, "rejected": [],
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def put(server):
    def put(*places, **more):
        return server.put("places", {"places": list(places), **more})

    return put


def counted(answer, **counts):
    assert answer.status_code == 200
    return answer.json() == {**NOTHING, **counts}


def store(number, **more):
    return {**STORE, "external_id": f"store-{number}", **more}


def codes(answer):
    return [(one["index"], one["error"]["code"]) for one in answer.json()["rejected"]]


# --- what gets in ---
def test_places_are_created_changed_or_left(put, noon):
    assert counted(put(store(1), store(2)), accepted=2, created=2)
    noon.forward(hours=1)

    answer = put(store(1), store(2, name="Damrak 14"), store(3))

    assert counted(answer, accepted=3, created=1, changed=1, unchanged=1)
    assert Place.objects.get(external_id="store-1").changed_at < noon.now
    assert Place.objects.get(external_id="store-2").changed_at == noon.now


def test_a_place_is_removed_and_comes_back(put):
    put(store(1), store(2))

    assert counted(put({"external_id": "store-1", "removed": True}), accepted=1, removed=1)
    assert Place.objects.get(removed_at=None).external_id == "store-2"
    assert counted(put({"external_id": "store-1", "removed": True}), accepted=1)
    assert counted(put(store(1, removed=False)), accepted=1, changed=1)


def test_good_ones_are_saved_and_bad_ones_say_why(put):
    answer = put(
        store(1), store(2, latitude=91, name=""), 5, store(1, name="Again"),
        store(3, removed="yes"), {"removed": True}, store(4),
        {"external_id": "store-4", "removed": True}, None, [], "store",
    )  # fmt: skip

    assert codes(answer) == [
        (1, "missing"), (2, "not_an_object"), (3, "duplicate"), (4, "wrong_type"), (5, "missing"),
        (7, "duplicate"), (8, "not_an_object"), (9, "not_an_object"), (10, "not_an_object"),
    ]  # fmt: skip
    rejected = answer.json()["rejected"]
    assert rejected[0]["error"]["message"] == (
        "The name is missing. The latitude is not from -90 to 90 degrees: "
        "it and the longitude look swapped."
    )
    assert "at index 0" in rejected[2]["error"]["message"]
    assert "at index 6" in rejected[5]["error"]["message"]
    assert all(one["error"]["message"] and one["error"]["fix"] for one in rejected)
    assert (answer.json()["accepted"], answer.json()["created"]) == (2, 2)
    assert Place.objects.get(external_id="store-1").name == "Damrak 12"


def test_the_twin_of_a_refused_place_may_be_good(put):
    assert codes(put(store(1, radius_m=49), store(1))) == [(0, "out_of_range")]
    assert Place.objects.count() == 1


DEEP = json.loads('{"a":' * 400 + "1" + "}" * 400)
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "latitude 91": ({"latitude": 91, "longitude": 100}, "out_of_range"),
    "longitude 181": ({"longitude": 181}, "out_of_range"),
    "text for a number": ({"latitude": "52.375"}, "wrong_type"),
    "swapped": ({"latitude": 120.5, "longitude": 35.2}, "swapped"),
    "radius 49": ({"radius_m": 49}, "out_of_range"),
    "radius 50,001": ({"radius_m": 50_001}, "out_of_range"),
    "empty external_id": ({"external_id": ""}, "missing"),
    "external_id of 201": ({"external_id": "x" * 201}, "too_long"),
    "51 tags": ({"tags": ["t"] * 51}, "too_many"),
    "attributes over 4 kB": ({"attributes": {"a": "x" * 5_000}}, "too_large"),
    "attributes 400 deep": ({"attributes": DEEP}, "too_deep"),
    "NUL": ({"address": "a\0b"}, "bad_text"),
    "an unknown zone": ({"time_zone": "Mars/Olympus"}, "unknown_zone"),
    "hours 25:00": ({"hours": {"weekly": {"mon": [["09:00", "25:00"]]}}}, "bad_hours"),
    "closes before it opens": (
        {"opens_on": "2026-02-02", "closes_on": "2026-02-01"}, "out_of_order",
    ),
    "an area of one point": (
        {"area": {"type": "Polygon", "coordinates": [[[4.9, 52.4]]]}}, "bad_area",
    ),
    "an area that crosses itself": (
        {"area": {"type": "Polygon", "coordinates": [
            [[4.0, 52.0], [4.1, 52.1], [4.1, 52.0], [4.0, 52.1], [4.0, 52.0]]]}}, "bad_area",
    ),
    "an unknown field": ({"lattitude": 52}, "unknown_field"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_place_is_refused_and_changes_nothing(case, put, workspace):
    put(STORE)
    before = version_of(workspace_id=workspace.pk)
    change, code = BAD[case]

    answer = put({**STORE, **change})

    assert answer.status_code == 200
    assert codes(answer) == [(0, code)]
    assert Place.objects.get().name == "Damrak 12"
    assert version_of(workspace_id=workspace.pk) == before


def test_a_thousand_full_places_are_one_request(put):
    hours = {"weekly": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
    more = {"hours": hours, "address": "a" * 100, "attributes": {"text": "x" * 300}}

    assert counted(put(*(store(n, **more) for n in range(1_000))), accepted=1_000, created=1_000)


def test_gzip_is_welcome(server):
    answer = server.client.put(
        "/v1/places", gzip.compress(json.dumps({"places": [STORE]}).encode()),
        content_type="application/json", headers=server.headers({"Content-Encoding": "gzip"}),
    )  # fmt: skip

    assert counted(answer, accepted=1, created=1)


# --- what does not ---
UNUSABLE = {
    "empty": (b"", 400, "empty_body"),
    "broken JSON": (b'{"places": ', 400, "invalid_json"),
    "NaN": (b'{"places": [{"latitude": NaN}]}', 400, "invalid_json"),
    "Infinity": (b'{"places": [{"latitude": -Infinity}]}', 400, "invalid_json"),
    "1e999": (b'{"places": [{"latitude": 1e999}]}', 400, "invalid_json"),
    "a list": (b"[]", 400, "invalid_json"),
    "too deep": (b'{"places": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "invalid_json"),
    "no places": (b"{}", 400, "no_places"),
    "places are an object": (b'{"places": {}}', 400, "no_places"),
    "an empty list": (b'{"places": []}', 400, "no_places"),
    "1,001 places": (b'{"places": [' + b"1," * 1_000 + b"1]}", 413, "too_many_places"),
    "6 MB": (b'{"places": ["' + b"x" * 6_000_000 + b'"]}', 413, "body_too_large"),
    "gzip bomb": (gzip.compress(b'{"a": "' + b"0" * 50_000_000 + b'"}'), 413, "body_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_request_says_why(case, server):
    body, status, code = UNUSABLE[case]

    answer = server.client.put(
        "/v1/places", body, content_type="application/json", headers=server.headers({})
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["fix"]


WHO = {
    "nobody": ("", 401, "no_secret_key"),
    "a stranger": ("nonsense", 401, "unknown_write_key"),
    "an app": (brand.WRITE_KEY, 403, "secret_key_needed"),
}


@pytest.mark.parametrize("who", WHO)
def test_only_the_secret_key_puts(who, server):
    server.key, status, code = WHO[who]

    answer = server.put("places", {"places": [STORE], "writeKey": brand.SECRET_KEY})

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Place.objects.exists()


def test_a_flood_waits(put, settings):
    settings.RATE_PER_KEY, settings.BURST_PER_KEY = 1, 2
    throttle.refill()

    assert [put(store(1), store(2)).status_code for _ in range(2)] == [200, 429]


def test_nothing_else_is_done_at_this_door(server):
    assert server.post("places", {"places": [STORE]}).status_code == 405
    assert server.client.get("/v1/places", headers=server.headers({})).status_code == 405
