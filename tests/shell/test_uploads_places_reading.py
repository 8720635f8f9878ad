"""Import places: from the bytes of a file to places, and all that is wrong with its rows."""

import csv
import json
from datetime import date
from io import StringIO

import pytest

from orchestrator.uploads.decoding import FileProblem
from orchestrator.uploads.places import left_out
from orchestrator.uploads.places.columns import SWAPPED, Choices, guessed
from orchestrator.uploads.places.formats import opened
from orchestrator.uploads.places.looking import look
from orchestrator.uploads.places.previewing import Preview
from tests import cast
from tests.place_files import COOLSINGEL, DAMRAK, HEADER, STORES, collection, feature
from triggers.models import Place
from triggers.places.given import PlaceInput
from triggers.services.places import put_places

pytestmark = pytest.mark.django_db
SQUARE = [[4.89, 52.37], [4.90, 52.37], [4.90, 52.38], [4.89, 52.38], [4.89, 52.37]]
KNOT = [[4.89, 52.37], [4.90, 52.38], [4.90, 52.37], [4.89, 52.38], [4.89, 52.37]]


@pytest.fixture
def preview(workspace):
    """Reads a file with the columns as guessed, or with others."""

    def read(raw, **choices):
        raw = raw.encode() if isinstance(raw, str) else raw
        sheet = opened(raw)
        meant = Choices(**{"meanings": guessed(sheet.header).meanings, **choices})
        made = Preview(sheet, meant, workspace=workspace, now=cast.NOW)
        made.read(progress=lambda _rows: True)
        return made

    return read


def place_of(made):
    assert made.found.faults == []
    return made.found.places[0].place


def codes(made):
    return [(one.row, one.column, one.code) for one in made.found.faults]


# --- the file ---
BAD_FILES = [
    (b"", "The file is empty."),
    (b"\xef\xbb\xbf\r\n", "The file is empty."),
    (b"id,name,lat,lon\n", "a header and no places below it"),
    (b"a" * 40_000_001, "larger than 40 MB"),
    (b"PK\x03\x04[Content_Types].xml", "This is an Excel file."),
    (b"id\n" + b"x\n" * 100_001, "more than 100,000 places"),
    (b'{"type": "FeatureCollection", "features": []}', "no places in it"),
    (b'{"type": "Feature"}', "no GeoJSON FeatureCollection"),
    (b"[1, 2]", "no GeoJSON FeatureCollection"),
    (b'{"type": "FeatureCollection", "features": [NaN]}', "no valid JSON"),
    (b'{"type": "FeatureCollection", "features": [', "no valid JSON"),
    (
        b'{"type": "FeatureCollection", "crs": {"name": "EPSG:28992"}, "features": [{}]}',
        "does not use longitude and latitude",
    ),
]


@pytest.mark.parametrize(("raw", "why"), BAD_FILES, ids=[why[:25] for _, why in BAD_FILES])
def test_a_file_that_cannot_be_used_says_why(raw, why):
    with pytest.raises(FileProblem, match=why):
        opened(raw)


# --- columns ---
HEADERS = [
    ("external_id,name,latitude,longitude", ["external_id", "name", "latitude", "longitude"]),
    ("Store ID;Naam;Breedtegraad;Lengtegraad", ["external_id", "name", "latitude", "longitude"]),
    ("Nummer\tTitel\tLat\tLng", ["external_id", "name", "latitude", "longitude"]),
    ("id,store id,name,city", ["attribute", "external_id", "name", "attribute"]),
    ("Ma,Hours Tue,opening_wed,Sunday", ["mon", "tue", "wed", "sun"]),
    ("Radius (m),Time zone,Telefoon,Tags", ["radius_m", "time_zone", "phone", "tags"]),
    ("Row left out,Why it was left out,id", ["", "", "external_id"]),
]


@pytest.mark.parametrize(("header", "meanings"), HEADERS)
def test_columns_are_known_by_many_names(header, meanings):
    assert list(guessed(opened(f"{header}\nx\n".encode()).header).meanings) == meanings


# --- what cells say ---
def test_a_row_becomes_a_place(preview):
    raw = (
        "\ufeffnummer;naam;lat;lon;straal;tags;adres;tel;tijdzone;ma;di;opens_on;city;floors\r\n"
        "12;Damrak 12;52,3755;4,8960;200;food|wine; Damrak 12;+31 20 1234567;Europe/Amsterdam;"
        "9:00-12:00, 13:00-17:00;gesloten;1-12-2026;Amsterdam;3\r\n"
    )

    place = place_of(preview(raw))

    assert place == PlaceInput(
        external_id="12",
        name="Damrak 12",
        latitude=52.3755,
        longitude=4.896,
        radius_m=200,
        tags=("food", "wine"),
        address="Damrak 12",
        phone="+31 20 1234567",
        time_zone="Europe/Amsterdam",
        hours=place.hours,
        opens_on=date(2026, 12, 1),
        attributes={"city": "Amsterdam", "floors": 3},
    )
    assert place.hours["weekly"] == {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}


