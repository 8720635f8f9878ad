"""A campaign in sentences: when it fires, what it says, and what a new revision changes."""

from dataclasses import dataclass

from campaigns.admin.durations import in_words
from campaigns.admin.rule_text import sentence
from campaigns.definition import DEFAULT_LOCALE, Definition

UNFINISHED = "Not finished yet"
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
    """When someone does Open Day Attended, if venue is "Utrecht"."""
    trigger = definition.trigger
    if not trigger.event.strip():
        return UNFINISHED
    rule = sentence(trigger.rule)
    if not rule:
        return unfinished_sentence(trigger.event)
    return f"When someone does {trigger.event}, {'every time' if rule == ALWAYS else f'if {rule}'}"


def unfinished_sentence(event: str) -> str:
    return f"When someone does {event}, if … (the conditions are not finished)"


def comparison(*, before: Definition | None, after: Definition) -> list[Line]:
    """What people get now and what they will get, line by line."""
    old, new = _lines(before) if before else {}, _lines(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Line(label=label, before=old.get(label, ""), after=new.get(label, "")) for label in labels
    ]


def _lines(definition: Definition) -> dict[str, str]:
    lines = {"When": trigger_sentence(definition)}
    default_first = sorted(
        definition.messages.items(), key=lambda each: (each[0] != DEFAULT_LOCALE, each[0])
    )
    for locale, message in default_first:
        language = "" if locale == DEFAULT_LOCALE else f" ({locale})"
        lines[f"Title{language}"] = message.title
        lines[f"Text{language}"] = message.body
        lines[f"Link{language}"] = message.deep_link or "none"
    lines["Too late after"] = in_words(definition.useful_for_s)
    lines["Ignore events older than"] = in_words(definition.trigger.max_age_s)
    return lines
