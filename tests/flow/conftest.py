from datetime import timedelta

import pytest

from audience.models import Workspace
from orchestrator import clock
from orchestrator.pipeline import business, fire_due, plan
from orchestrator.pipeline.replay import replay


@pytest.fixture(autouse=True)
def replayable(request):
    """After each story, what the log tells must lead to the very moments that are stored."""
    yield
    marked = request.node.get_closest_marker("django_db")
    tampers = request.node.get_closest_marker("tampers_with_the_past")
    if tampers or not (marked or {"db", "transactional_db"} & set(request.fixturenames)):
        return
    for workspace in Workspace.objects.all():
        report = replay(workspace_id=workspace.pk)
        assert report.differences == []
        assert report.stored.hexdigest() == report.replayed.hexdigest()


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


@pytest.fixture
def pass_time(virtual_clock, work):
    """Let time pass in one go, then do all that is due."""

    def forward(**by):
        virtual_clock.forward(**by)
        fire_due.fire_due(clock=clock.now)
        work()

    return forward
