"""A trigger at places, in words."""

from campaigns.admin.durations import in_words
from triggers.trigger import PlaceTrigger

MOST_TAGS_SAID = 3
_SURE = {
    "low": ", even if the position is not sure",
    "medium": "",
    "high": ", if the position is sure",
}


def at_place(trigger: PlaceTrigger) -> str:
    """When someone comes to a place tagged mall or outlet that is open for 30 minutes more"""
    at = f"{_place(trigger)}{_open(trigger.open_for_s)}"
    said = {
        "enter": f"comes to {at}",
        "dwell": f"stays for at least {in_words(trigger.stay_s)} at {at}",
        "exit": f"leaves {at}{_visit(trigger.visit_s)}",
        "approach": f"comes near {at}",
    }
    does = said.get(trigger.crossing, "")
    return f"When someone {does}{_SURE.get(trigger.confidence, '')}" if does else ""


def _place(trigger: PlaceTrigger) -> str:
    if not trigger.tags:
        return "a place"
    *most, last = trigger.tags[:MOST_TAGS_SAID]
    more = len(trigger.tags) - MOST_TAGS_SAID
    if more > 0:
        most, last = [*most, last], f"{more} more"
    return f"a place tagged {', '.join(most)} or {last}" if most else f"a place tagged {last}"


def _open(open_for_s: int | None) -> str:
    if open_for_s is None:
        return ""
    return f" that is open for {in_words(open_for_s)} more" if open_for_s else " that is open"


def _visit(visit_s: int) -> str:
    return f" after a visit of at least {in_words(visit_s)}" if visit_s else ""


def place_limits(trigger: PlaceTrigger) -> list[str]:
    """Sentences for what is not as it is for every kind."""
    place, tag = trigger.place_cooldown_s, trigger.tag_cooldown_s
    said = [
        *([f"about one place in {in_words(place)}"] if place else []),
        *([f"about places with a tag in common in {in_words(tag)}"] if tag else []),
    ]
    return [
        *([f"At most one {' and one '.join(said)}."] if said else []),
        *(["It is sent in quiet hours too."] if trigger.quiet_hours == "send" else []),
    ]


def place_lines(trigger: PlaceTrigger) -> dict[str, str]:
    """The same, part by part, for the comparison."""
    return {
        "At most one about one place in": _cooldown(trigger.place_cooldown_s),
        "At most one about places with a tag in common in": _cooldown(trigger.tag_cooldown_s),
        "In quiet hours": "Send" if trigger.quiet_hours == "send" else "Don't send",
    }


def _cooldown(seconds: int) -> str:
    return in_words(seconds) if seconds else "no limit"
