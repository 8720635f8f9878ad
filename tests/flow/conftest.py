import pytest

from orchestrator import clock
from orchestrator.pipeline import fire_due, plan


@pytest.fixture
def at(virtual_clock, work):
    """Let it be this time, then do all that is due."""

    def move(when):
        virtual_clock.now = when
        plan.plan(clock=clock.now)
        fire_due.fire_due(clock=clock.now)
        work()

    return move
