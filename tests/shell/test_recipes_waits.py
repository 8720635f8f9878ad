"""Waits in campaigns as code: applied, exported, and their mistakes told with line and path."""

import pytest

from campaigns.models import Campaign
from orchestrator.recipes.export import export_text
from tests.shell.test_recipes import HOME, apply, drafted, refusal
from triggers.clock import WallClock

pytestmark = pytest.mark.django_db

CART = """\
campaigns:
  - key: cart
    name: Cart
    intent: buy
    when:
      event: Product Added
      wait: next Monday at 09:00
      unless:
        - event: Order Completed
          same: {cart_id: event.properties.cart}
          if:
            all:
              - [event.properties.total, is more than, 0]
        - event: Cart Emptied
          same: [cart_id, shop]
      per: event.properties.cart_id
    how_often: every 7 days per key
    messages:
      default: {title: Still thinking}
"""


def test_a_cart_is_applied_exported_and_applied_again() -> None:
    apply(HOME + CART)

    text = export_text(workspace_key="acme")

    assert drafted("cart").trigger.wait == WallClock(days=1, at="09:00", weekday=0)
    assert apply(text) == ["workspace acme: unchanged", "campaign cart: unchanged"]
    for line in CART.splitlines()[4:-3]:
        inline = line.replace("{cart_id: event.properties.cart}", "")
        assert inline.rstrip() in text
    assert "            cart_id: event.properties.cart\n" in text


PAST = """\
      if:
        all:
          - [history.count, is at least, 2, {of: Order Completed, within: 30 days, same: cart_id, \
if: {all: [[event.properties.total, is more than, 0]]}}]
          - [history.sum, is more than, 50, {of: Order Completed, property: total, this: month}]
          - [history.last, is set, {of: Order Completed, property: total}]
"""


def test_what_a_campaign_asks_of_the_past_is_exported_and_applied_again() -> None:
    apply(HOME + CART.replace("      wait:", f"{PAST}      wait:"))
    before = drafted("cart")

    text = export_text(workspace_key="acme")

    assert PAST in text
    assert apply(text) == ["workspace acme: unchanged", "campaign cart: unchanged"]
    Campaign.objects.all().delete()
    apply(text)
    assert drafted("cart") == before


def test_a_wait_that_is_changed_is_a_new_revision() -> None:
    apply(HOME + CART, publish=True)

    done = apply(HOME + CART.replace("next Monday", "next day"), publish=True)

    assert done[1:] == ["campaign cart: changed", "campaign cart: published (revision 2)"]


TOO_MANY = "".join(f"        - event: E{at}\n" for at in range(9))
MISTAKES = [
    ("next Monday at 09:00", "soon", "9 campaigns[0].when.wait: Write a duration such as"),
    ("next Monday at 09:00", "2 years", "9 campaigns[0].when.wait: Write a duration such as"),
    ("next Monday at 09:00", "400 days", "9 campaigns[0].when.wait: Choose a wait of at most one"),
    (
        "next Monday at 09:00",
        "in 400 days at 09:00",
        "9 campaigns[0].when.wait: Choose a day within a year",
    ),
    ("Order Completed", '" "', "11 campaigns[0].when.unless[0].event: Choose the event that"),
    ("event: Order", "evnt: Order", "11 campaigns[0].when.unless[0]"),
    (
        "event.properties.cart}",
        "cart}",
        "12 campaigns[0].when.unless[0].same.cart_id: There is no field “cart”.",
    ),
    (
        "{cart_id: event.properties.cart}",
        "{cart_id: 5}",
        "12 campaigns[0].when.unless[0].same.cart_id: Write the name of a property, such as",
    ),
    (
        "{cart_id: event.properties.cart}",
        "[sku, []]",
        "12 campaigns[0].when.unless[0].same[1]: Write the name of a property, such as",
    ),
    (
        "{cart_id: event.properties.cart}",
        '[sku, ""]',
        "12 campaigns[0].when.unless[0].same[1]: Name the property of this event",
    ),
    (
        "is more than, 0",
        "is more than, none",
        '15 campaigns[0].when.unless[0].if.all[0][2]: "more_than" takes a number',
    ),
    (
        "        - event: Cart",
        f"{TOO_MANY}        - event: Cart",
        "10 campaigns[0].when.unless: Name at most 10 events here.",
    ),
    (
        "per: event.properties.cart_id",
        "per: cart_id",
        "18 campaigns[0].when.per: There is no field “cart_id”.",
    ),
    ("every 7 days", "every 59 s", "19 campaigns[0].how_often: Choose between one minute and"),
    (
        "      per: event.properties.cart_id\n",
        "",
        "18 campaigns[0].how_often: Say which property tells one from another",
    ),
    ("every 7 days per key", "twice", "19 campaigns[0].how_often: Write always, once, once a day"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES)
def test_a_mistake_about_a_wait_is_told_with_its_line(right, wrong, told) -> None:
    assert right in CART

    found = refusal(HOME + CART.replace(right, wrong))

    assert found[0].startswith(f"acme.yaml:{told}")
    assert not Campaign.objects.exists()


def test_a_rule_of_an_unless_that_is_too_deep_is_told_at_its_place() -> None:
    deep = "[event.properties.x, is, 1]"
    for _ in range(8):
        deep = f"{{any: [{deep}]}}"

    (found,) = refusal(HOME + CART.replace("[event.properties.total, is more than, 0]", deep))

    assert found.startswith("acme.yaml:15 campaigns[0].when.unless[0].if.all[0].any[0]")
    assert found.endswith("Nest at most 8 groups.")
