"""A trigger on what a person did with another campaign's message."""

import re
from typing import Final

from campaigns.services.trigger_checks.names import Problem
from triggers.rules.values import printable
from triggers.trigger import InteractionTrigger, Trigger

KEY: Final = r"[a-z0-9][a-z0-9-]{0,62}"
DID: Final = ("accepted", "opened", "not_opened")
LEAST_WITHIN_S: Final = 60
MOST_WITHIN_S: Final = 90 * 86_400


def problems(trigger: InteractionTrigger) -> list[Problem]:
    found = _campaign(trigger.campaign)
    if trigger.did not in DID:
        sentence = "Choose what the person did: got it, opened it or did not open it."
        found.append(("trigger.did", sentence))
    in_time = LEAST_WITHIN_S <= trigger.within_s <= MOST_WITHIN_S
    if trigger.did == "not_opened" and not in_time:
        found.append(("trigger.within_s", "Choose from one minute to 90 days."))
    if trigger.did == "not_opened" and trigger.wait:
        found.append(("trigger.wait", "Leave the wait out: “did not open” waits by itself."))
    return found


def _campaign(key: str) -> list[Problem]:
    if not key:
        return [("trigger.campaign", "Choose the campaign whose message this follows.")]
    if not re.fullmatch(KEY, key):
        sentence = f"“{printable(key)}” is no campaign's key: small letters, digits and dashes."
        return [("trigger.campaign", sentence)]
    return []


def itself_problems(trigger: Trigger, own_key: str) -> list[Problem]:
    if isinstance(trigger, InteractionTrigger) and own_key and trigger.campaign == own_key:
        return [("trigger.campaign", "Choose another campaign; this one cannot start itself.")]
    return []
