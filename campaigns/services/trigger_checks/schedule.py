"""A trigger at times of a schedule."""

from campaigns.services.trigger_checks.names import Problem
from campaigns.services.trigger_checks.people import people_problems
from triggers.clock import check
from triggers.trigger import ScheduleTrigger


def problems(trigger: ScheduleTrigger) -> list[Problem]:
    found = [("trigger.recurrence", sentence) for sentence in check(trigger.recurrence)]
    return found + people_problems(trigger.max_people)
