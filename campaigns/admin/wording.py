"""A campaign in sentences: when it fires, what it says, and what a new revision changes."""

from dataclasses import dataclass

from campaigns.admin.cancels import cancels_in_words, restart_in_words
from campaigns.admin.durations import in_words
from campaigns.admin.happens import ALWAYS, SOURCES, conditions, happening
from campaigns.admin.how_often import how_often_in_words
from campaigns.admin.known import NOTHING, Known
from campaigns.admin.place_words import place_limits, place_lines
from campaigns.admin.properties import short
from campaigns.admin.rule_text import sentence
from campaigns.admin.waiting import wait_in_words
from campaigns.definition import DEFAULT_LOCALE, Definition
from campaigns.services.trigger_checks.re_entry import told_apart_by
from triggers.trigger import (
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    PlaceTrigger,
    ScheduleTrigger,
    Trigger,
)

UNFINISHED = "Not finished yet"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the comparison. `before` is "" where nothing was published yet."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def trigger_sentence(definition: Definition, known: Known = NOTHING) -> str:
    """All of it: When someone does Product Added, wait 45 minutes; not if they do … meanwhile."""
    trigger = definition.trigger
    rule = sentence(trigger.rule)
    if not rule or not happening(trigger, known):
        return unfinished_sentence(trigger, known)
    happens = f"{happening(trigger, known)}{conditions(trigger, rule)}"
    if trigger.wait:
        happens = f"{happens.removesuffix(f', {ALWAYS}')}, {wait_in_words(trigger.wait)}"
    return " ".join([f"{happens}{_meanwhile(trigger)}.", *_limits(trigger)])


def unfinished_sentence(trigger: Trigger, known: Known) -> str:
    happens = happening(trigger, known)
    return f"{happens}, if … (the conditions are not finished)" if happens else UNFINISHED


def unfinished_wait(trigger: Trigger, known: Known) -> str:
    happens = happening(trigger, known)
    return f"{happens}, … (not finished yet)" if happens else UNFINISHED


def _meanwhile(trigger: Trigger) -> str:
    ended, again = _ends(trigger)
    return f"{f'; not if {ended} meanwhile' if ended else ''}{f'; {again}' if again else ''}"


def _ends(trigger: Trigger) -> tuple[str, str]:
    """What ends the wait, and what starts it anew."""
    own = getattr(trigger, "event", "")
    return (
        cancels_in_words(trigger.cancel_on, trigger=own),
        restart_in_words(trigger.cancel_on, trigger=own),
    )


def _limits(trigger: Trigger) -> list[str]:
    often = how_often_in_words(trigger)
    by_key = trigger.key and not often.endswith(f" per {short(trigger.key)}")
    return [
        *([f"Told apart by {short(trigger.key)}."] if by_key else []),
        *([f"{often}."] if trigger.re_entry.mode != "always" else []),
        *(place_limits(trigger) if isinstance(trigger, PlaceTrigger) else []),
    ]


def comparison(
    *, before: Definition | None, after: Definition, known: Known = NOTHING
) -> list[Line]:
    """What people get now and what they will get, line by line."""
    old, new = _lines(before, known) if before else {}, _lines(after, known)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Line(label=label, before=old.get(label, ""), after=new.get(label, "")) for label in labels
    ]


def _lines(definition: Definition, known: Known) -> dict[str, str]:
    lines = _trigger_lines(definition.trigger, known)
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
    return lines | _safety_lines(definition.trigger)


def _trigger_lines(trigger: Trigger, known: Known) -> dict[str, str]:
    """The trigger part by part, so that a change of one is seen at once."""
    ended, again = _ends(trigger)
    wait = wait_in_words(trigger.wait) if trigger.wait else "at once"
    lines = {
        "When": _when(trigger, known),
        "When to send": f"{wait[0].upper()}{wait[1:]}",
        "Not if, meanwhile": "; ".join(part for part in (ended, again) if part) or "nothing",
        "What tells one from another": short(told_apart_by(trigger)) or "nothing",
    }
    if isinstance(trigger, EventTrigger):
        lines["Which sources count"] = SOURCES.get(trigger.source, trigger.source)
    return lines


def _when(trigger: Trigger, known: Known) -> str:
    rule = sentence(trigger.rule)
    happens = happening(trigger, known).removeprefix("When ") or UNFINISHED
    condition = conditions(trigger, rule) if rule else ", if …"
    return f"{happens[0].upper()}{happens[1:]}{condition}"


def _safety_lines(trigger: Trigger) -> dict[str, str]:
    lines = {}
    if isinstance(trigger, ScheduleTrigger | DateTrigger | BusinessTrigger):
        lines["At most this many people"] = f"{trigger.max_people:,}"
    if isinstance(trigger, BusinessTrigger):
        lines["At most this many reports an hour"] = f"{trigger.max_per_hour:,}"
    if isinstance(trigger, PlaceTrigger):
        lines |= place_lines(trigger)
    if not isinstance(trigger, ScheduleTrigger | DateTrigger):
        lines["Ignore events older than"] = in_words(trigger.max_age_s)
    return lines