def test_windows_text_is_read_and_said(preview):
    found = preview("id,name,lat,lon\n1,Caf\xe9,52,4\n".encode("cp1252")).found

    assert found.places[0].place.name == "Café"
    assert "read as Windows text" in found.notes[0]


def test_a_formula_stays_text(preview):
    place = place_of(preview("id,name,lat,lon,note\n1,=1+1,52,4,=cmd|x\n"))

    assert (place.name, place.attributes) == ("=1+1", {"note": "=cmd|x"})


def test_a_column_that_is_left_out_is_not_read(preview):
    meanings = ("external_id", "name", "latitude", "longitude", "")

    assert place_of(preview(STORES, meanings=meanings)).attributes == {}


WRONG = [
    ("NaN,4.9,", ("lat", "not_a_number")),
    ("1e400,4.9,", ("lat", "not_a_number")),
    ("52°22,4.9,", ("lat", "not_a_number")),
    ("91,4.9,", ("lat", "swapped")),
    ("91,95,", ("lat", "out_of_range")),
    ("52.3,181,", ("lon", "out_of_range")),
    ("121.5,31.2,", ("lat", "swapped")),
    (",4.9,", ("lat", "missing")),
    ("52.3,4.9,25:00-26:00", ("mon", "bad_hours")),
    ("52.3,4.9,all day long", ("mon", "bad_hours")),
    ("52.3,4.9,09:00-18:00,x", ("", "too_many_cells")),
]


@pytest.mark.parametrize(("cells", "fault"), WRONG)
def test_what_is_wrong_is_told_by_row_and_column(preview, cells, fault):
    made = preview(f"id,name,lat,lon,mon\n0,Good,52,4,\n1,Bad,{cells}\n")

    assert codes(made) == [(3, *fault)]
    assert (made.found.good, made.found.wrong) == (1, 1)


def test_every_fault_of_a_row_is_told(preview):
    made = preview("id,name,lat,lon,mon,tz\n,,x,4,9 to x,Europe/Amsterdm\n")

    assert {(column, code) for _, column, code in codes(made)} == {
        ("id", "missing"),
        ("name", "missing"),
        ("lat", "not_a_number"),
        ("mon", "bad_hours"),
        ("tz", "unknown_zone"),
    }
    assert made.found.wrong == 1


def test_an_external_id_that_stands_twice_names_both_rows(preview):
    made = preview(HEADER + DAMRAK + COOLSINGEL + DAMRAK)

    assert codes(made) == [(2, "external_id", "twice"), (4, "external_id", "twice")]
    assert "“store-12” is in row 4 too" in made.found.faults[0].sentence
    assert "“store-12” is in row 2 too" in made.found.faults[1].sentence


def test_faults_are_counted_by_kind(preview):
    rows = "".join(f"s{number},Store,north,4\n" for number in range(150))
    found = preview("id,name,lat,lon\n" + rows).found

    assert [(one.column, one.code, one.rows) for one in found.kinds] == [
        ("lat", "not_a_number", 150)
    ]
    assert len(found.faults) == 100


def test_a_needed_column_that_is_missing_is_told_once(preview):
    found = preview("name,lat\nDamrak,52\n").found

    assert found.lacking == ["external_id", "longitude"]
    assert (found.good, found.wrong) == (0, 0)


# --- GeoJSON ---
def test_points_and_areas_become_places(preview):
    area = {"type": "Polygon", "coordinates": [SQUARE]}
    raw = collection(
        feature(
            {"type": "Point", "coordinates": [4.896, 52.3755, 3]}, id=12, name="Damrak", vip=True
        ),
        feature(area, id=13, name="Dam", tags=["square"], floors=2),
        feature({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, id="14", name="Dam twice"),
    )

    damrak, dam, _ = [one.place for one in preview(raw).found.places]

    assert (damrak.latitude, damrak.longitude, damrak.area) == (52.3755, 4.896, None)
    assert (damrak.external_id, damrak.attributes) == ("12", {"vip": True})
    assert (dam.tags, dam.attributes) == (("square",), {"floors": 2})
    assert dam.area["type"] == "Polygon"
    assert dam.latitude == pytest.approx(52.375, abs=0.001)


def test_the_id_of_a_feature_is_an_external_id(preview):
    one = feature({"type": "Point", "coordinates": [4.9, 52.4]}, name="Damrak") | {"id": "way/12"}

    assert place_of(preview(collection(one))).external_id == "way/12"


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(ring)]}


