"""A manager uploads who came to the open day; one who has a phone gets the push, once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audience.models import Role
from campaigns.models import Moment
from orchestrator.models import Upload
from tests import brand, cast
from triggers.models import Event

pytestmark = pytest.mark.django_db

ADD = "/admin/orchestrator/upload/add/"
ATTENDEES = b"\xef\xbb\xbfKlantnummer;venue\r\nanna;Delft\r\nben;Delft\r\nnull;Delft\r\n"


@pytest.fixture
def manager(workspace):
    return cast.browser(cast.staff(Role.EDITOR, at=workspace))


def upload(manager):
    file = SimpleUploadedFile("open day.csv", ATTENDEES)
    manager.post(ADD, {"file": file, "event": brand.OPEN_DAY})
    made = Upload.objects.latest("pk")
    return f"/admin/orchestrator/upload/{made.pk}/"


def test_an_uploaded_attendee_gets_a_push_once(manager, workspace, phone, fcm, virtual_clock, work):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"))
    work()
    made = upload(manager)
    before = fcm.messages

    for _ in range(2):
        manager.post(f"{made}count/")
        work()
    shown = " ".join(manager.get(f"{made}change/").content.decode().split())

    assert before == []
    assert [one["notification"]["body"] for one in fcm.messages] == [
        "Hi Anna, thank you for visiting Delft"
    ]
    assert Event.objects.filter(name=brand.OPEN_DAY, source="server").count() == 2
    assert Moment.objects.count() == 2
    assert '<bdi>Thank You</bdi></a><p class="mo-quiet">1 sent, 1 not sent</p>' in shown
    assert f"?campaign={Moment.objects.values_list('campaign_id', flat=True)[0]}" in shown


def test_attendees_of_long_ago_are_recorded_and_get_nothing(
    manager, workspace, phone, fcm, virtual_clock, work
):
    brand.live_campaign(workspace)
    phone.batch(brand.identify("anna"))
    work()
    made = upload(manager)
    long_ago = (virtual_clock.now - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")

    manager.post(
        f"{made}change/",
        {"event": brand.OPEN_DAY, "id_column": "0", "time": "at", "at": long_ago},
    )
    manager.post(f"{made}count/")
    work()

    assert fcm.messages == []
    assert Event.objects.filter(name=brand.OPEN_DAY).count() == 2
    assert set(Moment.objects.values_list("reason", flat=True)) == {"event_too_old"}
