"""A place as somebody gives it: what is read, and every way in which it cannot be."""

from datetime import UTC, date, datetime
from math import inf, nan
from typing import Any

import pytest

from triggers.places.given import (
    PlaceError,
    PlaceInput,
    number_of,
    read_external_id,
    read_place,
    read_position,
    twin_of,
)
from triggers.places.hours import check

STORE = {"external_id": "store-12", "name": "Damrak 12", "latitude": 52.375, "longitude": 4.896}
HOURS = {"weekly": {"mon": [["09:00", "18:00"]]}}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[4.0, 52.0], [4.01, 52.0], [4.01, 52.01], [4.0, 52.01], [4.0, 52.0]]],
}
ALL = {
    **STORE,
    "radius_m": 200,
    "approach_m": 0,
    "tags": ["flagship", " open late ", "flagship"],
    "attributes": {"floors": 2, "services": ["repair"], "manager": None, "area": {"m2": 310.5}},
    "address": " Damrak 12, Amsterdam ",
    "phone": "+31 20 555 0100",
    "time_zone": "Europe/Amsterdam",
    "hours": HOURS,
    "opens_on": "2026-12-01",
    "closes_on": "2026-12-01",
}


def faults_of(raw):
    with pytest.raises(PlaceError) as caught:
        read_place(raw)
    assert all(fault.sentence and fault.fix for fault in caught.value.faults)
    return [(fault.field, fault.code) for fault in caught.value.faults]


def nested(depth, leaf=1):
    return leaf if depth == 0 else {"a": nested(depth - 1, leaf)}


# --- what is read ---
def test_the_least_that_makes_a_place_and_what_the_rest_is_then():
    assert read_place(STORE) == PlaceInput(
        external_id="store-12", name="Damrak 12", latitude=52.375, longitude=4.896, radius_m=150.0,
        area=None, approach_m=500.0, tags=(), attributes={}, address="", phone="", time_zone="",
        hours=None, opens_on=None, closes_on=None,
    )  # fmt: skip


def test_all_that_a_place_can_have():
    place = read_place(ALL)

    assert (place.radius_m, place.approach_m) == (200.0, 0.0)
    assert place.tags == ("flagship", "open late")
    assert place.attributes == ALL["attributes"]
    assert (place.address, place.time_zone) == ("Damrak 12, Amsterdam", "Europe/Amsterdam")
    assert check(place.hours) == check(HOURS)
    assert place.opens_on == place.closes_on == date(2026, 12, 1)


def test_null_is_absent():
    optional = dict.fromkeys(ALL.keys() - STORE.keys() | {"area"})

    assert read_place({**STORE, **optional}) == read_place(STORE)


def test_dates_may_be_dates_as_yaml_has_them():
    assert read_place({**STORE, "opens_on": date(2026, 1, 2)}).opens_on == date(2026, 1, 2)


@pytest.mark.parametrize("corner", [(90, 180), (-90, -180), (0, 0), (90.0, 0)])
def test_the_ends_of_the_earth_are_on_it(corner):
    latitude, longitude = corner

    place = read_place({**STORE, "latitude": latitude, "longitude": longitude})

    assert (place.latitude, place.longitude) == corner


def test_an_area_brings_its_own_middle_and_size():
    place = read_place({"external_id": "park", "name": "Park", "area": SQUARE})

    assert place.latitude == pytest.approx(52.005, abs=0.001)
    assert place.longitude == pytest.approx(4.005, abs=0.001)
    assert 400 < place.radius_m < 900
    assert place.area is not None
    assert place.area["type"] == "Polygon"


def test_an_area_decides_where_a_point_is_given_too():
    place = read_place({**STORE, "area": SQUARE, "radius_m": 60})

    assert place == read_place({**STORE, "latitude": 1, "longitude": 1, "area": SQUARE})
    assert place.latitude == pytest.approx(52.005, abs=0.001)


def test_an_area_that_was_read_is_read_alike_again():
    first = read_place({**STORE, "area": SQUARE})

    assert read_place({**STORE, "area": first.area}) == first


def test_what_fits_exactly_is_taken():
    full = {
        "external_id": "x" * 200, "name": "n" * 200, "radius_m": 50, "approach_m": 50_000,
        "tags": [f"{number:02}" + "t" * 61 for number in range(50)],
        "attributes": {"k" * 63: {"b": {"c": 2**63 - 1}}}, "address": "a" * 300, "phone": "1" * 50,
    }  # fmt: skip

    place = read_place({**STORE, **full})

    assert len(place.tags) == 50
    assert read_place({**STORE, "radius_m": 50_000}).radius_m == 50_000


