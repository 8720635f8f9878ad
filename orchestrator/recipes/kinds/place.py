"""`place`: a person comes to, stays at, leaves or comes near a place."""

from typing import Any, Final

import msgspec

from orchestrator.recipes import cooldown, words
from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import PlaceTrigger

USUAL: Final = PlaceTrigger()
ONLY_DWELL: Final = "Remove this, or write place: dwell; only a stay has a length."
ONLY_EXIT: Final = "Remove this, or write place: exit; only then is it known how long a visit was."
NOT_BOTH: Final = "Remove this, or only_open: false; the two contradict each other."
NAMES: Final = {"tags": "tags", "confidence": "confidence", "quiet_hours": "quiet_hours"}
LENGTHS: Final = {"stay_s": "stay", "visit_s": "visit"}
COOLDOWNS: Final = {"place_cooldown_s": "place_cooldown", "tag_cooldown_s": "tag_cooldown"}


def _read(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    wrong = _contradictions(when)
    for name, sentence in wrong.items():
        problems.add((*path, name), sentence)
    if wrong:
        return None
    plain = {name: getattr(when, name) for name in NAMES}
    lengths = {field: words.seconds(getattr(when, name) or "") for field, name in LENGTHS.items()}
    least = {field: cooldown.read(getattr(when, name) or "") for field, name in COOLDOWNS.items()}
    given = {name: value for name, value in (plain | lengths | least).items() if value is not None}
    if "tags" in given:
        given["tags"] = tuple(given["tags"])
    return {"crossing": when.place, **given, "open_for_s": _open_for_s(when)}


def _contradictions(when: When) -> dict[str, str]:
    found = {}
    if when.stay is not None and when.place != "dwell":
        found["stay"] = ONLY_DWELL
    if when.visit is not None and when.place != "exit":
        found["visit"] = ONLY_EXIT
    if when.open_for is not None and when.only_open is False:
        found["open_for"] = NOT_BOTH
    return found


def _open_for_s(when: When) -> int | None:
    if when.only_open is False:
        return None
    return words.seconds(when.open_for) if when.open_for else USUAL.open_for_s


def _write(trigger: PlaceTrigger) -> dict[str, Any]:
    stays = trigger.crossing == "dwell"
    left = trigger.crossing == "exit" and trigger.visit_s
    return {
        "place": trigger.crossing,
        **({"tags": list(trigger.tags)} if trigger.tags else {}),
        **({"stay": words.duration(trigger.stay_s)} if stays else {}),
        **({"visit": words.duration(trigger.visit_s)} if left else {}),
        "confidence": trigger.confidence,
        **_open(trigger.open_for_s),
        **{name: cooldown.write(getattr(trigger, field)) for field, name in COOLDOWNS.items()},
        "quiet_hours": trigger.quiet_hours,
    }


def _open(open_for_s: int | None) -> dict[str, Any]:
    if open_for_s is None:
        return {"only_open": False}
    return {"open_for": words.duration(open_for_s)} if open_for_s else {"only_open": True}


def _normal(trigger: PlaceTrigger) -> PlaceTrigger:
    """Without the length of what the crossing does not look at."""
    return msgspec.structs.replace(
        trigger,
        stay_s=trigger.stay_s if trigger.crossing == "dwell" else USUAL.stay_s,
        visit_s=trigger.visit_s if trigger.crossing == "exit" else USUAL.visit_s,
    )


PLACE: Final = Kind(
    trigger=PlaceTrigger,
    head="place",
    takes=(
        *("tags", "stay", "visit", "confidence", "only_open", "open_for"),
        *("place_cooldown", "tag_cooldown", "quiet_hours"),
    ),
    read=_read,
    write=_write,
    places={
        "crossing": ("place",),
        "open_for_s": ("open_for",),
        **{field: (name,) for field, name in (NAMES | LENGTHS | COOLDOWNS).items()},
    },
    normal=_normal,
    ignore_after="10 min",
    too_late_after="15 min",
)
