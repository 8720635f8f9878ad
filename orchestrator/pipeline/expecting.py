"""Whom a message still in the inbox may concern: what it would cancel waits for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from audience.selectors.people import identities_of
from orchestrator.pipeline import lanes
from orchestrator.pipeline.message import lane_of_id

# But not for ever: a lane that stands still must not hold back what is due.
WAIT_FOR_CANCEL = timedelta(seconds=30)


def expecting(*, people: Mapping[int, int], now: datetime) -> set[int]:
    """Those of these people in whose lanes fresh messages wait that were received before now.

    `people` maps each to the workspace.
    """
    busy = lanes.with_fresh_rows(before=now) if people else set()
    if not busy:
        return set()
    return {
        person
        for person, value in identities_of(people=sorted(people))
        if lane_of_id(people[person], value) in busy
    }