BAD_SHAPES = [
    (polygon([4.89, 52.37]), "bad_area"),
    (polygon(*KNOT), "bad_area"),
    (polygon(), "bad_area"),
    ({"type": "LineString", "coordinates": SQUARE}, "bad_shape"),
    ({"type": "Point", "coordinates": "here"}, "bad_shape"),
    (None, "missing"),
]


@pytest.mark.parametrize(("geometry", "code"), BAD_SHAPES)
def test_a_shape_that_cannot_be_is_a_fault_of_the_geometry(preview, geometry, code):
    made = preview(collection(feature(geometry, id="1", name="Dam")))

    assert {(column, found) for _, column, found in codes(made)} == {("geometry", code)}


def test_what_is_no_feature_is_a_fault_of_its_row(preview):
    point = {"type": "Point", "coordinates": [4, 52]}
    good = json.dumps(feature(point, id="1", name="A")).encode()
    huge = good.replace(b"52]", b"1e400]")
    raw = b'{"type": "FeatureCollection", "features": [' + b",".join([good, b"7", huge]) + b"]}"

    assert codes(preview(raw)) == [(2, "", "bad_feature"), (3, "", "bad_feature")]


# --- swapped ---
@pytest.fixture
def damrak(workspace):
    one = PlaceInput(external_id="old", name="Old", latitude=52.37, longitude=4.89)
    put_places(workspace=workspace, places=[one], now=cast.NOW)


SWAPPED_ROWS = "id,name,lat,lon\n1,Damrak,4.896,52.3755\n2,Coolsingel,4.4792,51.9225\n"


def test_rows_that_fit_the_places_only_when_swapped_are_refused(preview, damrak):
    found = preview(SWAPPED_ROWS).found

    assert found.swapped
    assert (found.good, found.new) == (0, 0)


def test_they_can_be_swapped_back_or_believed(preview, damrak):
    back = preview(SWAPPED_ROWS, order=SWAPPED).found.places[0].place
    believed = preview(SWAPPED_ROWS, order="as_is").found.places[0].place

    assert (back.latitude, back.longitude) == (52.3755, 4.896)
    assert (believed.latitude, believed.longitude) == (4.896, 52.3755)


def test_areas_are_swapped_back_too(preview, damrak):
    wrong = [[latitude, longitude] for longitude, latitude in SQUARE]
    raw = collection(feature(polygon(*wrong), id="1", name="Dam"))

    back = preview(raw, order=SWAPPED).found.places[0].place

    assert preview(raw).found.swapped
    assert back.latitude == pytest.approx(52.375, abs=0.001)


@pytest.mark.parametrize("more", ["3,Other,52.1,4.3\n", "3,Elsewhere,-33.9,151.2\n"])
def test_one_row_that_does_not_fit_clears_the_rest(preview, damrak, more):
    assert not preview(SWAPPED_ROWS + more).found.swapped


def test_without_places_nothing_looks_swapped(preview):
    assert not preview(SWAPPED_ROWS).found.swapped


# --- what it would do ---
def test_the_preview_counts_and_writes_nothing(preview, workspace, damrak):
    before = list(Place.objects.values())

    found = preview(HEADER + DAMRAK + "old,Old,52.37,4.89,\n").found
    changed = preview(HEADER + "old,New name,52.37,4.89,\n").found

    assert (found.new, found.changed, found.unchanged, found.missing) == (1, 0, 1, 0)
    assert (changed.new, changed.changed, changed.missing) == (0, 1, 0)
    assert preview(STORES).found.missing == 1
    assert list(Place.objects.values()) == before


def test_a_wrong_row_is_not_missing_from_the_file(preview, damrak):
    assert preview(HEADER + DAMRAK + "old,Old,north,4.89,\n").found.missing == 0


# --- what was left out ---
def test_the_list_of_wrong_rows_can_be_corrected_and_uploaded(preview):
    raw = "id,name,lat,lon,phone\n1,=1+1,x,4,+31 20 1\n2,@evil,-95,-200,-\n"
    listed = left_out.unpacked(preview(raw).left_out.packed()).decode("utf-8-sig")
    head, first, second = csv.reader(StringIO(listed))

    assert head == ["Row left out", "Why it was left out", "id", "name", "lat", "lon", "phone"]
    assert (first[0], first[3:]) == ("2", ["'=1+1", "x", "4", "'+31 20 1"])
    assert "lat: “x” is not a number" in first[1]
    assert second[3:] == ["'@evil", "-95", "-200", "'-"]


def test_escaping_is_undone_when_the_list_comes_back(preview):
    place = place_of(preview("id,name,lat,lon,phone\n1,'=1+1,52,4,'+31 20 1\n"))

    assert (place.name, place.phone) == ("=1+1", "+31 20 1")


def test_looking_at_a_file_asks_the_database_once(workspace, django_assert_max_num_queries):
    sheet = opened(STORES)

    with django_assert_max_num_queries(1):
        look(sheet, guessed(sheet.header), workspace_id=workspace.pk)
