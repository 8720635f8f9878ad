"""A trigger on coming to, staying at, leaving or coming near a place."""

from collections.abc import Collection
from typing import Final

from campaigns.services.trigger_checks.names import Problem
from triggers.rules.errors import closest
from triggers.rules.values import printable
from triggers.trigger import DAY_S, HOUR_S, MINUTE_S, PlaceTrigger, Trigger

CROSSINGS: Final = ("enter", "exit", "dwell", "approach")
CONFIDENCES: Final = ("low", "medium", "high")
QUIET_HOURS: Final = ("skip", "send")
LEAST_STAY_S: Final = MINUTE_S
MOST_STAY_S: Final = DAY_S
MOST_VISIT_S: Final = DAY_S
MOST_OPEN_FOR_S: Final = 12 * HOUR_S
MOST_COOLDOWN_S: Final = 30 * DAY_S
MOST_TAGS: Final = 20
CHOOSE_CROSSING: Final = "Choose what the person does: comes, stays, leaves or comes near."
CHOOSE_CONFIDENCE: Final = "Choose how sure the position must be: fairly, surely or perhaps."
CHOOSE_QUIET: Final = "Choose whether it is sent in quiet hours."
STAY_RANGE: Final = "Choose a stay from one minute to 24 hours."
VISIT_RANGE: Final = "Choose a visit of at most 24 hours."
OPEN_FOR_RANGE: Final = "Choose at most 12 hours before closing."
COOLDOWN_RANGE: Final = "Choose at most 30 days between two messages."
TOO_MANY_TAGS: Final = f"Choose at most {MOST_TAGS} tags."
NO_WAIT: Final = "Leave the wait out: a stay waits by itself."
NO_KEY: Final = "Leave this out: the place itself tells one from another."


def problems(trigger: PlaceTrigger) -> list[Problem]:
    return [*_choices(trigger), *_lengths(trigger), *_cooldowns(trigger), *_not_here(trigger)]


def _choices(trigger: PlaceTrigger) -> list[Problem]:
    asked = [
        ("crossing", trigger.crossing, CROSSINGS, CHOOSE_CROSSING),
        ("confidence", trigger.confidence, CONFIDENCES, CHOOSE_CONFIDENCE),
        ("quiet_hours", trigger.quiet_hours, QUIET_HOURS, CHOOSE_QUIET),
    ]
    return [(f"trigger.{name}", said) for name, value, known, said in asked if value not in known]


def _lengths(trigger: PlaceTrigger) -> list[Problem]:
    found = []
    if trigger.crossing == "dwell" and not LEAST_STAY_S <= trigger.stay_s <= MOST_STAY_S:
        found.append(("trigger.stay_s", STAY_RANGE))
    if trigger.crossing == "exit" and not 0 <= trigger.visit_s <= MOST_VISIT_S:
        found.append(("trigger.visit_s", VISIT_RANGE))
    if not 0 <= (trigger.open_for_s or 0) <= MOST_OPEN_FOR_S:
        found.append(("trigger.open_for_s", OPEN_FOR_RANGE))
    return found


def _cooldowns(trigger: PlaceTrigger) -> list[Problem]:
    lengths = {name: getattr(trigger, name) for name in ("place_cooldown_s", "tag_cooldown_s")}
    wrong = (name for name, seconds in lengths.items() if not 0 <= seconds <= MOST_COOLDOWN_S)
    return [(f"trigger.{name}", COOLDOWN_RANGE) for name in wrong]


def _not_here(trigger: PlaceTrigger) -> list[Problem]:
    stays = trigger.crossing == "dwell"
    return [
        *([("trigger.key", NO_KEY)] if trigger.key else []),
        *([("trigger.wait", NO_WAIT)] if stays and trigger.wait else []),
    ]


def tag_problems(trigger: Trigger, known: Collection[str] | None) -> list[Problem]:
    """known: the tags that places have; None where they cannot be looked up yet."""
    if not isinstance(trigger, PlaceTrigger):
        return []
    if len(trigger.tags) > MOST_TAGS:
        return [("trigger.tags", TOO_MANY_TAGS)]
    unknown = [tag for tag in trigger.tags if known is not None and tag not in known]
    return [("trigger.tags", _no_tag(tag, known or ())) for tag in unknown]


def _no_tag(tag: str, known: Collection[str]) -> str:
    near = closest(tag, known)
    hint = f" Did you mean “{near}”?" if near else ""
    return f"No place has the tag “{printable(tag)}”.{hint}"
