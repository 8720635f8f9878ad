"""Campaigns that use everything a decision can rest on, with waits of seconds."""

from tests import brand
from triggers.clock import Elapsed
from triggers.trigger import CancelOn, EventTrigger, InteractionTrigger, ReEntry, Same

ADDED, BOUGHT = "Product Added", "Order Completed"
SAME_CART = Same(property="cart_id", equals="event.properties.cart_id")


def group(*rules, combinator="and"):
    return {"version": 1, "combinator": combinator, "not": False, "rules": list(rules)}


LOCALS = group({"field": "person.traits.city", "operator": "equals", "value": "Delft"})
OFTEN = group(
    {"field": "segment.locals", "operator": "is_true"},
    {
        "field": "history.count",
        "operator": "at_least",
        "value": 2,
        "of": {"event": ADDED, "window": {"n": 30, "unit": "days"}},
    },
    combinator="or",
)
CART_A = group({"field": "event.properties.cart_id", "operator": "equals", "value": "A"})

TRIGGERS = {
    "cart": EventTrigger(
        event=ADDED,
        wait=Elapsed(seconds=3),
        key="event.properties.cart_id",
        cancel_on=(
            CancelOn(event=BOUGHT, same=(SAME_CART,)),
            CancelOn(event=ADDED, same=(SAME_CART,)),
        ),
    ),
    "often": EventTrigger(event=BOUGHT, rule=OFTEN, re_entry=ReEntry(mode="every", every_s=60)),
    "bought-a": EventTrigger(event=BOUGHT, rule=CART_A, re_entry=ReEntry(mode="daily")),
    "after-thanks": InteractionTrigger(campaign="thank-you", did="accepted"),
    "unopened": InteractionTrigger(campaign="often", did="not_opened", within_s=60),
    "once": EventTrigger(event=brand.OPEN_DAY, re_entry=ReEntry(mode="once")),
}
