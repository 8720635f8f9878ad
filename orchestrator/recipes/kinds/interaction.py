"""`campaign`: what a person did with another campaign's message."""

from typing import Any, Final, Literal

import msgspec

from orchestrator.recipes import words
from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import DAY_S, InteractionTrigger

Did = Literal["accepted", "opened", "not_opened"]
DID: Final[dict[str, Did]] = {
    "received": "accepted",
    "opened": "opened",
    "not opened": "not_opened",
}
_SAID: Final = {did: said for said, did in DID.items()}
ONLY_NOT_OPENED: Final = "Remove this, or write did: not opened; the rest is known at once."


def _read(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    did = DID[when.did or "opened"]
    if when.within is None:
        return {"campaign": when.campaign, "did": did}
    if did != "not_opened":
        problems.add((*path, "within"), ONLY_NOT_OPENED)
        return None
    within_s = words.seconds(when.within)
    return {"campaign": when.campaign, "did": did, "within_s": within_s}


def _write(trigger: InteractionTrigger) -> dict[str, Any]:
    late = trigger.did == "not_opened"
    within = {"within": words.duration(trigger.within_s)} if late else {}
    return {"campaign": trigger.campaign, "did": _SAID[trigger.did], **within}


def _normal(trigger: InteractionTrigger) -> InteractionTrigger:
    if trigger.did == "not_opened":
        return trigger
    return msgspec.structs.replace(trigger, within_s=DAY_S)


INTERACTION: Final = Kind(
    trigger=InteractionTrigger,
    head="campaign",
    takes=("did", "within"),
    read=_read,
    write=_write,
    places={"campaign": ("campaign",), "did": ("did",), "within_s": ("within",)},
    normal=_normal,
)
