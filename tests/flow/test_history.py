"""Rules that ask about the past, through the whole flow."""

import pytest

from campaigns.models import Moment
from tests import brand

pytestmark = pytest.mark.django_db


def rule(operator, value, *, measure="count", **of):
    leaf = {
        "field": f"history.{measure}",
        "operator": operator,
        "value": value,
        "of": {"event": "Order Completed", **of},
    }
    return {"version": 1, "combinator": "and", "rules": [leaf]}


def bought(number, *, day=20, total=10, cart="A"):
    return {
        "type": "track",
        "userId": "anna",
        "event": "Order Completed",
        "messageId": f"bought-{number}",
        "timestamp": f"2026-11-{day:02d}T12:00:00Z",
        "properties": {"total": total, "cart_id": cart},
    }


CASES = {
    "twice in 30 days": (rule("at_least", 2, window={"n": 30, "unit": "days"}), True),
    "three times": (rule("at_least", 3), True),
    "four times": (rule("at_least", 4), False),
    "never": (rule("equals", 0), False),
    "in 2 days": (rule("at_least", 2, window={"n": 2, "unit": "days"}), False),
    "spent 60": (rule("equals", 60, measure="sum", property="total"), True),
    "the dearest": (rule("more_than", 29, measure="max", property="total"), True),
    "of this cart": (
        rule("equals", 1, join=[{"property": "cart_id", "equals": "event.properties.cart_id"}]),
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("apart", [True, False])
def test_a_rule_asks_about_the_past(case, apart, workspace, phone, work, virtual_clock):
    document, fires = CASES[case]
    brand.live_campaign(workspace, rule=document)
    past = [
        bought(1, day=1, total=10, cart="A"),
        bought(2, day=18, total=20, cart="B"),
        bought(3, day=20, total=30, cart="C"),
    ]
    asks = brand.attended("anna", properties={"cart_id": "B"})

    for batch in [[one] for one in (*past, asks)] if apart else [[*past, asks]]:
        phone.batch(*batch)
        work()

    assert Moment.objects.exists() is fires


def test_more_history_than_is_loaded_is_unknown_and_never_sends(workspace, phone, work,
                                                                virtual_clock):  # fmt: skip
    brand.live_campaign(workspace, key="exact", rule=rule("equals", 205))
    brand.live_campaign(workspace, key="bound", rule=rule("at_least", 150))
    phone.batch(*[bought(number) for number in range(205)])
    work()

    phone.batch(brand.attended("anna"))
    work()

    assert [one.campaign.key for one in Moment.objects.all()] == ["bound"]


def test_the_past_of_a_merged_person_counts(workspace, phone, work, virtual_clock):
    brand.live_campaign(workspace, rule=rule("at_least", 2))
    phone.batch(bought(1), {**bought(2), "userId": None, "anonymousId": "x"})
    work()
    phone.batch({"type": "identify", "userId": "anna", "anonymousId": "x"})
    work()

    phone.batch(brand.attended("anna"))
    work()

    assert Moment.objects.count() == 1
