"""From an app's events to the catalogue, while somebody floods it with names."""

import pytest

from orchestrator.api import throttle
from orchestrator.pipeline import upkeep
from tests import brand, cast
from triggers.models import Event, EventCount, EventName

pytestmark = pytest.mark.django_db


def counted(workspace):
    rows = EventCount.objects.filter(workspace=workspace)
    return {one.name: one.events for one in rows}


def test_a_flood_of_names_is_recorded_and_counted_and_hides_nothing(
    workspace, phone, work, virtual_clock
):
    phone.batch(brand.attended("anna"))
    work()
    for batch in range(3):
        throttle.refill()
        phone.batch(
            *(
                {
                    "type": "track",
                    "userId": "anna",
                    "event": f"Order {batch * 500 + one}",
                    "messageId": f"{batch}-{one}",
                }
                for one in range(500)
            )
        )
        work()
    phone.batch(brand.attended("anna", "again"))
    work()
    virtual_clock.forward(minutes=2)

    upkeep.upkeep(now=virtual_clock())

    found = counted(workspace)
    assert Event.objects.count() == sum(found.values()) == 1_502
    assert EventName.objects.count() == 1_000
    assert (found[brand.OPEN_DAY], found[""]) == (2, 501)


def test_a_name_is_in_the_catalogue_at_once(workspace, phone, work, virtual_clock):
    phone.batch(brand.attended("anna"))
    work()
    virtual_clock.forward(seconds=1)

    page = cast.owner_of(workspace).get("/admin/triggers/eventname/").content.decode()

    assert brand.OPEN_DAY in page
    assert "1 in the last 14 days, most on 21 Nov: 1" in page


def test_days_without_an_upkeep_are_made_up_for(workspace, phone, work, virtual_clock):
    phone.batch(brand.attended("anna"))
    work()
    virtual_clock.forward(days=3)
    phone.batch(brand.attended("anna", "later"))
    work()
    virtual_clock.forward(minutes=2)

    upkeep.upkeep(now=virtual_clock())

    days = EventCount.objects.filter(name=brand.OPEN_DAY).order_by("day")
    assert [(one.day.isoformat(), one.events) for one in days] == [
        ("2026-11-21", 1),
        ("2026-11-24", 1),
    ]
