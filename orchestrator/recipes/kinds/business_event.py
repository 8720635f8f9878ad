"""`business_event`: the brand's server reports something about no person in particular."""

from typing import Any, Final

from orchestrator.recipes import people, same, words
from orchestrator.recipes.document import Concerned, When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import Audience, BusinessTrigger, Same

JUST_ONE: Final = "Name one property here, such as sku."


def _read(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    audience = _audience(when.for_, (*path, "for"), problems) if when.for_ else None
    if when.for_ and audience is None:
        return None
    fields = {
        "event": when.business_event,
        "audience": audience,
        "max_people": people.read(when.at_most or people.DEFAULT),
        "max_per_hour": when.at_most_per_hour,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _audience(section: Concerned, path: Path, problems: Problems) -> Audience | None:
    pairs = same.read(section.same, (*path, "same"), problems)
    if len(pairs) != 1 or not same.is_right(section.same):
        if len(pairs) != 1 and same.is_right(section.same):
            problems.add((*path, "same"), JUST_ONE)
        return None
    (pair,) = pairs
    return Audience(
        event=section.event,
        property=pair.property,
        equals=pair.equals,
        within_s=words.seconds(section.within) or 0,
    )


def _write(trigger: BusinessTrigger) -> dict[str, Any]:
    return {
        "business_event": trigger.event,
        **({"for": _concerned(trigger.audience)} if trigger.audience else {}),
        "at_most": people.write(trigger.max_people),
        "at_most_per_hour": trigger.max_per_hour,
    }


def _concerned(audience: Audience) -> dict[str, Any]:
    pair = Same(property=audience.property, equals=audience.equals)
    return {
        "event": audience.event,
        "same": same.write([pair]),
        "within": words.duration(audience.within_s),
    }


BUSINESS_EVENT: Final = Kind(
    trigger=BusinessTrigger,
    head="business_event",
    takes=("for", "at_most", "at_most_per_hour"),
    read=_read,
    write=_write,
    places={
        "event": ("business_event",),
        "audience.event": ("for", "event"),
        "audience.property": ("for", "same"),
        "audience.equals": ("for", "same"),
        "audience.within_s": ("for", "within"),
        "max_people": ("at_most",),
        "max_per_hour": ("at_most_per_hour",),
    },
)
