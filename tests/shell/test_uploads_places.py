"""Import places in the admin: the file, its preview, its columns, and who may."""

from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from msgspec.structs import replace

from audience.models import Role
from orchestrator import clock
from orchestrator.models import PlaceImport
from orchestrator.pipeline import upkeep
from orchestrator.uploads.places import importing, work
from orchestrator.uploads.places.previewing import Preview
from tests import cast
from tests.place_files import (
    ADD,
    COOLSINGEL,
    DAMRAK,
    HEADER,
    STORES,
    here,
    imported,
    page,
    read,
    text,
    uploaded,
    worked,
)

pytestmark = pytest.mark.django_db
WRONG = (HEADER + DAMRAK + "bad,<b>Bad,north,4,X\n").encode()


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def editor(workspace):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


# --- the file ---
def test_a_file_is_read_in_the_background_and_says_how_far(editor):
    row = uploaded(editor)

    before, asked = text(editor.get(page(row))), editor.get(page(row, "progress")).json()
    worked()
    after = text(editor.get(page(row)))

    assert "The file is being read" in before
    assert asked == {"state": "reading", "busy": True, "done": 0, "of": 2}
    assert "Import 2 places" in after
    assert here() == []


BAD_FILES = [
    (b"", "The file is empty."),
    (b"\x89PNG\r\n", "This is a picture"),
    (b"id,name,lat,lon\n", "no places below it"),
    (b"id\n" + b"a" * 40_000_000, "larger than 40 MB"),
]


@pytest.mark.parametrize(("raw", "why"), BAD_FILES, ids=[why[:20] for _, why in BAD_FILES])
def test_a_file_that_cannot_be_used_is_refused_at_once(editor, raw, why):
    answer = editor.post(ADD, {"file": SimpleUploadedFile("stores.csv", raw)})

    assert why in text(answer)
    assert PlaceImport.objects.count() == 0


def test_no_file_is_said_at_its_field(editor):
    assert "Choose the file." in text(editor.post(ADD, {}))


# --- the preview ---
def test_the_preview_shows_places_faults_and_kinds(editor):
    shown = text(editor.get(page(read(editor, WRONG))))

    assert "<td>2</td><td><bdi>store-12</bdi></td><td><bdi>Damrak 12</bdi></td>" in shown
    assert "<td>3</td><td><bdi>latitude</bdi></td><td><bdi>“north” is not a number." in shown
    assert "<bdi>“latitude”: not a number</bdi> in 1 row" in shown
    assert "leave out the 1 wrong one" in shown


def test_what_a_file_says_is_escaped(editor):
    raw = b'id,name,lat,lon,"<script>x"\n<b>1,<i>A,52,4,<u>\n2,<em>B,<s>,4,x\n'

    shown = editor.get(page(read(editor, raw))).content.decode()

    assert [one for one in ("<script>x", "<b>1", "<i>A", "<u>", "<s>") if one in shown] == []


# --- columns ---
def columns(row, **change):
    meanings = {f"column_{at}": one for at, one in enumerate(row.choices["meanings"])}
    return meanings | {"order": "check"} | change


def test_other_columns_can_be_chosen(editor):
    row = read(editor, b"a,b,c,d\n1,Damrak,52.3,4.9\n")
    asked = text(editor.get(page(row)))

    meant = {"column_0": "external_id", "column_1": "name"}
    meant |= {"column_2": "latitude", "column_3": "longitude"}
    editor.post(page(row), columns(row, **meant))
    worked()

    assert "Which column is the External id, the Name, the Latitude, the Longitude?" in asked
    assert "Import 1 place<" in text(editor.get(page(row)))


def test_one_meaning_cannot_have_two_columns(editor):
    row = read(editor)

    answer = editor.post(page(row), columns(row, column_4="name"))

    assert "Only one column can be “Name”." in text(answer)
    assert PlaceImport.objects.get().state == "read"


def test_what_was_read_with_older_columns_is_not_believed(editor):
    row = read(editor)
    editor.post(page(row), columns(row, column_4=""))
    older = PlaceImport.objects.get()
    importing.choose(
        import_id=row.pk,
        workspace_id=row.workspace_id,
        choices=replace(
            importing.choices_of(row), meanings=(*row.choices["meanings"][:4], "address")
        ),
    )

    work.read(older, clock=clock.now, stopping=Event())
    still_read = PlaceImport.objects.get().state
    worked()

    assert still_read == "reading"
    assert '<th scope="col"><bdi>Address</bdi></th>' in text(editor.get(page(row)))


