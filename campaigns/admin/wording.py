"""A campaign in sentences: when it fires, what it says, and what a new revision changes."""

from dataclasses import dataclass

from campaigns.admin.cancels import cancels_in_words, restart_in_words
from campaigns.admin.durations import in_words
from campaigns.admin.how_often import how_often_in_words
from campaigns.admin.properties import short
from campaigns.admin.rule_text import sentence
from campaigns.admin.waiting import wait_in_words
from campaigns.definition import DEFAULT_LOCALE, Definition
from triggers.trigger import EventTrigger

UNFINISHED = "Not finished yet"
UNFINISHED_WAIT = "When someone does {event}, … (not finished yet)"
ALWAYS = "every time"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the comparison. `before` is "" where nothing was published yet."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def trigger_sentence(definition: Definition) -> str:
    """All of it: When someone does Product Added, wait 45 minutes; not if they do … meanwhile."""
    trigger = definition.trigger
    if not trigger.event.strip():
        return UNFINISHED
    rule = sentence(trigger.rule)
    if not rule:
        return unfinished_sentence(trigger.event)
    return " ".join([f"{_happens(trigger, rule)}{_meanwhile(trigger)}.", *_limits(trigger)])


def unfinished_sentence(event: str) -> str:
    return f"When someone does {event}, if … (the conditions are not finished)"


def _happens(trigger: EventTrigger, rule: str) -> str:
    condition = "" if rule == ALWAYS else f", if {rule}"
    if trigger.wait is None:
        return f"When someone does {trigger.event}{condition or f', {ALWAYS}'}"
    return f"When someone does {trigger.event}{condition}, {wait_in_words(trigger.wait)}"


def _meanwhile(trigger: EventTrigger) -> str:
    ended = cancels_in_words(trigger.cancel_on, trigger=trigger.event)
    again = restart_in_words(trigger.cancel_on, trigger=trigger.event)
    return f"{f'; not if {ended} meanwhile' if ended else ''}{f'; {again}' if again else ''}"


def _limits(trigger: EventTrigger) -> list[str]:
    often = how_often_in_words(trigger)
    by_key = trigger.key and not often.endswith(f" per {short(trigger.key)}")
    return [
        *([f"Told apart by {short(trigger.key)}."] if by_key else []),
        *([f"{often}."] if trigger.re_entry.mode != "always" else []),
    ]


def comparison(*, before: Definition | None, after: Definition) -> list[Line]:
    """What people get now and what they will get, line by line."""
    old, new = _lines(before) if before else {}, _lines(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Line(label=label, before=old.get(label, ""), after=new.get(label, "")) for label in labels
    ]


def _lines(definition: Definition) -> dict[str, str]:
    lines = _trigger_lines(definition.trigger)
    default_first = sorted(
        definition.messages.items(), key=lambda each: (each[0] != DEFAULT_LOCALE, each[0])
    )
    for locale, message in default_first:
        language = "" if locale == DEFAULT_LOCALE else f" ({locale})"
        lines[f"Title{language}"] = message.title
        lines[f"Text{language}"] = message.body
        lines[f"Link{language}"] = message.deep_link or "none"
    since = " after it could first be sent" if definition.trigger.wait else ""
    lines["How often for one person"] = how_often_in_words(definition.trigger)
    lines["Too late after"] = f"{in_words(definition.useful_for_s)}{since}"
    lines["Ignore events older than"] = in_words(definition.trigger.max_age_s)
    return lines


def _trigger_lines(trigger: EventTrigger) -> dict[str, str]:
    """The trigger part by part, so that a change of one is seen at once."""
    rule = sentence(trigger.rule)
    condition = "" if rule == ALWAYS else f", if {rule or '…'}"
    ended = cancels_in_words(trigger.cancel_on, trigger=trigger.event)
    again = restart_in_words(trigger.cancel_on, trigger=trigger.event)
    wait = wait_in_words(trigger.wait) if trigger.wait else "at once"
    return {
        "When": f"Someone does {trigger.event}{condition or f', {ALWAYS}'}",
        "When to send": f"{wait[0].upper()}{wait[1:]}",
        "Not if, meanwhile": "; ".join(part for part in (ended, again) if part) or "nothing",
        "What tells one from another": short(trigger.key) or "nothing",
    }
