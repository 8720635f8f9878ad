"""Upload attendees in the admin: the file, and its preview."""

import pytest

from audience.models import Role
from orchestrator.models import Inbox, Upload
from tests import brand, cast
from tests.uploading import ADD, PEOPLE, chosen, count, file_of, in_inbox, page, text, uploaded
from triggers.models import EventName

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(virtual_clock):
    return virtual_clock


@pytest.fixture
def editor(workspace):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


# --- the file ---
def test_a_file_leads_to_its_preview(editor):
    answer = editor.post(ADD, {"file": file_of(PEOPLE), "event": brand.OPEN_DAY}, follow=True)

    upload = Upload.objects.get()
    assert answer.redirect_chain == [(page(upload), 302)]
    assert (upload.name, upload.good, upload.bad) == ("open day.csv", 2, 2)
    assert Inbox.objects.count() == 0


BAD_FILES = [
    (b"", "The file is empty."),
    (b"PK\x03\x04[Content_Types].xml", "This is an Excel file. Save it as CSV."),
    (b"\x89PNG\r\n", "This is a picture"),
    (b"user_id\n", "no people below it"),
    (b"id\n" + b"a" * 10_000_000, "larger than 10 MB"),
]


@pytest.mark.parametrize(("raw", "why"), BAD_FILES, ids=[why[:20] for _, why in BAD_FILES])
def test_a_file_that_is_no_list_is_refused_and_the_event_is_kept(editor, raw, why):
    answer = editor.post(ADD, {"file": file_of(raw, "people.csv"), "event": "Fair <b> Visited"})

    assert why in text(answer)
    assert "Fair &lt;b&gt; Visited" in text(answer)
    assert Upload.objects.count() == 0


def test_no_file_is_said_at_its_field(editor):
    assert "Choose the file." in text(editor.post(ADD, {"event": "x"}))


@pytest.mark.parametrize("event", ["", "Push Opened", "x" * 201])
def test_a_good_file_is_kept_though_the_event_is_wrong(editor, event):
    answer = editor.post(ADD, {"file": file_of(PEOPLE), "event": event}, follow=True)

    upload = Upload.objects.get()
    assert upload.event == ""
    assert "u1" in text(answer)
    assert count(editor, upload).status_code == 200
    assert Inbox.objects.count() == 0


# --- the preview ---
def test_the_preview_shows_good_rows_and_why_others_are_left_out(editor):
    shown = text(editor.get(page(uploaded(editor))))

    assert "<bdi>u2</bdi>" in shown
    assert "when counted" in shown
    assert "<td>4</td><td><bdi>“null” is not a user id: a program wrote it" in shown
    assert "<td>5</td><td><bdi>The same as line 2.</bdi>" in shown


def test_it_says_how_many_are_known(editor, workspace):
    cast.person(workspace, "u1")
    cast.person(workspace, None, anonymous_ids=["u2"])
    cast.person(cast.workspace("other"), "u2")

    shown = text(editor.get(page(uploaded(editor))))

    assert "1 of 2 are people we know; 1 is new: they get no push until their phone" in shown


def test_it_says_loudly_which_live_campaigns_start(editor, workspace):
    brand.live_campaign(workspace, key="thanks")
    brand.live_campaign(workspace, key="gift")
    cast.campaign(workspace, "asleep", state="paused")
    brand.live_campaign(workspace, key="other", event="Something Else")

    shown = text(editor.get(page(uploaded(editor))))

    assert "2 live campaigns start with this event and may send messages" in shown
    assert "<bdi>Thanks</bdi>" in shown
    assert "<bdi>Other</bdi>" not in shown


def test_it_says_what_is_too_old_for_a_campaign(editor, workspace):
    brand.live_campaign(workspace, key="thanks", useful_for_s=3600 * 24)
    rows = b"user_id,date\nu1,2026-11-21 10:00\nu2,2026-11-20 10:00\nu3,2026-11-01\n"

    shown = text(editor.get(page(uploaded(editor, rows))))

    assert "2 of these rows happened too long ago for it" in shown
    assert "ignores events older than 3 days, and its message is too late after 24 h" in shown


def test_an_event_that_nobody_did_may_be_a_typing_error(editor, workspace):
    told = "Nobody has done this before"
    unknown = text(editor.get(page(uploaded(editor))))
    EventName.objects.create(
        workspace=workspace, name=brand.OPEN_DAY, first_seen_at=cast.NOW, last_seen_at=cast.NOW
    )
    known = text(editor.get(page(uploaded(editor))))

    assert told in unknown
    assert "No live campaign starts with" in known
    assert told not in known


def test_what_a_file_says_is_escaped(editor):
    raw = b"id,<script>x</script>\n<b>u1</b>,=cmd<i>\n<u>0</u>,\xff\n"
    upload = uploaded(editor, raw, event="<em>Open")

    shown = editor.get(page(upload)).content.decode()

    for hostile in ("<script>x", "<b>u1", "<i>", "<u>0", "<em>Open"):
        assert hostile not in shown
    assert "=cmd&lt;i&gt;" in shown
    assert "read as Windows text" in shown


def test_other_columns_can_be_chosen(editor):
    upload = uploaded(editor, b"id,number,day\nx,u1,20-11-2026 10:00\ny,u2,never\n")

    editor.post(page(upload), chosen(id_column="1", time="2"))
    shown = text(editor.get(page(upload)))

    assert '<bdi>u1</bdi></th><td class="up-when">20 Nov 2026 10:00</td>' in shown
    assert "“never” is not a time we can read" in shown


def test_one_time_for_all_is_on_the_workspaces_clock(editor, workspace):
    workspace.time_zone = "Europe/Amsterdam"
    workspace.save()
    upload = uploaded(editor)

    editor.post(page(upload), chosen(time="at", at="2026-11-14T10:00"))
    shown = editor.get(page(upload)).content.decode()
    count(editor, upload)

    assert 'value="2026-11-14T10:00"' in shown
    assert [one.occurred_at.isoformat() for one in in_inbox()] == ["2026-11-14T09:00:00+00:00"] * 2


WRONG = [
    ({"event": ""}, "Say what these people did."),
    ({"event": "Push Opened"}, "is written by Moments itself"),
    ({"id_column": ""}, "Choose the column with the user id."),
    ({"id_column": "99"}, "not one of the available choices"),
    ({"time": "0"}, "This column is the user id already."),
    ({"time": "at"}, "Choose the date and time."),
    ({"time": "at", "at": "2026-11-22T10:00"}, "still to come"),
    ({"time": "at", "at": "soon"}, "Write a date and a time."),
    ({"time": "²"}, "not one of the available choices"),
    ({"event": "a\0b"}, "Null characters are not allowed."),
]


@pytest.mark.parametrize(("change", "why"), WRONG, ids=[why[:25] for _, why in WRONG])
def test_what_is_wrong_is_said_and_nothing_is_lost(editor, change, why):
    upload = uploaded(editor)
    before = Upload.objects.values().get()

    answer = editor.post(page(upload), chosen(event="Fair Visited", _count="1") | change)

    assert why in text(answer)
    assert change.get("event", "Fair Visited") in answer.content.decode()
    assert Upload.objects.values().get() == before
