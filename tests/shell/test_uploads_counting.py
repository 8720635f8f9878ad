"""Upload attendees in the admin: counting in chunks, cancelling, and who may."""

import io
from datetime import timedelta

import pytest

from audience.models import Role
from orchestrator.models import Inbox, Upload
from orchestrator.pipeline import upkeep
from orchestrator.uploads import counting, stored
from tests import brand, cast
from tests.uploading import ADD, LIST, chosen, count, file_of, in_inbox, page, text, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def editor(workspace):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


# --- counting ---
def test_counting_asks_first_and_says_what_may_be_sent(editor, workspace):
    brand.live_campaign(workspace, key="thanks")
    upload = uploaded(editor)

    answer = editor.post(page(upload), chosen() | {"_count": "1"}, follow=True)

    assert answer.redirect_chain == [(page(upload, "count"), 302)]
    assert "Count 2 rows as" in text(answer)
    assert "1 live campaign starts with this event and may send messages" in text(answer)
    assert Inbox.objects.count() == 0


def test_the_good_rows_become_events_of_the_server(editor):
    upload = uploaded(editor)

    answer = count(editor, upload)
    first, _second = in_inbox()

    assert "2 rows counted as" in text(answer)
    assert (first.type, first.name, first.source) == ("track", brand.OPEN_DAY, "server")
    assert (first.user_id, first.properties) == ("u1", {"venue": "Delft", "score": 7})
    assert first.message_id == f"upload-{upload.pk}-2"
    assert first.occurred_at == cast.NOW
    assert list(Inbox.objects.values_list("fresh", flat=True)) == [False, False]


def test_its_rows_are_gone_once_counted_and_it_counts_once(editor):
    upload = uploaded(editor)

    for _ in range(3):
        count(editor, upload)
    editor.post(page(upload), chosen(event="Else"))

    upload.refresh_from_db()
    assert (bytes(upload.rows), upload.counted_at) == (b"", cast.NOW)
    assert upload.event == brand.OPEN_DAY
    assert Inbox.objects.count() == 2


@pytest.fixture
def slow(monkeypatch):
    """One chunk a press."""
    monkeypatch.setattr("orchestrator.admin.uploads.COUNT_FOR_S", -1)


MANY = b"user_id\n" + b"".join(b"u%d\n" % number for number in range(1_200))


def test_it_counts_in_chunks_and_shows_how_far_it_is(editor, slow, noon):
    upload = uploaded(editor, MANY)
    said = []

    for _ in range(3):
        said.append(text(count(editor, upload)))
        noon.forward(minutes=1)

    assert "500 of 1,200 counted" in said[0]
    assert "1,000 of 1,200 counted" in said[1]
    assert "1,200 rows counted" in said[2]
    assert len({one.message_id for one in in_inbox()}) == Inbox.objects.count() == 1_200
    assert {one.occurred_at for one in in_inbox()} == {cast.NOW}


def test_a_crash_in_a_chunk_loses_and_repeats_nothing(editor, slow, monkeypatch):
    upload = uploaded(editor, MANY)
    count(editor, upload)

    def crash(*_args, **_more):
        raise OSError("the machine went down")

    with monkeypatch.context() as broken:
        broken.setattr(stored, "packed", crash)
        with pytest.raises(OSError, match="went down"):
            count(editor, upload)
    for _ in range(2):
        count(editor, upload)

    assert Inbox.objects.count() == 1_200
    assert len({one.message_id for one in in_inbox()}) == 1_200


def test_columns_cannot_change_once_it_counts(editor, slow):
    upload = uploaded(editor, MANY)
    count(editor, upload)

    answer = editor.post(page(upload), chosen(event="Else"))

    upload.refresh_from_db()
    assert "500 of 1,200" in text(answer)
    assert upload.event == brand.OPEN_DAY


