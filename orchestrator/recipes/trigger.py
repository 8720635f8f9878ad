"""When a campaign acts: the file's `when` and `how_often`, a definition's trigger."""

from typing import Any

import msgspec

from orchestrator.recipes import conditions, often, unless, waits, words
from orchestrator.recipes.document import Campaign, When
from orchestrator.recipes.kinds.choice import kind_for, kind_of, said
from orchestrator.recipes.problem import Path, Problems
from triggers.clock import Wait
from triggers.trigger import ReEntry, Trigger


def read(campaign: Campaign, path: Path, problems: Problems) -> Trigger | None:
    """None where the way it starts is not clear, which is told."""
    when, at = campaign.when, (*path, "when")
    kind = kind_of(when, at, problems)
    own = kind.read(when, at, problems) if kind else None
    if kind is None or own is None:
        return None
    found: Trigger = kind.trigger(
        **own,
        rule=_rule(when, at, problems),
        wait=_wait(when),
        cancel_on=unless.read(when.unless, (*at, "unless"), problems),
        key=when.per or "",
        re_entry=_re_entry(campaign.how_often),
        max_age_s=seconds(when.ignore_after or kind.ignore_after),
    )
    return found


def check(when: When, path: Path, problems: Problems) -> None:
    """What can be said of `when` alone, even where the campaign around it is broken."""
    if kind := kind_of(when, path, problems):
        kind.read(when, path, problems)


def _rule(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    return None if when.if_ is None else conditions.read(when.if_, (*path, "if"), problems)


def _wait(when: When) -> Wait | None:
    if when.wait is None:
        return None
    wait = waits.read(when.wait)
    if wait is None:
        raise AssertionError(when.wait)  # document.Wait let nothing else through
    return wait


def _re_entry(text: str) -> ReEntry:
    re_entry = often.read(text)
    if re_entry is None:
        raise AssertionError(text)  # document.HowOften let nothing else through
    return re_entry


def useful_for_s(campaign: Campaign, trigger: Trigger) -> int:
    return seconds(campaign.too_late_after or kind_for(trigger).too_late_after)


def seconds(duration: str) -> int:
    found = words.seconds(duration)
    if found is None:
        raise AssertionError(duration)  # document.Duration let nothing else through
    return found


def write(trigger: Trigger) -> dict[str, Any]:
    """`when`, and `how_often` unless that is always."""
    rule = conditions.write(trigger.rule)
    how_often = often.write(trigger.re_entry)
    when = {
        **kind_for(trigger).write(trigger),
        **({"if": rule} if rule else {}),
        **({"wait": waits.write(trigger.wait)} if trigger.wait else {}),
        **({"unless": unless.write(trigger.cancel_on)} if trigger.cancel_on else {}),
        **({"per": trigger.key} if trigger.key else {}),
        "ignore_after": words.duration(trigger.max_age_s),
    }
    return {"when": when, **({"how_often": how_often} if how_often != "always" else {})}


def normal(trigger: Trigger) -> Trigger:
    """The same trigger without what editors keep in it."""
    plain: Trigger = kind_for(trigger).normal(trigger)
    return msgspec.structs.replace(
        plain,
        rule=conditions.normal(trigger.rule),
        cancel_on=unless.normal(trigger.cancel_on),
        re_entry=often.normal(trigger.re_entry),
    )


def place(field: str, when: When) -> Path:
    """Where in the file a field of a DefinitionError stands, without its "trigger."."""
    if field.startswith("rule"):
        return conditions.place(when.if_, field.removeprefix("rule"), ("when", "if"))
    head, _, rest = field.partition(".")
    if head == "cancel_on" and rest:
        at, _, part = rest.partition(".")
        return unless.place(part, when.unless[int(at)], ("when", "unless", int(at)))
    for kind in said(when):
        for name in (field, head):
            if name in kind.places:
                return ("when", *kind.places[name])
    return _PLACES.get(head, ("when",))


_PLACES: dict[str, Path] = {
    "wait": ("when", "wait"),
    "cancel_on": ("when", "unless"),
    "key": ("when", "per"),
    "re_entry": ("how_often",),
    "max_age_s": ("when", "ignore_after"),
}
