"""Carts for tests: a campaign that reminds of one, and what happens to it."""

from campaigns.definition import Definition, Message
from campaigns.services import campaigns
from tests import brand
from triggers.clock import Elapsed
from triggers.trigger import CancelOn, EventTrigger, Same

ADDED, BOUGHT = "Product Added", "Order Completed"
SAME_CART = Same(property="cart_id", equals="event.properties.cart_id")


def live(workspace, *, body="Cart {{ event.properties.cart_id }} waits", **trigger):
    campaign = campaigns.draft(
        workspace=workspace,
        key="cart",
        name="Cart",
        intent="buy",
        definition=Definition(
            trigger=EventTrigger(**{"event": ADDED, **trigger}),
            messages={"default": Message(title="Still thinking?", body=body)},
        ),
        now=brand.FOUNDED,
    )
    campaigns.publish(campaign=campaign, user_id=None, now=brand.FOUNDED)
    return campaign


def left_behind(workspace, **more):
    return live(
        workspace,
        wait=Elapsed(seconds=45 * 60),
        cancel_on=(CancelOn(event=BOUGHT, same=(SAME_CART,)),),
        **more,
    )


def happened(name, cart, minute, *, user="anna"):
    return {
        "type": "track",
        "userId": user,
        "event": name,
        "messageId": f"{name}-{cart}-{minute}",
        "properties": {"cart_id": cart},
        "timestamp": f"2026-11-21T12:{minute:02d}:00Z",
    }
