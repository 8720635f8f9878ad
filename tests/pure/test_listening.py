"""The index gives each event all campaigns that may match it, and none twice."""

import pytest

from campaigns.definition import Definition, Message
from campaigns.engine.compiled import compiled
from campaigns.engine.program import build
from triggers.trigger import EventTrigger

NAME = "Product Viewed"


def only_if(*tests):
    leaves = [
        {"field": f"event.properties.{path}", "operator": "equals", "value": value}
        for path, value in tests
    ]
    return {"version": 1, "combinator": "and", "not": False, "rules": leaves}


def campaign(number, rule):
    words = {"default": Message(title="News", body="Hello")}
    definition = Definition(trigger=EventTrigger(event=NAME, rule=rule), messages=words)
    return compiled(
        id=number, key=f"c{number}", name="C", version_id=number, number=1, definition=definition
    )


CAMPAIGNS = [
    campaign(1, only_if(("sku", "a"))),
    campaign(2, only_if(("sku", "b"))),
    campaign(3, only_if(("cart.size", 2))),
    campaign(4, only_if(("cart.size", 3))),
    campaign(5, None),
    campaign(6, only_if(("sku", "a"), ("cart.size", 2))),
]
PROGRAM = build(
    workspace_id=1,
    version=1,
    verified=False,
    time_zone="UTC",
    link_schemes=["https"],
    live=reversed(CAMPAIGNS),
)
HEARD = [
    ({}, [5]),
    ({"price": 3}, [5]),
    ({"sku": "a"}, [1, 5, 6]),
    ({"sku": ["a"]}, [5]),
    ({"sku": "c"}, [5]),
    ({"cart": {"size": 2}}, [3, 5]),
    ({"cart.size": 3}, [4, 5]),
    ({"cart": {"size": 2}, "cart.size": 3}, [4, 5]),
    ({"cart": {"size": 2}, "cart.size": 2}, [3, 5]),
    ({"cart": "big", "sku": "b"}, [2, 5]),
    ({"cart": {"size": 3}, "sku": "a"}, [1, 4, 5, 6]),
]


@pytest.mark.parametrize(("properties", "ids"), HEARD)
def test_an_event_is_heard_by_those_whose_equality_it_may_meet_in_the_order_of_their_ids(
    properties, ids
):
    found = PROGRAM.listening(NAME, properties)

    assert [one.id for one in found] == ids
