"""Two carts on each phone of the phones page: what is in them, and what waits because of it."""

import pytest

from campaigns.models import Campaign
from campaigns.services import campaigns
from orchestrator import clock
from tests.phones import ANNA, BRAM, bought, filled, hello, track

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(virtual_clock):
    return virtual_clock


def test_a_filled_cart_says_until_when_its_reminder_waits(recipe, app, page, work):
    app.batch(hello(ANNA), filled(ANNA, "cart-2-a"))
    work()

    assert page.carts(ANNA) == {
        "cart-2": {
            "cart_id": "cart-2-a",
            "bought": False,
            "reminders": [
                {
                    "state": "waiting",
                    "sentence": "Waiting.",
                    "until": "2026-11-21T12:45:00Z",
                    "paused": False,
                }
            ],
        }
    }
    assert page.carts(BRAM) == {}


def test_a_bought_cart_says_that_its_reminder_was_cancelled_and_the_other_waits_on(
    recipe, app, page, work
):
    app.batch(hello(ANNA), filled(ANNA, "cart-1-a"), filled(ANNA, "cart-2-a"))
    work()
    app.batch(bought(ANNA, "cart-1-a"))
    work()

    carts = page.carts(ANNA)

    assert [(one["bought"], states(one)) for one in (carts["cart-1"], carts["cart-2"])] == [
        (True, ["cancelled"]),
        (False, ["waiting"]),
    ]
    assert "meanwhile the person did" in carts["cart-1"]["reminders"][0]["sentence"]


def states(cart):
    return [one["state"] for one in cart["reminders"]]


def test_the_purchase_tells_in_the_timeline_what_it_cancelled(recipe, app, page, work):
    app.batch(hello(ANNA), filled(ANNA, "cart-1-a"), filled(ANNA, "cart-2-a"))
    work()
    app.batch(bought(ANNA, "cart-1-a"), bought(ANNA, "cart-2-b"))
    work()

    told = {
        dict(entry["properties"])["cart_id"]: entry["cancelled"]
        for entry in page.feed()["timeline"]
        if entry["name"] == "Order Completed"
    }

    url = f"/admin/campaigns/campaign/{Campaign.objects.get(key='cart-left-behind').pk}/change/"
    assert told == {
        "cart-1-a": [{"campaign": "Cart left behind", "url": url, "about": "cart-1-a"}],
        "cart-2-b": [],
    }


def test_what_one_person_bought_cancels_nothing_of_another_with_the_same_cart(
    recipe, app, page, work
):
    app.batch(filled(ANNA, "cart-1-a"), filled(BRAM, "cart-1-a"))
    work()
    app.batch(bought(BRAM, "cart-1-a"))
    work()

    assert page.carts(ANNA)["cart-1"]["bought"] is False
    assert states(page.carts(ANNA)["cart-1"]) == ["waiting"]
    assert states(page.carts(BRAM)["cart-1"]) == ["cancelled"]


def test_a_cart_filled_anew_is_another_cart(recipe, app, page, work, virtual_clock):
    app.batch(filled(ANNA, "cart-1-a"), bought(ANNA, "cart-1-a"))
    work()
    virtual_clock.forward(minutes=1)

    app.batch(filled(ANNA, "cart-1-b"))
    work()

    cart = page.carts(ANNA)["cart-1"]
    assert (cart["cart_id"], cart["bought"], states(cart)) == ("cart-1-b", False, ["waiting"])


def test_a_wait_that_is_not_of_a_cart_is_told_by_its_campaign(recipe, app, page, work):
    app.batch(track(ANNA, "Product Added", cart_id="from elsewhere"))
    work()

    phone = page.feed()["phones"]["anna"]

    assert phone["carts"] == {}
    assert phone["waits"] == [
        {
            "campaign": "Cart left behind",
            "about": "from elsewhere",
            "until": "2026-11-21T12:45:00Z",
            "paused": False,
        }
    ]


def test_a_reminder_of_a_paused_campaign_says_so(recipe, app, page, work):
    app.batch(filled(ANNA, "cart-1-a"))
    work()
    campaigns.pause(campaign=Campaign.objects.get(key="cart-left-behind"), now=clock.now())

    [reminder] = page.carts(ANNA)["cart-1"]["reminders"]

    assert reminder["paused"] is True


def test_a_cart_for_which_no_campaign_waits_has_no_reminder(demo, app, page, work):
    app.batch(filled(ANNA, "cart-1-a"))
    work()

    assert page.carts(ANNA)["cart-1"]["reminders"] == []


def test_the_waiting_line_of_the_timeline_says_until_when(recipe, app, page, work):
    app.batch(filled(ANNA, "cart-1-a"))
    work()

    [line] = page.feed()["timeline"][0]["lines"]

    assert line["outcome"]["tone"] == "wait"
    assert line["outcome"]["until"] == "2026-11-21T12:45:00Z"
