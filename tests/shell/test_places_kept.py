"""Indexes of places in memory: never older than asked for, whoever else asks meanwhile."""

import threading
from functools import partial

import pytest

from orchestrator.places import kept
from tests import brand
from tests.shell.test_idempotency_races import in_threads
from tests.shell.test_places_services import FULL, LATER, NOW, STORE, like, stores, version
from triggers.models import Place
from triggers.places.areas import read_area
from triggers.places.geometry import Position
from triggers.selectors.places import changed_since
from triggers.services.places import put_places, remove_places

pytestmark = pytest.mark.django_db


def index(workspace):
    return kept.index_of(workspace.pk, version(workspace))


def ids():
    return dict(Place.objects.values_list("external_id", "pk"))


def test_a_workspace_without_places_has_an_empty_index(workspace):
    assert len(index(workspace)) == 0


def test_an_index_holds_circles_and_areas_as_they_were_put(workspace):
    put_places(workspace=workspace, places=[STORE, FULL], now=NOW)

    found = index(workspace)

    circle, park = found.fence(ids()["store-1"]), found.fence(ids()["store-2"])
    assert (circle.centre, circle.radius_m, circle.area) == ((52.375, 4.896), 150, ())
    assert park.area == read_area(FULL.area)
    assert found.approach_m(ids()["store-2"]) == 0
    assert found.near(Position(52.375, 4.896)) == [ids()["store-1"]]


def test_two_polygons_with_a_hole_come_through(workspace):
    ring = [[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.0]]
    hole = [[4.05, 52.02], [4.08, 52.04], [4.08, 52.02], [4.05, 52.02]]
    east = [[[longitude + 0.2, latitude] for longitude, latitude in ring]]
    area = {"type": "MultiPolygon", "coordinates": [[ring, hole], east]}

    put_places(workspace=workspace, places=[like(STORE, area=area)], now=NOW)

    assert index(workspace).fence(ids()["store-1"]).area == read_area(area)


def test_it_catches_up_by_what_changed(workspace, django_assert_num_queries):
    put_places(workspace=workspace, places=stores(3), now=NOW)
    first = index(workspace)
    put_places(workspace=workspace, places=[like(STORE, latitude=10.0)], now=NOW)
    remove_places(workspace_id=workspace.pk, external_ids=["store-2"], now=LATER)
    asked = version(workspace)

    with django_assert_num_queries(1):
        second = kept.index_of(workspace.pk, asked)

    assert (len(first), len(second)) == (3, 2)
    assert second.fence(ids()["store-1"]).centre.latitude == 10
    assert first.fence(ids()["store-1"]).centre.latitude == 52.375
    assert ids()["store-2"] not in second.near(Position(52.375, 4.896))
    assert ids()["store-2"] in first.near(Position(52.375, 4.896))


def test_a_place_that_is_back_is_found_again(workspace):
    put_places(workspace=workspace, places=[STORE], now=NOW)
    remove_places(workspace_id=workspace.pk, external_ids=["store-1"], now=LATER)
    assert len(index(workspace)) == 0

    put_places(workspace=workspace, places=[STORE], now=LATER)

    assert len(index(workspace)) == 1


def test_what_is_known_costs_no_query(workspace, django_assert_num_queries):
    put_places(workspace=workspace, places=[STORE], now=NOW)
    asked = version(workspace)
    first = kept.index_of(workspace.pk, asked)

    with django_assert_num_queries(0):
        assert kept.index_of(workspace.pk, asked) is first
        assert kept.index_of(workspace.pk, asked - 1) is first


def test_workspaces_are_kept_apart(workspace):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    put_places(workspace=workspace, places=[STORE], now=NOW)

    assert (len(index(workspace)), len(index(other))) == (1, 0)


def test_the_workspace_asked_longest_ago_is_let_go(workspace, monkeypatch):
    monkeypatch.setattr(kept, "MOST_PLACES", 5)
    other = brand.workspace_with_keys(key="other", prefix="other-")
    put_places(workspace=workspace, places=stores(3), now=NOW)
    put_places(workspace=other, places=stores(3), now=NOW)

    ours, theirs = index(workspace), index(other)

    assert index(other) is theirs
    assert index(workspace) is not ours
    assert len(index(workspace)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_one_builds_and_none_gets_less(workspace, monkeypatch):
    put_places(workspace=workspace, places=stores(20), now=NOW)
    asked, builds, answers = version(workspace), [], []
    together = threading.Barrier(8)

    def counted(**asked_for):
        builds.append(asked_for)
        return read(**asked_for)

    def ask():
        together.wait(20)
        answers.append(kept.index_of(workspace.pk, asked))

    read = changed_since
    monkeypatch.setattr(kept, "changed_since", counted)
    with in_threads(*[partial(ask) for _ in range(8)]):
        pass

    assert len(builds) == 1
    assert [len(one) for one in answers] == [20] * 8
