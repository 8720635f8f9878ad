"""The states a moment and a push can be in, and the reasons they end with."""

from enum import StrEnum


class MomentState(StrEnum):
    """`pushing` waits for FCM; every other state but `waiting` is an end."""

    WAITING = "waiting"
    PUSHING = "pushing"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    ERROR = "error"

    @property
    def is_end(self) -> bool:
        return self not in (MomentState.WAITING, MomentState.PUSHING)


class PushState(StrEnum):
    """`unconfirmed`: FCM may have it, but its answer never came."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    DROPPED = "dropped"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        return self not in (PushState.PENDING, PushState.SENDING)


class Reason(StrEnum):
    """Why a moment or a push ended as it did. A code is never reused for something else."""

    ACCEPTED = "accepted"
    UNCONFIRMED = "unconfirmed"
    EVENT_TOO_OLD = "event_too_old"
    CHAIN_TOO_LONG = "chain_too_long"
    CAMPAIGN_NOT_LIVE = "campaign_not_live"
    CANCELLED_BY_EVENT = "cancelled_by_event"
    RESTARTED = "restarted"
    NO_LONGER_MATCHES = "no_longer_matches"
    ALREADY_RECEIVED = "already_received"
    TOO_SOON = "too_soon"
    COOLDOWN = "cooldown"
    CLOSED = "closed"
    CLOSES_SOON = "closes_soon"
    QUIET_HOURS = "quiet_hours"
    EVENT_FORGOTTEN = "event_forgotten"
    NO_DEVICE = "no_device"
    PUSH_NOT_ALLOWED = "push_not_allowed"
    NO_ADDRESS = "no_address"
    APNS_TOKEN = "apns_token"  # noqa: S105 - a reason, not a secret
    EXPIRED = "expired"
    MISSING = "missing"
    ABORTED = "aborted"
    BAD_LINK = "bad_link"
    TEMPLATE_FAILED = "template_failed"
    PAYLOAD_TOO_BIG = "payload_too_big"
    LOGGED_OUT = "logged_out"
    DEVICE_CHANGED_HANDS = "device_changed_hands"
    DEVICE_RETIRED = "device_retired"
    UNREGISTERED = "unregistered"
    BAD_ADDRESS = "bad_address"
    OTHER_PROJECT = "other_project"
    REFUSED_BY_FCM = "refused_by_fcm"
    NO_CREDENTIALS = "no_credentials"
    CAMPAIGN_ERROR = "campaign_error"
