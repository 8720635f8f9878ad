"""What became of a moment, in sentences: why, and what to do next. Pure data and its readers."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from campaigns.content import Failure
from campaigns.engine.states import MomentState, Reason
from campaigns.state_names import OPENINGS

# Where the next step is done: a section of the campaign's page, the person, or nowhere in admin.
Place = Literal["message", "when", "limits", "publish", "person", "app", "none"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A reason in words. `{detail}` stands for the moment's detail, in words too."""

    why: str
    next: str = ""
    place: Place = "none"


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A whole sentence, the next step ("" if there is none) and where it is done."""

    sentence: str
    next: str
    place: Place


TOLD: Final[dict[Reason, Told]] = {
    Reason.ACCEPTED: Told(why="Firebase accepted the push"),
    Reason.UNCONFIRMED: Told(why="Firebase may have it, but its answer never came"),
    Reason.EVENT_TOO_OLD: Told(
        why="the event was already too old when it reached us",
        next="Look at “Ignore events older than”",
        place="limits",
    ),
    Reason.CHAIN_TOO_LONG: Told(
        why="five messages had started one another already",
        next="Look at which message starts which",
        place="when",
    ),
    Reason.CAMPAIGN_NOT_LIVE: Told(
        why="the campaign was not live", next="Look at its state", place="publish"
    ),
    Reason.CANCELLED_BY_EVENT: Told(why="meanwhile the person did {detail}"),
    Reason.RESTARTED: Told(why="it happened again, and the wait began anew"),
    Reason.NO_LONGER_MATCHES: Told(
        why="after the wait “Only if” no longer held", next="Look at “Only if”", place="when"
    ),
    Reason.ALREADY_RECEIVED: Told(
        why="this person got it before",
        next="Look at “How often can one person get this?”",
        place="limits",
    ),
    Reason.TOO_SOON: Told(
        why="this person got it a short while ago",
        next="Look at “How often can one person get this?”",
        place="limits",
    ),
    Reason.COOLDOWN: Told(
        why="this person got one about this place, or one like it, a short while ago{detail}",
        next="Look at “At most one message about one place”",
        place="limits",
    ),
    Reason.CLOSED: Told(
        why="the place was closed{detail}", next="Look at its opening hours", place="when"
    ),
    Reason.CLOSES_SOON: Told(
        why="the place was about to close{detail}",
        next="Look at “Only while it is open”",
        place="when",
    ),
    Reason.QUIET_HOURS: Told(
        why="it was a quiet hour where the person is",
        next="Look at “In quiet hours”",
        place="limits",
    ),
    Reason.EVENT_FORGOTTEN: Told(why="the event that started it is no longer in the log"),
    Reason.NO_DEVICE: Told(
        why="this person has no phone with the app",
        next="See what we know of this person",
        place="person",
    ),
    Reason.PUSH_NOT_ALLOWED: Told(
        why="this person does not allow notifications on the phone",
        next="Ask for permission in the app",
        place="app",
    ),
    Reason.NO_ADDRESS: Told(
        why="the app has not sent us the phone's push address",
        next="Ask the app's developer to send Firebase's FCM token",
        place="app",
    ),
    Reason.APNS_TOKEN: Told(
        why="the app sent Apple's token instead of Firebase's",
        next="Ask the app's developer to send Firebase's FCM token",
        place="app",
    ),
    Reason.EXPIRED: Told(
        why="by then it was too late to be of use",
        next="Look at “Too late after”",
        place="limits",
    ),
    Reason.MISSING: Told(why="we don't know {detail}", next="Add a fallback", place="message"),
    Reason.ABORTED: Told(
        why="the message itself says not to send it to this person{detail}",
        next="Look at the message",
        place="message",
    ),
    Reason.BAD_LINK: Told(
        why="the link, once filled in, is not one that the app may open",
        next="Correct the link",
        place="message",
    ),
    Reason.TEMPLATE_FAILED: Told(why="{detail}", next="Correct the message", place="message"),
    Reason.PAYLOAD_TOO_BIG: Told(
        why="the finished message is longer than a push may be{detail}",
        next="Shorten the message",
        place="message",
    ),
    Reason.LOGGED_OUT: Told(why="this person logged out of the app on that phone"),
    Reason.DEVICE_CHANGED_HANDS: Told(why="somebody else now uses the app on that phone"),
    Reason.DEVICE_RETIRED: Told(
        why="the app was removed from the phone, or its push address no longer works",
        next="See this person's phones",
        place="person",
    ),
    Reason.UNREGISTERED: Told(why="the app is no longer installed on the phone"),
    Reason.BAD_ADDRESS: Told(
        why="Firebase does not know the phone's push address",
        next="Ask the app's developer to send Firebase's FCM token",
        place="app",
    ),
    Reason.OTHER_PROJECT: Told(
        why="the phone's push address belongs to another Firebase project",
        next="Ask the app's developer which Firebase project the app uses",
        place="app",
    ),
    Reason.REFUSED_BY_FCM: Told(
        why="Firebase refused the message", next="Look at the message", place="message"
    ),
    Reason.NO_CREDENTIALS: Told(
        why="Firebase did not accept our credentials",
        next="Ask whoever runs Moments to check the Firebase credentials",
        place="app",
    ),
    Reason.CAMPAIGN_ERROR: Told(
        why="something went wrong inside this campaign{detail}",
        next="Look at the campaign",
        place="when",
    ),
}

TITLES: Final[dict[Reason, str]] = {
    Reason.ACCEPTED: "Firebase accepted it",
    Reason.UNCONFIRMED: "Firebase did not answer",
    Reason.EVENT_TOO_OLD: "The event was too old",
    Reason.CHAIN_TOO_LONG: "Too many messages in a row",
    Reason.CAMPAIGN_NOT_LIVE: "The campaign was not live",
    Reason.CANCELLED_BY_EVENT: "Something the person did meanwhile",
    Reason.RESTARTED: "The wait began anew",
    Reason.NO_LONGER_MATCHES: "No longer matched after the wait",
    Reason.ALREADY_RECEIVED: "Got it before",
    Reason.TOO_SOON: "Got it a short while ago",
    Reason.COOLDOWN: "Too soon after another place",
    Reason.CLOSED: "The place was closed",
    Reason.CLOSES_SOON: "The place was about to close",
    Reason.QUIET_HOURS: "Quiet hours",
    Reason.EVENT_FORGOTTEN: "The event is gone from the log",
    Reason.NO_DEVICE: "No phone with the app",
    Reason.PUSH_NOT_ALLOWED: "Notifications not allowed",
    Reason.NO_ADDRESS: "No push address",
    Reason.APNS_TOKEN: "Apple's token instead of Firebase's",
    Reason.EXPIRED: "Too late to be of use",
    Reason.MISSING: "Something is not known",
    Reason.ABORTED: "The message said no",
    Reason.BAD_LINK: "The link may not be opened",
    Reason.TEMPLATE_FAILED: "The message has a fault",
    Reason.PAYLOAD_TOO_BIG: "The message is too long",
    Reason.LOGGED_OUT: "Logged out",
    Reason.DEVICE_CHANGED_HANDS: "Somebody else's phone now",
    Reason.DEVICE_RETIRED: "Phone no longer in use",
    Reason.UNREGISTERED: "App no longer installed",
    Reason.BAD_ADDRESS: "Push address not known to Firebase",
    Reason.OTHER_PROJECT: "Another Firebase project",
    Reason.REFUSED_BY_FCM: "Firebase refused the message",
    Reason.NO_CREDENTIALS: "Firebase refused our credentials",
    Reason.CAMPAIGN_ERROR: "Something went wrong",
}
FAILURES: Final[dict[Failure, str]] = {
    Failure.TEMPLATE_TOO_LONG: "the message is too long to be read",
    Failure.TEMPLATE_UNREADABLE: "the message cannot be read: something between {{ }} is wrong",
    Failure.UNKNOWN_TAG: "the message uses a {% tag %} that does not exist",
    Failure.UNKNOWN_FILTER: "the message uses a filter that does not exist",
    Failure.UNKNOWN_NAME: "the message uses a name that does not exist",
    Failure.RESERVED_NAME: "the message gives its own meaning to a name that is taken",
    Failure.RANGE_OUTSIDE_FOR: "the message uses a range outside “for”",
    Failure.RANGE_TOO_LONG: "the message counts too far",
    Failure.LIST_PRINTED: "the message shows a whole list where only one value fits",
    Failure.LIST_TOO_LONG: "a list in the message is too long",
    Failure.TEXT_TOO_LONG: "a text in the message grows too long",
    Failure.NUMBER_TOO_BIG: "a number in the message is too big",
    Failure.NOT_A_NUMBER: "the message calculates with something that is not a number",
    Failure.NOT_A_DATE: "the message writes a date from something that is not a date",
    Failure.DATE_PATTERN: "the message writes a date in a way that does not exist",
    Failure.WRONG_TYPE: "a value in the message is of another kind than the message expects",
    Failure.TOO_MUCH_WORK: "the message repeats too much",
    Failure.OUTPUT_TOO_LONG: "the finished message is too long",
    Failure.EMPTY_MESSAGE: "the finished message is empty",
}
UNREADABLE: Final = "the message cannot be filled in"

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLAIN_PATH: Final = re.compile(r"[\w.\[\]-]+")
_OWNERS: Final = {
    "person": "the",
    "event": "the event's",
    "device": "the phone's",
    "place": "the place's",
}


def explain(*, state: str, reason: str, detail: str = "") -> Explanation:
    """A moment's state, reason and detail as one sentence, with the next step.

    Codes that this release does not know are shown as they are, rather than hidden.
    """
    known = MomentState(state) if state in set(MomentState) else None
    opening = OPENINGS[known] if known else state
    if not reason or (known is MomentState.SENT and reason == Reason.ACCEPTED):
        return Explanation(sentence=f"{opening}.", next="", place="none")
    told = because(reason=reason, detail=detail)
    return Explanation(sentence=f"{opening}: {told.why}.", next=told.next, place=told.place)


def because(*, reason: str, detail: str = "") -> Told:
    """Why, without the opening: "we don't know the first name"."""
    if reason not in set(Reason):
        return Told(why=reason)
    told = TOLD[Reason(reason)]
    words = _detail_in_words(Reason(reason), detail)
    return Told(why=told.why.replace("{detail}", words), next=told.next, place=told.place)


def title_of(reason: Reason) -> str:
    """A short name, for lists to choose from."""
    return TITLES[reason]


def fallback(path: str) -> str:
    """What to write in a message so that a missing value does no harm."""
    example = "there" if path.endswith("first_name") else "…"
    written = path if _PLAIN_PATH.fullmatch(path) else "…"
    return f'{{{{ {written} | default: "{example}" }}}}'


def in_words(path: str) -> str:
    """person.first_name is "the first name", event.properties.venue "the event's venue"."""
    root, _, rest = path.partition(".")
    rest = rest.removeprefix("properties.") if root == "event" else rest
    if not rest or root not in _OWNERS:
        return f"“{path}”"
    words = re.split(r"[\s._-]+", _CAMEL.sub(" ", rest))
    plain = " ".join(word if word.isupper() else word.lower() for word in words).strip()
    return f"{_OWNERS[root]} {plain or rest}"


def _detail_in_words(reason: Reason, detail: str) -> str:
    if reason is Reason.MISSING:
        return in_words(detail) if detail else "something the message shows"
    if reason is Reason.TEMPLATE_FAILED:
        return FAILURES[Failure(detail)] if detail in set(Failure) else UNREADABLE
    if reason is Reason.CANCELLED_BY_EVENT:
        return f"“{detail}”" if detail else "something that cancels it"
    if reason is Reason.ABORTED:
        return f": “{detail}”" if detail else ""
    return f" ({detail})" if detail else ""