def test_nothing_counts_where_no_row_can(editor):
    upload = uploaded(editor, b"id\nnull\n")

    answer = count(editor, upload)

    assert "no row of the file can count" in text(answer)
    assert Inbox.objects.count() == 0


# --- cancelling, and what stays ---
def test_cancelling_asks_and_deletes_the_file(editor):
    upload = uploaded(editor)

    asked = editor.get(page(upload, "delete"))
    answer = editor.post(page(upload, "delete"), follow=True)

    assert "Nothing of it has counted." in text(asked)
    assert answer.redirect_chain == [(LIST, 302)]
    assert Upload.objects.count() == 0
    assert editor.get(page(upload)).status_code == 404


def test_stopping_half_way_keeps_what_counted_and_forgets_the_rest(editor, slow):
    upload = uploaded(editor, MANY)
    count(editor, upload)

    asked = editor.get(page(upload, "delete"))
    editor.post(page(upload, "delete"))

    upload.refresh_from_db()
    assert "500 of 1,200 rows have counted already and stay." in text(asked)
    assert (upload.good, bytes(upload.rows), upload.counted_at) == (500, b"", cast.NOW)
    assert Inbox.objects.count() == 500


def test_what_counted_cannot_be_deleted(editor):
    upload = uploaded(editor)
    count(editor, upload)

    editor.get(page(upload, "delete"))
    editor.post(page(upload, "delete"))

    assert Upload.objects.count() == 1


def test_a_file_that_nobody_counts_is_gone_after_a_day(editor):
    uploaded(editor)
    done = uploaded(editor)
    count(editor, done)

    upkeep.delete_old(now=cast.NOW + timedelta(hours=23))
    kept = Upload.objects.count()
    upkeep.delete_old(now=cast.NOW + timedelta(hours=25))

    assert kept == 2
    assert Upload.objects.get() == done


def test_nothing_of_the_file_reaches_the_log(editor, caplog):
    logged = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", logged)
        patch.setattr("sys.stderr", logged)
        count(editor, uploaded(editor, b"user_id\nsecret-person\n"))
        editor.post(ADD, {"file": file_of(b'id,b\nsecret-person,"' + b"x\n" * 99_999)})

    assert "secret-person" not in logged.getvalue() + caplog.text


# --- who may ---
def test_a_viewer_neither_sees_nor_counts(editor, workspace):
    upload = uploaded(editor)
    viewer = cast.browser(cast.staff(Role.VIEWER, at=workspace))
    pages = [ADD, LIST, *(page(upload, part) for part in ("change", "count", "delete", "history"))]

    seen = [viewer.get(one).status_code for one in pages]
    done = [viewer.post(one, chosen()).status_code for one in pages]

    assert set(seen + done) == {403}
    assert "Upload attendees" not in text(viewer.get("/admin/"))
    assert Inbox.objects.count() == 0


def test_another_workspaces_upload_is_not_found(editor):
    upload = uploaded(editor)
    stranger = cast.owner_of(cast.workspace("other"))

    answers = [
        ask(page(upload, part)).status_code
        for part in ("change", "count", "delete", "history")
        for ask in (stranger.get, stranger.post)
    ]

    assert set(answers) == {404}
    assert Upload.objects.count() == 1


def test_the_services_look_in_one_workspace_only(editor, workspace):
    upload = uploaded(editor)
    other = cast.workspace("other").pk
    before = Upload.objects.values().get()

    counting.stop(upload_id=upload.pk, workspace_id=other, now=cast.NOW)
    counting.go_on(upload_id=upload.pk, workspace_id=other, now=cast.NOW, for_s=1)

    assert Upload.objects.values().get() == before


def test_the_list_tells_who_uploaded_what(editor):
    empty = text(editor.get(LIST))
    count(editor, uploaded(editor))
    shown = text(editor.get(LIST))

    assert "Nobody was uploaded yet" in empty
    assert "open day.csv" in shown
    assert "staff-" in shown
