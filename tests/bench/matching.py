"""What deciding about one event costs beside live campaigns: pure, without a database."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from campaigns.definition import Definition, Message
from campaigns.engine.compiled import compiled
from campaigns.engine.happening import EventHappened
from campaigns.engine.program import build
from campaigns.engine.state import PersonState
from campaigns.engine.step import step
from tests.bench.load import say
from tests.planning import only_if
from triggers.trigger import EventTrigger

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NAME = "Product Viewed"
CAMPAIGNS = 1_000
ROUNDS = 9
EVENTS = 2_000
WORDS = {"default": Message(title="News", body="Hello")}
WITHOUT_SKU = {"price": 12.5, "currency": "EUR"}
WITH_SKU = {**WITHOUT_SKU, "sku": f"sku-{CAMPAIGNS + 7}"}
NOBODY_ELSE = only_if("event.properties.sku", "another")


@dataclass(frozen=True, kw_only=True)
class Case:
    """So many live campaigns, and events that none of them wants. `share` of EVENTS is enough."""

    name: str
    program: object
    event: EventHappened
    budget_us: int | None = None
    share: float = 1.0


def campaign(number, *, event=NAME, rule=NOBODY_ELSE):
    definition = Definition(trigger=EventTrigger(event=event, rule=rule), messages=WORDS)
    return compiled(
        id=number,
        key=f"c{number}",
        name=f"Campaign {number}",
        version_id=number,
        number=1,
        definition=definition,
    )


def program(campaigns):
    return build(
        workspace_id=1,
        version=1,
        verified=False,
        time_zone="Europe/Amsterdam",
        link_schemes=["https"],
        live=campaigns,
    )


def happened(properties):
    return EventHappened(
        event_id=1,
        message_id="m1",
        name=NAME,
        properties=properties,
        context={"app": {"version": "1.2"}},
        device_id=None,
        occurred_at=NOW,
        received_at=NOW,
        decided_at=NOW,
    )


def cases():
    """The first is the one that the others are compared with."""
    numbers = range(1, CAMPAIGNS + 1)
    equal = program(campaign(n, rule=only_if("event.properties.sku", f"sku-{n}")) for n in numbers)
    dearer = program(
        campaign(n, rule=only_if("event.properties.price", 100 + n, "more_than")) for n in numbers
    )
    apart = program(campaign(n, rule=only_if(f"event.properties.p{n}", "a")) for n in numbers)
    seen, skuless = happened(WITH_SKU), happened(WITHOUT_SKU)
    others = program(campaign(n, event=f"Other Event {n}") for n in numbers)
    return [
        Case(name="1 on another event", program=program([campaign(1, event="Else")]), event=seen),
        Case(name="1,000 on other events", program=others, event=seen, budget_us=0),
        Case(name="1,000 equalities, none met", program=equal, event=seen, budget_us=20),
        Case(name="1,000 equalities, no field", program=equal, event=skuless, budget_us=20),
        Case(name="1,000 equalities, 1,000 fields", program=apart, event=seen, budget_us=20),
        Case(name="1,000 without an index", program=dearer, event=seen, share=0.005),
    ]  # fmt: skip


def microseconds(case, person):
    """Of one event, in one round."""
    count = int(EVENTS * case.share)
    began = time.perf_counter()
    for _ in range(count):
        effects = step(person, case.event, case.program)
    took = time.perf_counter() - began
    assert not effects, case.name
    return took / count * 1e6


def matching():
    """The best of rounds in turn: what else the machine does only ever adds."""
    person = PersonState(
        person_id=1, sequence=1, locale="nl", traits={"first_name": "Anna"}, first_seen_at=NOW
    )
    all_cases = cases()
    rounds = [[microseconds(case, person) for case in all_cases] for _ in range(ROUNDS)]
    best = [min(took) for took in zip(*rounds, strict=True)]
    for case, took in zip(all_cases, best, strict=True):
        budget = "" if case.budget_us is None else f"(budget {case.budget_us})"
        say(f"match, {case.name:30s} {took:9.2f} us an event   {took - best[0]:+9.2f} us {budget}")
