"""Campaigns that ask whether a person is in a segment, through the whole flow."""

import pytest

from campaigns.models import Moment
from campaigns.services import segments
from tests import brand

pytestmark = pytest.mark.django_db

CITY = {"field": "person.traits.city", "operator": "equals", "value": "Delft"}
BOUGHT = {
    "field": "history.count",
    "operator": "at_least",
    "value": 2,
    "of": {"event": "Order Completed"},
}


def rule(*rules):
    return {"version": 1, "combinator": "and", "not": False, "rules": list(rules)}


def inside(key, operator="is_true"):
    return {"field": f"segment.{key}", "operator": operator}


def save(workspace, key, *rules):
    return segments.save(
        workspace=workspace, key=key, name=key.title(), rule=rule(*rules), now=brand.FOUNDED
    )


def lives_in(user, city):
    return {
        "type": "identify",
        "messageId": f"{user}-{city}",
        "userId": user,
        "traits": {"city": city} if city else {},
    }


def bought(user, number):
    return {
        "type": "track",
        "messageId": f"{user}-{number}",
        "userId": user,
        "event": "Order Completed",
    }


def opened():
    return Moment.objects.count()


CASES = [
    ("Delft", "is_true", 1),
    ("Delft", "is_false", 0),
    ("Gouda", "is_true", 0),
    ("Gouda", "is_false", 1),
    ("", "is_true", 0),
    ("", "is_false", 0),
]


@pytest.mark.parametrize(("city", "operator", "moments"), CASES)
def test_who_is_in_a_segment_gets_its_campaign_and_nobody_else(
    city, operator, moments, workspace, phone, work, virtual_clock
):
    save(workspace, "locals", CITY)
    brand.live_campaign(workspace, rule=rule(inside("locals", operator)))

    phone.batch(lives_in("anna", city), brand.attended("anna"))
    work()

    assert opened() == moments


@pytest.mark.parametrize(("orders", "moments"), [(1, 0), (2, 1)])
def test_the_past_that_a_segment_within_a_segment_asks_is_known(
    orders, moments, workspace, phone, work, virtual_clock
):
    save(workspace, "buyers", BOUGHT)
    save(workspace, "loyal", CITY, inside("buyers"))
    brand.live_campaign(workspace, rule=rule(inside("loyal")))

    phone.batch(lives_in("anna", "Delft"), *(bought("anna", one) for one in range(orders)))
    work()
    phone.batch(brand.attended("anna"))
    work()

    assert opened() == moments


def test_a_changed_segment_counts_at_once_for_campaigns_that_are_live(
    workspace, phone, work, virtual_clock
):
    save(workspace, "locals", CITY)
    brand.live_campaign(workspace, rule=rule(inside("locals")))
    phone.batch(lives_in("anna", "Gouda"), brand.attended("anna"))
    work()
    before = opened()

    save(workspace, "locals", {**CITY, "value": "Gouda"})
    phone.batch(brand.attended("anna", "m2"))
    work()

    assert (before, opened()) == (0, 1)


def test_the_segment_of_another_brand_says_nothing(workspace, phone, work, virtual_clock):
    other = brand.workspace_with_keys(key="other", prefix="other-")
    save(workspace, "locals", CITY)
    save(other, "locals", {**CITY, "value": "Gouda"})
    brand.live_campaign(workspace, rule=rule(inside("locals")))

    phone.batch(lives_in("anna", "Gouda"), brand.attended("anna"))
    work()

    assert opened() == 0
