"""Taps on pushes, as the log has them."""

from collections.abc import Iterable

from audience.sql import run
from orchestrator.simulator.phones.cast import TAP

MOST = 1_000

Tap = tuple[int, str]


def taps_of(*, people: Iterable[int]) -> list[Tap]:
    """Person and push of each tap; a push tapped twice is opened once."""
    return run(
        """
        SELECT DISTINCT person_id, properties ->> 'push_id' FROM triggers_event
        WHERE person_id = ANY(%(people)b::bigint[]) AND name = %(name)b
          AND properties ->> 'push_id' IS NOT NULL LIMIT %(most)b
        """,
        people=sorted(set(people)),
        name=TAP,
        most=MOST,
    )
