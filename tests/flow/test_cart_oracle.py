"""A day in a shop: 30,000 events, some late, against twenty lines that say what is right."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.models import Moment
from orchestrator import clock
from orchestrator.pipeline import evaluate, fire_due
from tests.carts import ADDED, BOUGHT, left_behind

# Real commits: in one long transaction PostgreSQL keeps every version of every row.
pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = 30_000
OPENING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WAIT = timedelta(minutes=45)
TICK = timedelta(minutes=5)


def shop_day(seed):
    """(arrival, occurred, name, user, cart, message id) of a day, in order of arrival."""
    dice = random.Random(seed)
    day: list[tuple[datetime, datetime, str, str, str, str]] = []
    while len(day) < EVENTS:
        user, cart = f"u{dice.randrange(1_500)}", f"c{len(day)}"
        at = OPENING + timedelta(seconds=dice.randrange(8 * 3600))
        names = [ADDED] * dice.choice([1, 1, 1, 2]) + [BOUGHT] * (dice.random() < 0.45)
        names += ["Product Viewed"] * dice.choice([0, 1, 3])
        for name in names:
            occurred = at + timedelta(seconds=dice.randrange(80 * 60))
            late = timedelta(seconds=dice.choice([0, 0, 0, 1, 30, 600, 2400]))
            day.append((occurred + late, occurred, name, user, cart, f"m{len(day)}"))
    return sorted(day)


def oracle(day):
    """Message ids of the carts whose reminder was cancelled."""
    bought: dict[tuple[str, str], list[tuple[datetime, str, datetime]]] = {}
    for arrival, occurred, name, user, cart, id in day:
        if name == BOUGHT:
            bought.setdefault((user, cart), []).append((occurred, id, arrival))
    cancelled = set()
    for arrival, occurred, name, user, cart, id in day:
        decided = next_tick(max(arrival, occurred + WAIT))
        if name == ADDED and any(
            when >= occurred and seen < decided for when, _, seen in bought.get((user, cart), ())
        ):
            cancelled.add(id)
    return cancelled


def next_tick(moment):
    """Everything that arrived before a tick is evaluated, then what is due by it fires."""
    ticks = -((OPENING - moment) // TICK)
    return OPENING + ticks * TICK


def as_message(row):
    _, occurred, name, user, cart, id = row
    return {
        "type": "track",
        "userId": user,
        "event": name,
        "messageId": id,
        "properties": {"cart_id": cart},
        "timestamp": occurred.isoformat(),
    }


def test_a_day_in_a_shop_cancels_exactly_the_carts_that_were_bought(
    workspace, phone, virtual_clock, settings
):
    settings.BURST_PER_KEY = 10**9
    left_behind(workspace)
    day = shop_day(seed=7)
    virtual_clock.now, waiting = OPENING, list(day)
    while waiting:
        virtual_clock.forward(seconds=TICK.total_seconds())
        arrived = [row for row in waiting if row[0] < virtual_clock.now]
        waiting = waiting[len(arrived) :]
        for at in range(0, len(arrived), 500):
            phone.batch(*map(as_message, arrived[at : at + 500]))
        evaluate.evaluate(clock=clock.now)
        fire_due.fire_due(clock=clock.now)
    virtual_clock.forward(hours=2)
    fire_due.fire_due(clock=clock.now)

    ended = dict(Moment.objects.values_list("occurrence", "state"))
    assert set(ended) == {row[5] for row in day if row[2] == ADDED}
    assert {id for id, state in ended.items() if state == "cancelled"} == oracle(day)
