"""The safety limit of what goes to many people at once."""

from typing import Final

from campaigns.services.trigger_checks.names import Problem

MOST_PEOPLE: Final = 10_000_000


def people_problems(max_people: int) -> list[Problem]:
    if 1 <= max_people <= MOST_PEOPLE:
        return []
    return [("trigger.max_people", f"Choose from 1 to {MOST_PEOPLE:,} people.")]
