"""What a moment, a push or a check is called in the admin. Pure data."""

from typing import Final

from campaigns.engine.states import MomentState, PushState

STATE_NAMES: Final[dict[MomentState, str]] = {
    MomentState.WAITING: "Waiting",
    MomentState.PUSHING: "Being sent",
    MomentState.SENT: "Sent",
    MomentState.SKIPPED: "Not sent",
    MomentState.CANCELLED: "Cancelled",
    MomentState.EXPIRED: "Too late",
    MomentState.FAILED: "Failed",
    MomentState.ERROR: "Error",
}
OPENINGS: Final[dict[MomentState, str]] = {
    MomentState.WAITING: "Waiting",
    MomentState.PUSHING: "On its way to Firebase",
    MomentState.SENT: "Sent",
    MomentState.SKIPPED: "Not sent",
    MomentState.CANCELLED: "Cancelled before it went out",
    MomentState.EXPIRED: "Not sent",
    MomentState.FAILED: "Could not be delivered",
    MomentState.ERROR: "Not sent",
}
PUSH_STATE_NAMES: Final[dict[PushState, str]] = {
    PushState.PENDING: "Waiting to be sent",
    PushState.SENDING: "Being sent",
    PushState.ACCEPTED: "Accepted by Firebase",
    PushState.FAILED: "Failed",
    PushState.UNCONFIRMED: "Sent, not confirmed",
    PushState.DROPPED: "Too late, not sent",
    PushState.CANCELLED: "Cancelled",
}
CHECK_NAMES: Final[dict[str, str]] = {
    "key": "The event says which one it is about",
    "event_age": "The event is recent enough",
    "chain": "Not too many messages in a row led to it",
    "rule": "“Only if” still holds after the wait",
    "cancelled": "Nothing happened that cancels it",
    "re_entry": "This person may get it again",
    "reachable": "A phone can be reached",
    "cooldown": "Nothing about this place, or one like it, a short while ago",
    "fresh": "It is not too late to show",
    "opening_hours": "The place is open long enough",
    "quiet_hours": "It is not a quiet hour where the person is",
    "render": "The message can be filled in",
}
