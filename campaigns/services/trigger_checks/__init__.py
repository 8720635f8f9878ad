"""What is wrong with a trigger: pairs of (field, sentence), the field as a path."""

from campaigns.services.trigger_checks.cancels import MAX_CANCEL_EVENTS
from campaigns.services.trigger_checks.trigger import trigger_problems

__all__ = ["MAX_CANCEL_EVENTS", "trigger_problems"]