def test_a_file_that_fails_three_times_is_given_up_and_holds_up_no_other(editor, monkeypatch):
    def crash(self, *, progress):
        raise OSError("disk full")

    row = uploaded(editor)
    with monkeypatch.context() as broken:
        broken.setattr(Preview, "read", crash)
        for _ in range(3):
            with pytest.raises(OSError, match="disk full"):
                worked()
    other = read(editor)

    assert "could not be read, three times" in text(editor.get(page(row)))
    assert other.state == "read"


# --- importing ---
def test_importing_asks_first(editor):
    row = read(editor)

    asked = text(editor.get(page(row, "import")))

    assert "Import 2 places?" in asked
    assert "2 new, 0 changed, 0 as they are." in asked
    assert here() == []


def test_the_places_are_there_once_imported_and_the_file_is_gone(editor):
    row = read(editor)

    imported(editor, row)
    again = text(imported(editor, row))

    assert here() == ["store-12", "store-40"]
    assert (row.created, row.state, bytes(row.source), row.chunks) == (2, "done", b"", [])
    assert "2 places imported" in again


def test_with_a_fault_nothing_is_imported(editor):
    row = read(editor, WRONG)

    answer = imported(editor, row)

    assert "Nothing was imported. Some rows are wrong." in text(answer)
    assert here() == []


def test_wrong_rows_can_be_left_out_and_are_listed(editor):
    row = read(editor, WRONG)

    imported(editor, row, leave_out="on")
    shown = text(editor.get(page(row)))
    listed = editor.get(page(row, "left-out"))

    assert here() == ["store-12"]
    assert "<dt>Left out</dt><dd>1</dd>" in shown
    assert "attachment" in listed["Content-Disposition"]
    assert "bad,<b>Bad,north,4,X" in listed.content.decode()


def test_a_file_with_no_good_row_cannot_be_imported(editor):
    row = read(editor, (HEADER + "bad,Bad,north,4,X\n").encode())

    assert "There is no good row to import." in text(imported(editor, row, leave_out="on"))


def test_places_that_are_not_in_the_file_stay_unless_asked(editor):
    imported(editor, read(editor))
    row = read(editor, (HEADER + DAMRAK).encode())
    shown = text(editor.get(page(row)))

    imported(editor, row)
    kept = here()
    last = read(editor, (HEADER + DAMRAK).encode())
    asked = text(editor.get(page(last, "import") + "?remove_missing=on"))
    imported(editor, last, remove_missing="on")

    assert "Also remove the 1 place that is not in this file" in shown
    assert kept == ["store-12", "store-40"]
    assert "1 place that is not in this file is removed." in asked
    assert here() == ["store-12"]
    assert last.removed == 1


def test_a_removed_place_comes_back(editor):
    imported(editor, read(editor))
    imported(editor, read(editor, (HEADER + DAMRAK).encode()), remove_missing="on")

    imported(editor, read(editor, (HEADER + COOLSINGEL).encode()))

    assert here() == ["store-12", "store-40"]


# --- cancelling ---
def test_a_file_that_is_not_imported_can_be_cancelled(editor):
    row = read(editor)

    asked = text(editor.get(page(row, "delete")))
    editor.post(page(row, "delete"))

    assert "Nothing of it was imported." in asked
    assert PlaceImport.objects.count() == 0


def test_a_file_that_is_not_imported_goes_after_a_day(editor, noon):
    read(editor)
    done = read(editor)
    imported(editor, done)

    noon.forward(days=1, seconds=1)
    upkeep.delete_old(now=noon.now)

    assert [one.pk for one in PlaceImport.objects.all()] == [done.pk]


# --- who may ---
PARTS = ("change", "import", "progress", "left-out", "delete")


@pytest.mark.parametrize("part", PARTS)
def test_another_brands_import_is_not_there(editor, part):
    other = cast.workspace("other")
    row = read(cast.browser(cast.staff(Role.EDITOR, at=other, name="else")))

    assert editor.get(page(row, part)).status_code == 404
    assert editor.post(page(row, part)).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_viewer_imports_nothing(editor, workspace, part):
    row = read(editor, STORES)
    viewer = cast.browser(cast.staff(Role.VIEWER, at=workspace, name="viewer"))

    assert viewer.get(page(row, part)).status_code == 403
    assert viewer.post(page(row, part)).status_code == 403
    assert viewer.get(ADD).status_code == 403
