from datetime import timedelta

import pytest

from orchestrator import clock
from orchestrator.pipeline import business, fire_due, plan


@pytest.fixture
def at(virtual_clock, work):
    """Let it be this time, then do all that is due."""

    def move(when):
        virtual_clock.now = when
        plan.plan(clock=clock.now)
        fire_due.fire_due(clock=clock.now)
        work()

    return move


@pytest.fixture
def report(workspace, virtual_clock, at):
    """Report a business event, then do all that is due."""

    def told(message_id="r1", *, after=timedelta(seconds=1), name="Price Dropped", **properties):
        virtual_clock.now += after
        began = business.report(
            workspace_id=workspace.pk,
            name=name,
            properties=properties,
            message_id=message_id,
            occurred_at=virtual_clock.now,
            now=virtual_clock.now,
        )
        at(virtual_clock.now)
        return began

    return told
