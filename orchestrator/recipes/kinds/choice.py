"""Which way a file's `when` chooses, and what does not go with it."""

from typing import Final

import msgspec

from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.api import API
from orchestrator.recipes.kinds.business_event import BUSINESS_EVENT
from orchestrator.recipes.kinds.date import DATE
from orchestrator.recipes.kinds.event import EVENT
from orchestrator.recipes.kinds.interaction import INTERACTION
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.kinds.place import PLACE
from orchestrator.recipes.kinds.schedule import SCHEDULE
from orchestrator.recipes.problem import Path, Problems

KINDS: Final = (EVENT, SCHEDULE, DATE, BUSINESS_EVENT, INTERACTION, PLACE, API)
CHOOSE: Final = f"Choose one of {', '.join(kind.head for kind in KINDS[:-1])} or {API.head}."


def kind_of(when: When, path: Path, problems: Problems) -> Kind | None:
    """The one that is said; None, and a problem, for none or more."""
    heads = said(when)
    if len(heads) != 1:
        problems.add((*path, *(kind.head for kind in heads[1:2])), CHOOSE)
        return None
    (kind,) = heads
    for name in _names(when):
        if owners := _others(name, kind):
            message = f"“{name}” goes with {' or '.join(owners)}, not with {kind.head}. Remove it."
            problems.add((*path, name), message)
    return kind


def said(when: When) -> list[Kind]:
    names = _names(when)
    return [kind for kind in KINDS if kind.head in names]


def _names(when: When) -> list[str]:
    fields = msgspec.structs.fields(When)
    return [field.encode_name for field in fields if getattr(when, field.name) is not None]


def _others(name: str, kind: Kind) -> list[str]:
    """The kinds that this name goes with, if it does not go with this one."""
    if name in kind.takes:
        return []
    return [other.head for other in KINDS if name in other.takes]


def kind_for(trigger: object) -> Kind:
    """The one that makes such triggers."""
    return next(kind for kind in KINDS if kind.trigger is type(trigger))
