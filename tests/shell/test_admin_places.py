"""Places in the admin: the list, the page of one, the map's JSON, removal, and who may."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from audience.models import Role
from tests import cast
from triggers.models import Place, Presence
from triggers.places.given import PlaceInput
from triggers.places.presence import Level
from triggers.services.places import put_places, remove_places

pytestmark = pytest.mark.django_db

ADD = "/admin/triggers/place/add/"
LIST = "/admin/triggers/place/"
AROUND = "/admin/triggers/place/around/"
MAP = "/admin/triggers/place/map/"
HOSTILE = "<img src=x onerror=alert(1)>"
AMSTERDAM = {"south": "52.3", "west": "4.8", "north": "52.5", "east": "5"}
SQUARE = (
    '{"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.37], '
    "[4.9, 52.38], [4.89, 52.38], [4.89, 52.37]]]}"
)
KNOT = (
    '{"type": "Polygon", "coordinates": [[[4.89, 52.37], [4.9, 52.38], '
    "[4.9, 52.37], [4.89, 52.38], [4.89, 52.37]]]}"
)


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


def typed(**changes):
    return {
        "name": "Damrak 12",
        "external_id": "store-12",
        "latitude": "52.3756",
        "longitude": "4.8969",
        "radius_m": "150",
        "approach_m": "500",
        "hours": "always",
        **changes,
    }


def put(workspace, external_id, **changes):
    at = {"latitude": 52.3756, "longitude": 4.8969, **changes}
    one = PlaceInput(external_id=external_id, **{"name": external_id, **at})
    put_places(workspace=workspace, places=[one], now=cast.NOW)
    return Place.objects.get(workspace=workspace, external_id=external_id)


def url(place, step="change"):
    return reverse(f"admin:triggers_place_{step}", args=[place.pk])


def text(answer):
    return answer.content.decode()


# --- the page of one ---
def test_an_editor_adds_changes_and_removes_a_place(editor):
    editor.post(ADD, typed(tags="flagship, cafe"))
    made = Place.objects.get()
    editor.post(url(made), typed(name="Damrak"))
    changed = Place.objects.get()
    question = editor.get(url(made, "delete"))
    editor.post(url(made, "delete"))

    assert (made.name, made.external_id, made.tags) == (
        "Damrak 12",
        "store-12",
        ["flagship", "cafe"],
    )
    assert (made.latitude, made.longitude, made.radius_m) == (52.3756, 4.8969, 150)
    assert (changed.pk, changed.name, changed.tags) == (made.pk, "Damrak", [])
    assert "brings it back" in text(question)
    assert Place.objects.get().removed_at == cast.NOW
    assert editor.get(url(made)).status_code == 404
    assert LogEntry.objects.count() == 3


def test_a_change_raises_the_version_of_the_places(editor, acme):
    before = acme.places_version

    editor.post(ADD, typed())

    acme.refresh_from_db()
    assert acme.places_version == before + 1
    assert Place.objects.get().version == acme.places_version


def test_hours_are_saved_as_people_write_them(editor):
    editor.post(
        ADD,
        typed(
            hours="these",
            mon_opens=["9:00", "13:00", ""],
            mon_closes=["12:00", "02:00", ""],
            closed_date=["2026-12-25", ""],
            special_date=["2026-12-24", ""],
            special_opens=["09:00", ""],
            special_closes=["16:00", ""],
        ),
    )
    place = Place.objects.get()
    page = text(editor.get(url(place)))

    assert place.hours == {
        "weekly": {"mon": [["09:00", "12:00"], ["13:00", "02:00"]]},
        "closed": ["2026-12-25"],
        "special": {"2026-12-24": [["09:00", "16:00"]]},
    }
    assert "Until 02:00 the next day." in page
    assert 'value="2026-12-25"' in page


def test_nothing_typed_is_lost_on_an_error(editor):
    answer = editor.post(
        ADD,
        typed(
            latitude="91",
            name="Caf\u00e9",
            tags="one, two",
            attribute_name=["parking", ""],
            attribute_value=["true", ""],
            hours="these",
            tue_opens="25:00",
            tue_closes="18:00",
        ),
    )
    page = text(answer)

    assert not Place.objects.exists()
    kept = ("91", "Caf\u00e9", "one, two", "parking", "true", "25:00", "18:00")
    assert [one for one in kept if f'value="{one}"' not in page] == []
    assert "latitude is not from -90 to 90" in page
    assert "25:00" in page and answer.context["form"].hours.rows[1].errors


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": " "}, "name", "Give the place a name."),
        ({"external_id": ""}, "external_id", "Give your own number or name"),
        ({"latitude": ""}, "latitude", "Click the map"),
        ({"latitude": "north"}, "latitude", "Write a number"),
        ({"latitude": "120", "longitude": "52"}, "latitude", "swapped"),
        ({"longitude": "181"}, "longitude", "-180 to 180"),
        ({"radius_m": "NaN"}, "radius_m", "Write a number"),
        ({"radius_m": "10"}, "radius_m", "50"),
        ({"area": KNOT}, "area", "crosses itself"),
        ({"area": "{"}, "area", "Draw it on the map"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Mars"),
        ({"opens_on": "soon"}, "opens_on", "no date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(editor, changes, field, said):
    form = editor.post(ADD, typed(**changes)).context["form"]

    assert said in " ".join(form.errors[field])
    assert not Place.objects.exists()


def test_an_area_has_its_own_middle_and_size(editor):
    editor.post(ADD, typed(area=SQUARE))

    place = Place.objects.get()
    assert place.area is not None
    assert place.area["type"] == "Polygon"
    assert (round(place.latitude, 3), round(place.longitude, 3)) == (52.375, 4.895)
    assert 400 < place.radius_m < 600


def test_a_number_in_use_is_not_written_over(editor, acme):
    put(acme, "store-12", name="The first")

    answer = editor.post(ADD, typed())

    assert "“The first” has this one already" in text(answer)
    assert Place.objects.get().name == "The first"


def test_a_removed_place_comes_back_with_its_number(editor, acme):
    old = put(acme, "store-12")
    remove_places(workspace_id=acme.pk, external_ids=["store-12"], now=cast.NOW)

    editor.post(ADD, typed())

    assert Place.objects.get().pk == old.pk
    assert Place.objects.get().removed_at is None


def test_attributes_keep_what_they_are(editor, acme):
    place = put(acme, "store-12", attributes={"code": "12", "floors": 2, "hall": ["a", "b"]})
    shown = editor.get(url(place)).context["form"].attributes

    names, values = zip(*shown, strict=True)
    editor.post(url(place), typed(attribute_name=names, attribute_value=values))

    assert Place.objects.get().attributes == {"code": "12", "floors": 2, "hall": ["a", "b"]}


# --- what is worth a second look ---
def test_small_nested_and_overlapping_fences_are_named(editor, acme):
    small = put(acme, "kiosk", radius_m=60)
    put(acme, "mall", radius_m=400)
    put(acme, "next door", longitude=4.8985, radius_m=150)
    put(acme, "far away", longitude=5.2)

    said = editor.get(url(small)).context["warnings"]

    assert "under 150 m" in said[0]
    assert "inside “mall”" in said[1]
    assert "overlaps “next door”" in said[2]
    assert len(said) == 3


def test_a_fence_around_another_and_an_area_are_named_too(editor, acme):
    mall = put(acme, "mall", radius_m=2_000)
    put(acme, "kiosk", radius_m=60)
    ring = [[4.897, 52.375], [4.899, 52.375], [4.899, 52.377], [4.897, 52.375]]
    put(acme, "square", area={"type": "Polygon", "coordinates": [ring]})

    said = editor.get(url(mall)).context["warnings"]

    assert said == ["“kiosk”, “square” lie inside it. A phone in there is in both."]


# --- the list and the map ---
def test_an_empty_list_says_what_to_do_next(editor):
    assert "Add your first store" in text(editor.get(LIST))
    assert "Add your first store" in text(editor.get(MAP))


def test_the_list_tells_what_is_open_and_who_is_inside(editor, acme):
    days = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    weekly = {**days, "sun": [["09:00", "21:00"]]}
    place = put(acme, "store-12", hours={"weekly": weekly, "closed": [], "special": {}})
    put(acme, "shut", hours={"weekly": {}, "closed": [], "special": {}})
    for person, level in ((1, Level.HIGH), (2, Level.MEDIUM), (3, Level.NEAR)):
        Presence.objects.create(
            workspace_id=acme.pk, person_id=person, device_id=0, place_id=place.pk, level=level,
            near_since=cast.NOW, source="server", seen_at=cast.NOW,
        )  # fmt: skip

    rows = {row.name: row for row in editor.get(LIST).context["cl"].result_list}

    assert rows["store-12"].inside == 2
    assert rows["store-12"].opening.startswith("Open until")
    assert (rows["shut"].inside, rows["shut"].opening) == (0, "Closed")


def test_the_list_is_searched_and_filtered_by_tag(editor, acme):
    put(acme, "store-1", tags=("flagship",))
    put(acme, "store-2", address="Damrak 12")

    def found(**query):
        return [row.external_id for row in editor.get(LIST, query).context["cl"].result_list]

    assert found(tag="flagship") == ["store-1"]
    assert found(q="damrak") == ["store-2"]
    assert found(tag="none") == []


def test_the_map_gets_the_places_in_view_and_nobody_elses(editor, acme):
    here = put(acme, "here", name=HOSTILE)
    put(acme, "far", latitude=10)
    put(acme, "gone")
    remove_places(workspace_id=acme.pk, external_ids=["gone"], now=cast.NOW)
    put(cast.workspace(key="zebra"), "theirs")

    places = editor.get(AROUND, AMSTERDAM).json()["places"]

    assert [(one["id"], one["name"], one["url"]) for one in places] == [
        (here.pk, HOSTILE, url(here))
    ]


def test_a_view_across_the_date_line_has_both_sides(editor, acme):
    put(acme, "fiji", latitude=-17, longitude=179.9)
    put(acme, "samoa", latitude=-17, longitude=-179.9)
    put(acme, "other", latitude=-17, longitude=0)

    view = {"south": "-20", "north": "-10", "west": "179", "east": "181"}
    names = {one["name"] for one in editor.get(AROUND, view).json()["places"]}

    assert names == {"fiji", "samoa"}


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "1e999", "\0"])
def test_what_is_no_view_is_refused(editor, value):
    assert editor.get(AROUND, {**AMSTERDAM, "south": value}).status_code == 400


# --- who may ---
def test_a_viewer_looks_and_changes_nothing(viewer, acme):
    place = put(acme, "store-12", name="Before")

    looked = viewer.get(url(place))
    answers = [
        viewer.post(url(place), typed()),
        viewer.post(ADD, typed(external_id="new")),
        viewer.get(ADD),
        viewer.get(url(place, "delete")),
        viewer.post(url(place, "delete")),
    ]

    assert looked.status_code == 200 and "Save place" not in text(looked)
    assert viewer.get(AROUND, AMSTERDAM).status_code == 200
    assert [one.status_code for one in answers] == [403] * 5
    assert (Place.objects.get().name, Place.objects.get().removed_at) == ("Before", None)


def test_names_are_text_and_never_markup(editor, acme):
    place = put(acme, "store-12", name=HOSTILE, address=HOSTILE, tags=("<b>",))

    pages = [text(editor.get(page)) for page in (LIST, url(place), MAP, url(place, "delete"))]

    assert [page for page in pages if "<img src=x" in page] == []


def test_no_page_asks_another_server_for_anything(editor, acme):
    place = put(acme, "store-12")

    for page in (LIST, MAP, ADD, url(place)):
        answer = editor.get(page)
        assert re.findall(r'(?:src|href)="(?:https?:)?//', text(answer)) == []
        assert "img-src 'self' data:;" in answer["Content-Security-Policy"] + ";"