# --- what is not ---
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no external_id": ({"external_id": None}, "external_id", "missing"),
    "empty external_id": ({"external_id": ""}, "external_id", "missing"),
    "blank external_id": ({"external_id": " \t"}, "external_id", "missing"),
    "external_id of 201": ({"external_id": "x" * 201}, "external_id", "too_long"),
    "external_id is a number": ({"external_id": 12}, "external_id", "wrong_type"),
    "external_id with NUL": ({"external_id": "a\0b"}, "external_id", "bad_text"),
    "no name": ({"name": ""}, "name", "missing"),
    "name of 201": ({"name": "n" * 201}, "name", "too_long"),
    "name with NUL": ({"name": "\0"}, "name", "bad_text"),
    "half a character": ({"name": "\ud800"}, "name", "bad_text"),
    "name is a list": ({"name": ["n"]}, "name", "wrong_type"),
    "no latitude": ({"latitude": None}, "latitude", "missing"),
    "no longitude": ({"longitude": None}, "longitude", "missing"),
    "latitude 91": ({"latitude": 91, "longitude": 91}, "latitude", "out_of_range"),
    "longitude 181": ({"longitude": 181}, "longitude", "out_of_range"),
    "swapped": ({"latitude": 120.5, "longitude": 35.2}, "latitude", "swapped"),
    "swapped in the west": ({"latitude": -120.5, "longitude": 35.2}, "latitude", "swapped"),
    "NaN": ({"latitude": nan}, "latitude", "out_of_range"),
    "infinite": ({"longitude": -inf}, "longitude", "out_of_range"),
    "beyond floats": ({"longitude": 10**400}, "longitude", "out_of_range"),
    "latitude as text": ({"latitude": "52.375"}, "latitude", "wrong_type"),
    "latitude is true": ({"latitude": True}, "latitude", "wrong_type"),
    "longitude is a list": ({"longitude": [4.9]}, "longitude", "wrong_type"),
    "radius 49": ({"radius_m": 49}, "radius_m", "out_of_range"),
    "radius 50,001": ({"radius_m": 50_001}, "radius_m", "out_of_range"),
    "radius NaN": ({"radius_m": nan}, "radius_m", "out_of_range"),
    "radius as text": ({"radius_m": "150"}, "radius_m", "wrong_type"),
    "approach below 0": ({"approach_m": -1}, "approach_m", "out_of_range"),
    "approach 50,001": ({"approach_m": 50_001}, "approach_m", "out_of_range"),
    "51 tags": ({"tags": [str(n) for n in range(51)]}, "tags", "too_many"),
    "tags are text": ({"tags": "a, b"}, "tags", "wrong_type"),
    "a tag is a number": ({"tags": ["a", 5]}, "tags.1", "wrong_type"),
    "a tag of 64": ({"tags": ["t" * 64]}, "tags.0", "too_long"),
    "a blank tag": ({"tags": [" "]}, "tags.0", "missing"),
    "a tag with NUL": ({"tags": ["\0"]}, "tags.0", "bad_text"),
    "attributes are a list": ({"attributes": [1]}, "attributes", "wrong_type"),
    "attributes over 4 kB": ({"attributes": {"a": "x" * 4_096}}, "attributes", "too_large"),
    "attributes 4 deep": ({"attributes": nested(4)}, "attributes.a.a.a", "too_deep"),
    "attributes 1,000 deep": ({"attributes": nested(900)}, "attributes.a.a.a", "too_deep"),
    "a list 4 deep": ({"attributes": {"a": [[[1]]]}}, "attributes.a.0.0", "too_deep"),
    "a key of 64": ({"attributes": {"k" * 64: 1}}, "attributes", "too_long"),
    "an empty key": ({"attributes": {"": 1}}, "attributes", "bad_key"),
    "a key with NUL": ({"attributes": {"a": {"\0": 1}}}, "attributes.a", "bad_key"),
    "a key is a number": ({"attributes": {1: 1}}, "attributes", "bad_key"),
    "a value with NUL": ({"attributes": {"a": "\0"}}, "attributes.a", "bad_text"),
    "a value is NaN": ({"attributes": {"a": [nan]}}, "attributes.a.0", "out_of_range"),
    "a value of 65 bits": ({"attributes": {"a": 2**64}}, "attributes.a", "out_of_range"),
    "a value is a date": ({"attributes": {"a": date(2026, 1, 1)}}, "attributes.a", "wrong_type"),
    "address of 301": ({"address": "a" * 301}, "address", "too_long"),
    "phone of 51": ({"phone": "1" * 51}, "phone", "too_long"),
    "phone is a number": ({"phone": 31205550100}, "phone", "wrong_type"),
    "no such zone": ({"time_zone": "Europe/Amsterdm"}, "time_zone", "unknown_zone"),
    "a zone with NUL": ({"time_zone": "UTC\0"}, "time_zone", "bad_text"),
    "a zone that is a path": ({"time_zone": "../../etc/passwd"}, "time_zone", "unknown_zone"),
    "this machine's zone": ({"time_zone": "localtime"}, "time_zone", "unknown_zone"),
    "opens on 30 February": ({"opens_on": "2026-02-30"}, "opens_on", "bad_date"),
    "opens at a time": ({"opens_on": "2026-02-03T10:00"}, "opens_on", "bad_date"),
    "opens at a datetime": ({"opens_on": datetime(2026, 2, 3, tzinfo=UTC)}, "opens_on", "bad_date"),
    "opens in week 3": ({"opens_on": "2026-W03"}, "opens_on", "bad_date"),
    "closes on a number": ({"closes_on": 20260203}, "closes_on", "bad_date"),
    "closes before it opens": (
        {"opens_on": "2026-12-02", "closes_on": "2026-12-01"}, "closes_on", "out_of_order",
    ),
    "an unknown field": ({"colour": "red"}, "colour", "unknown_field"),
    "a field with NUL": ({"na\0me": "x"}, "na\ufffdme", "unknown_field"),
    "an area of one point": (
        {"area": {"type": "Polygon", "coordinates": [[[4, 52]]]}}, "area", "bad_area",
    ),
    "an area that is text": ({"area": "POLYGON((0 0))"}, "area", "bad_area"),
    "hours at 25:00": (
        {"hours": {"weekly": {"mon": [["09:00", "25:00"]]}}}, "hours.weekly.mon.0", "bad_hours",
    ),
    "hours are text": ({"hours": "9-5"}, "hours", "bad_hours"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_place_that_cannot_be_says_where_and_why(case):
    change, field, code = BAD[case]

    assert faults_of({**STORE, **change}) == [(field, code)]


def test_all_faults_come_at_once():
    raw = {"latitude": 91, "longitude": nan, "radius_m": 1, "tag": [], "tags": [1, 2]}

    assert faults_of(raw) == [
        ("tag", "unknown_field"), ("external_id", "missing"), ("name", "missing"),
        ("radius_m", "out_of_range"), ("longitude", "out_of_range"), ("tags.0", "wrong_type"),
        ("tags.1", "wrong_type"),
    ]  # fmt: skip


def test_what_was_probably_meant_is_named():
    with pytest.raises(PlaceError) as caught:
        read_place({**STORE, "lattitude": 1, "time_zone": "europe/amsterdm"})

    assert [fault.fix for fault in caught.value.faults] == [
        "Did you mean “latitude”?", "Did you mean “Europe/Amsterdam”?",
    ]  # fmt: skip


def test_a_thousand_unknown_fields_are_not_all_told():
    assert len(faults_of({**STORE, **{f"field_{n}": n for n in range(1_000)}})) == 10


def test_the_error_reads_as_sentences():
    with pytest.raises(PlaceError, match=r"^The name is missing\. The tags are no list\.$"):
        read_place({**STORE, "name": "", "tags": 5})


# --- parts ---
def test_a_position_is_read_alone_and_its_faults_do_not_repeat_it():
    assert read_position({"latitude": 52, "longitude": 4.9}) == (52.0, 4.9)
    with pytest.raises(PlaceError) as caught:
        read_position({"latitude": 97.123, "longitude": 4.456})

    assert [fault.code for fault in caught.value.faults] == ["swapped"]
    assert not {"97", "123", "456"} & set(repr(caught.value.faults).replace(".", " ").split())


def test_which_place_is_meant():
    assert read_external_id({"external_id": " store-12 ", "colour": "red"}) == "store-12"
    with pytest.raises(PlaceError, match="The external_id is missing"):
        read_external_id({})


CELLS = {
    "52.375": 52.375, " -4.9 ": -4.9, "+1": 1.0, ".5": 0.5, "150": 150.0, "5.": 5.0,
    "": "", "52,375": "52,375", "1_000": "1_000", "nan": "nan", "inf": "inf", "1e3": "1e3",
    "150 m": "150 m", "9" * 400: "9" * 400, "\u0665": "\u0665",
}  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_a_number_only_if_it_looks_like_one(cell):
    assert number_of(cell) == CELLS[cell]


def test_a_twin_says_which_was_first():
    assert "at index 3" in twin_of(3).sentence
