"""A manager imports 2,000 stores; the machine goes down in the middle, and none is lost."""

import pytest

from audience.models import Role, Workspace
from orchestrator.uploads.places import work
from tests import cast
from tests.place_files import here, imported, many, page, read, text, worked
from triggers.models import Place
from triggers.services import places as services

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def manager(workspace):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


class MachineDownError(OSError):
    """What a chunk meets in the middle."""


def test_a_crash_in_a_chunk_loses_and_repeats_nothing(manager, monkeypatch):
    row = read(manager, many(2_000))
    written = services.put_places

    def crash(*, places, **more):
        put = written(places=places, **more)
        if places[0].external_id == "s1000":
            raise MachineDownError
        return put

    with monkeypatch.context() as broken:
        broken.setattr(work, "put_places", crash)
        with pytest.raises(MachineDownError):
            imported(manager, row)
    half, shown = len(here()), text(manager.get(page(row)))
    worked()
    row.refresh_from_db()

    assert half == 1_000
    assert "The places are being imported" in shown
    assert (row.state, row.done, row.created, row.unchanged) == ("done", 2_000, 2_000, 0)
    assert len(here()) == 2_000


def test_a_crash_while_reading_begins_anew(manager, monkeypatch):
    def crash(**_more):
        raise MachineDownError

    row = read(manager, many(1_500))
    row.state, row.revision = "reading", row.revision + 1
    row.save(update_fields=["state", "revision"])

    with monkeypatch.context() as broken:
        broken.setattr(
            "orchestrator.uploads.places.previewing.missing",
            crash,
        )
        with pytest.raises(MachineDownError):
            worked()
    worked()
    row.refresh_from_db()

    assert (row.state, row.found["new"], len(row.chunks)) == ("read", 1_500, 2)
    assert Place.objects.count() == 0


def test_a_task_that_runs_out_of_time_is_gone_on_with(manager, monkeypatch):
    monkeypatch.setattr(work, "WORK_FOR_S", -1)
    row = read(manager, many(2_500))

    steps = []
    manager.post(page(row, "import"))
    while row.state != "done":
        worked()
        row.refresh_from_db()
        steps.append((row.state, row.done))

    assert steps == [("writing", 1_000), ("writing", 2_000), ("writing", 2_500), ("done", 2_500)]
    assert len(here()) == 2_500


def test_stopping_half_way_keeps_what_is_imported(manager, monkeypatch):
    monkeypatch.setattr(work, "WORK_FOR_S", -1)
    row = read(manager, many(2_500))
    manager.post(page(row, "import"))
    worked()

    asked = text(manager.get(page(row, "delete")))
    manager.post(page(row, "delete"))
    worked()

    assert "1,000 of 2,500 places are imported already and stay" in asked
    assert len(here()) == 1_000
    assert "1,000 of 2,500 places imported, then it was stopped" in text(manager.get(page(row)))


def test_importing_the_same_file_again_changes_nothing(manager):
    imported(manager, read(manager, many(2_000)))
    before = Workspace.objects.get().places_version

    row = read(manager, many(2_000))
    imported(manager, row)

    assert (row.created, row.changed, row.unchanged) == (0, 0, 2_000)
    assert Workspace.objects.get().places_version == before
