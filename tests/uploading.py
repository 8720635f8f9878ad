"""A campaign manager's browser on the pages of an upload."""

from django.core.files.uploadedfile import SimpleUploadedFile

from orchestrator.models import Inbox, Upload
from orchestrator.pipeline.message import DECODER
from tests import brand

ADD = "/admin/orchestrator/upload/add/"
LIST = "/admin/orchestrator/upload/"
PEOPLE = b"user_id,venue,score\nu1,Delft,7\nu2,Utrecht,8\nnull,Delft,9\nu1,Delft,7\n"


def file_of(raw, name="open day.csv"):
    return SimpleUploadedFile(name, raw, content_type="text/csv")


def uploaded(browser, raw=PEOPLE, event=brand.OPEN_DAY, **more):
    browser.post(ADD, {"file": file_of(raw), "event": event, **more})
    return Upload.objects.latest("pk")


def page(upload, part="change"):
    return f"/admin/orchestrator/upload/{upload.pk}/{part}/"


def text(answer):
    return " ".join(answer.content.decode().split())


def count(browser, upload):
    return browser.post(page(upload, "count"), follow=True)


def in_inbox():
    return [DECODER.decode(bytes(row.body)) for row in Inbox.objects.order_by("id")]


def chosen(event=brand.OPEN_DAY, **more):
    return {"event": event, "id_column": "0", "time": "now", "at": "", **more}
