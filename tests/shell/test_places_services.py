"""Places in the database: put, put again, removed, and as the rows that others read."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import DataError

from audience.models import Workspace
from tests import brand
from tests.shell.test_idempotency_races import in_threads
from triggers.models import Place
from triggers.places.given import PlaceInput, read_place
from triggers.selectors.places import changed_since, dated, snapshots, version_of
from triggers.services.places import CHUNK, Put, TwinPlacesError, put_places, remove_places

pytestmark = pytest.mark.django_db

NOW = brand.FOUNDED
LATER = NOW + timedelta(days=1)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[4.0, 52.0], [4.01, 52.0], [4.01, 52.01], [4.0, 52.01], [4.0, 52.0]]],
}
STORE = PlaceInput(external_id="store-1", name="Damrak 12", latitude=52.375, longitude=4.896)
FULL = read_place(
    {
        "external_id": "store-2", "name": "Park", "area": SQUARE, "approach_m": 0,
        "tags": ["b", "a", 'quo"te', "com,ma", "{}"], "attributes": {"floors": 2, "text": "ü\\“"},
        "address": "Parklaan 1", "phone": "+31 30", "time_zone": "America/New_York",
        "hours": {"weekly": {"mon": [["09:00", "18:00"]]}}, "opens_on": "2026-03-01",
        "closes_on": "2027-03-01",
    }
)  # fmt: skip


def like(place, **changes):
    fields = {name: getattr(place, name) for name in PlaceInput.__dataclass_fields__}
    return PlaceInput(**{**fields, **changes})


def stores(count):
    return [like(STORE, external_id=f"store-{number}") for number in range(count)]


def version(workspace):
    return version_of(workspace_id=workspace.pk)


@pytest.fixture
def put(workspace):
    def put(*places, now=NOW):
        return put_places(workspace=workspace, places=places, now=now)

    return put


@pytest.fixture
def remove(workspace):
    def remove(*external_ids, now=LATER):
        return remove_places(workspace_id=workspace.pk, external_ids=external_ids, now=now)

    return remove


# --- put ---
def test_new_places_are_created_with_all_they_have(put, workspace):
    result = put(STORE, FULL)

    assert result == Put(created=2, changed=0, unchanged=0)
    park = Place.objects.get(external_id="store-2")
    for name in PlaceInput.__dataclass_fields__:
        value = getattr(FULL, name)
        assert getattr(park, name) == (list(value) if name == "tags" else value)
    assert (park.created_at, park.changed_at, park.removed_at) == (NOW, NOW, None)
    assert park.workspace == workspace
    park.full_clean()


def test_the_version_is_raised_once_a_call(put, workspace):
    before = version(workspace)

    put(*stores(3))
    put(*stores(5))

    assert version(workspace) == before + 2
    versions = Place.objects.order_by("id").values_list("version", flat=True)
    assert list(versions) == [before + 1] * 3 + [before + 2] * 2


def test_what_is_the_same_is_unchanged_and_raises_no_version(put, workspace):
    put(STORE, FULL)
    before = version(workspace)

    again = put(STORE, FULL, now=LATER)

    assert again == Put(created=0, changed=0, unchanged=2)
    assert version(workspace) == before
    assert set(Place.objects.values_list("changed_at", flat=True)) == {NOW}


CHANGES = {
    "name": "Damrak 14", "latitude": 52.3751, "longitude": -4.896, "radius_m": 151.0,
    "area": SQUARE, "approach_m": 0.0, "tags": ("flagship",), "attributes": {"floors": 3},
    "address": "Damrak 14", "phone": "112", "time_zone": "Europe/Paris",
    "hours": {"weekly": {}, "closed": [], "special": {}}, "opens_on": date(2026, 1, 1),
    "closes_on": date(2026, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
def test_any_field_alone_is_a_change_there_and_back(field, put, workspace):
    put(STORE, like(STORE, external_id="store-9"))
    changed = like(STORE, **{field: CHANGES[field]})

    there = put(changed, like(STORE, external_id="store-9"), now=LATER)
    back = put(STORE, now=LATER)

    assert there == Put(created=0, changed=1, unchanged=1)
    assert back == Put(created=0, changed=1, unchanged=0)
    place = Place.objects.get(external_id="store-1")
    assert (place.created_at, place.changed_at) == (NOW, LATER)
    assert place.version == version(workspace)
    assert set(CHANGES) | {"external_id"} == set(PlaceInput.__dataclass_fields__)


def test_the_order_of_keys_is_no_change_and_that_of_tags_is(put):
    put(like(STORE, attributes={"a": 1, "b": 2}, tags=("a", "b")))

    assert put(like(STORE, attributes={"b": 2, "a": 1}, tags=("a", "b"))).unchanged == 1
    assert put(like(STORE, attributes={"b": 2, "a": 1}, tags=("b", "a"))).changed == 1


def test_more_places_than_a_chunk_are_one_put(put, workspace):
    before = version(workspace)

    result = put(*stores(CHUNK + 1))

    assert result.created == Place.objects.count() == CHUNK + 1
    assert version(workspace) == before + 1


def test_nothing_is_put_if_one_place_cannot_be(put, workspace):
    before = version(workspace)

    with pytest.raises(DataError):
        put(*stores(CHUNK), like(STORE, external_id="last", name="\0"))

    assert not Place.objects.exists()
    assert version(workspace) == before


def test_the_same_external_id_twice_is_refused(put):
    with pytest.raises(TwinPlacesError):
        put(STORE, FULL, like(STORE, name="Another"))

    assert not Place.objects.exists()


def test_nothing_given_is_nothing_done(put, remove, workspace):
    before = version(workspace)

    assert put() == Put(created=0, changed=0, unchanged=0)
    assert remove() == 0
    assert version(workspace) == before


def test_another_workspace_has_places_of_its_own(put, workspace):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    put(STORE)
    before = version(workspace)

    put_places(workspace=other, places=[like(STORE, name="Ours")], now=NOW)
    removed = remove_places(workspace_id=other.pk, external_ids=["store-1"], now=NOW)

    assert removed == 1
    assert version(workspace) == before
    assert Place.objects.get(workspace=workspace).name == "Damrak 12"
    assert Place.objects.get(workspace=workspace).removed_at is None


# --- removed, and back ---
def test_a_removed_place_stays_as_a_row_that_says_so(put, remove, workspace):
    put(STORE, FULL)
    before = version(workspace)

    assert remove("store-1", "unknown") == 1

    place = Place.objects.get(external_id="store-1")
    assert (place.removed_at, place.changed_at) == (LATER, LATER)
    assert place.version == version(workspace) == before + 1


def test_what_is_gone_is_not_removed_again(put, remove, workspace):
    put(STORE)
    remove("store-1")
    before = version(workspace)

    assert remove("store-1") == 0
    assert version(workspace) == before


def test_a_put_brings_a_removed_place_back_as_the_same_one(put, remove, workspace):
    put(STORE)
    id = Place.objects.get().pk
    remove("store-1")

    back = put(STORE, now=LATER)

    assert back == Put(created=0, changed=1, unchanged=0)
    place = Place.objects.get()
    assert (place.pk, place.removed_at, place.version) == (id, None, version(workspace))


@pytest.mark.django_db(transaction=True)
def test_puts_at_the_same_time_follow_each_other(workspace):
    before = version(workspace)
    puts = [
        partial(put_places, workspace=workspace, places=[*stores(50)][::step], now=NOW)
        for step in (1, -1, 2, -2)
    ]

    with in_threads(*puts):
        pass

    assert Place.objects.count() == 50
    assert version(workspace) == Workspace.objects.get(pk=workspace.pk).places_version
    assert before < version(workspace) <= before + 2
    assert Place.objects.order_by("-version")[0].version == version(workspace)


# --- as others read them ---
def test_a_snapshot_is_what_an_event_carries(put):
    put(STORE, FULL)
    ids = dict(Place.objects.values_list("external_id", "pk"))

    found = snapshots(ids=ids.values())

    assert found[ids["store-1"]] == {
        "id": ids["store-1"], "external_id": "store-1", "name": "Damrak 12", "tags": [],
        "attributes": {}, "address": "", "phone": "", "time_zone": "UTC", "hours": None,
        "opens_on": None, "closes_on": None,
    }  # fmt: skip
    park = found[ids["store-2"]]
    assert (park["time_zone"], park["opens_on"]) == ("America/New_York", "2026-03-01")
    assert (park["tags"], park["hours"]) == (list(FULL.tags), FULL.hours)
    assert park["attributes"] == FULL.attributes


def test_names_and_dates_come_by_id(put):
    put(FULL)
    id = Place.objects.get().pk

    assert dated(ids=[id, 0]) == {
        id: ("store-2", "America/New_York", date(2026, 3, 1), date(2027, 3, 1))
    }


def test_only_what_changed_since_a_version_is_read(put, remove, workspace):
    put(*stores(3))
    since = version(workspace)
    put(*stores(2), FULL)
    remove("store-0")

    found = list(changed_since(workspace_id=workspace.pk, version=since))

    ids = dict(Place.objects.values_list("external_id", "pk"))
    assert {one.id: one.removed for one in found} == {ids["store-0"]: True, ids["store-2"]: False}
    [park] = [one for one in found if not one.removed]
    assert (park.area, park.approach_m, park.radius_m) == (FULL.area, 0, FULL.radius_m)
    assert len(list(changed_since(workspace_id=workspace.pk, version=0))) == 3
