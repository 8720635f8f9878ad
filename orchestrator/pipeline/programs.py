"""Programs, kept by the process and built anew when a workspace's version has moved."""

from collections.abc import Iterable

from django.conf import settings

from campaigns.engine.program import Program
from campaigns.selectors.program import program, versions

_programs: dict[int, Program] = {}


def of(workspaces: Iterable[int]) -> dict[int, Program]:
    """The current Program of each workspace that exists; one query unless something changed."""
    current = versions(workspaces=sorted(set(workspaces)))
    for workspace_id, version in current.items():
        known = _programs.get(workspace_id)
        if known is None or known.version != version:
            _programs[workspace_id] = program(
                workspace_id=workspace_id, link_schemes=settings.LINK_SCHEMES
            )
    return {workspace_id: _programs[workspace_id] for workspace_id in current}


def forget() -> None:
    """Build every Program anew."""
    _programs.clear()
