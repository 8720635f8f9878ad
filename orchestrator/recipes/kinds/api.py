"""`api: true`: the brand's server names the campaign and its people."""

from typing import Any, Final

from orchestrator.recipes.document import When
from orchestrator.recipes.kinds.kind import Kind
from orchestrator.recipes.problem import Path, Problems
from triggers.trigger import ApiTrigger


def _read(when: When, path: Path, problems: Problems) -> dict[str, Any] | None:
    if when.api:
        return {}
    problems.add((*path, "api"), "Write true, or remove the line.")
    return None


def _write(_trigger: ApiTrigger) -> dict[str, Any]:
    return {"api": True}


API: Final = Kind(trigger=ApiTrigger, head="api", read=_read, write=_write)
