"""A campaign manager's browser on the pages of an import of places, and files to import."""

import json
from threading import Event

from django.core.files.uploadedfile import SimpleUploadedFile

from orchestrator import clock
from orchestrator.models import PlaceImport
from orchestrator.uploads.places import work
from triggers.models import Place

ADD = "/admin/orchestrator/placeimport/add/"
HEADER = "external_id,name,latitude,longitude,city\n"
DAMRAK = "store-12,Damrak 12,52.3755,4.8960,Amsterdam\n"
COOLSINGEL = "store-40,Coolsingel 40,51.9225,4.4792,Rotterdam\n"
STORES = (HEADER + DAMRAK + COOLSINGEL).encode()


def many(count, *, start=0):
    rows = (
        f"s{number},Store {number},{50 + number % 1000 / 500},{4 + number // 1000 / 50},Here\n"
        for number in range(start, start + count)
    )
    return (HEADER + "".join(rows)).encode()


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def uploaded(browser, raw=STORES, name="stores.csv"):
    """The import as it was kept, before any task has seen it."""
    browser.post(ADD, {"file": SimpleUploadedFile(name, raw)})
    return PlaceImport.objects.latest("pk")


def worked():
    work.work(clock=clock.now, stopping=Event())


def read(browser, raw=STORES):
    row = uploaded(browser, raw)
    worked()
    row.refresh_from_db()
    return row


def page(row, part="change"):
    return f"/admin/orchestrator/placeimport/{row.pk}/{part}/"


def imported(browser, row, **chosen):
    """Begun, and worked at until it is done."""
    answer = browser.post(page(row, "import"), chosen, follow=True)
    worked()
    row.refresh_from_db()
    return answer


def text(answer):
    return " ".join(answer.content.decode().split())


def here():
    """The external ids of the places that are not removed."""
    found = Place.objects.filter(removed_at=None).order_by("external_id")
    return list(found.values_list("external_id", flat=True))
