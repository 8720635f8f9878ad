"""How long a moment waits."""

import re

from campaigns.services.trigger_checks.names import Problem
from triggers.clock import Elapsed, Wait, WallClock
from triggers.clock.local import CLOCK_TIME
from triggers.clock.wait import LONGEST_DAYS, LONGEST_S

WRITE_TIME = "Write the time of day as 09:00."


def wait_problems(wait: Wait | None) -> list[Problem]:
    if wait is None:
        return []
    sentences = _elapsed(wait) if isinstance(wait, Elapsed) else _wall_clock(wait)
    return [("trigger.wait", sentence) for sentence in sentences]


def _elapsed(wait: Elapsed) -> list[str]:
    if wait.seconds <= 0:
        return ["Choose a wait of at least one second, or leave the wait out."]
    return ["Choose a wait of at most one year."] if wait.seconds > LONGEST_S else []


def _wall_clock(wait: WallClock) -> list[str]:
    sentences = []
    if not 0 <= wait.days <= LONGEST_DAYS:
        sentences.append("Choose a day within a year, counted from the day of the event.")
    if not is_clock_time(wait.at):
        sentences.append(WRITE_TIME)
    if wait.weekday is not None and not 0 <= wait.weekday <= 6:
        sentences.append("Choose a day of the week, from Monday to Sunday.")
    return sentences


def is_clock_time(text: str) -> bool:
    return re.fullmatch(CLOCK_TIME, text) is not None
