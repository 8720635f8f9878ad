"""Programs, kept by the process and built anew when a workspace's version has moved."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from campaigns.engine.program import CompiledCampaign, Program
from campaigns.selectors.program import pinned, program, versions

MOST_PINNED = 1_000

_programs: dict[int, Program] = {}
_pinned: dict[int, CompiledCampaign] = {}


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


def with_versions(programs: dict[int, Program], version_ids: set[int]) -> dict[int, Program]:
    """The same Programs, which also know the versions that open moments are pinned to."""
    if not version_ids:
        return programs
    known = versions_of(version_ids)
    return {id: replace(one, versions={**one.versions, **known}) for id, one in programs.items()}


def versions_of(version_ids: set[int]) -> dict[int, CompiledCampaign]:
    """Compiled versions, which never change and are kept."""
    missing = version_ids - _pinned.keys()
    if missing:
        if len(_pinned) > MOST_PINNED:
            _pinned.clear()
            missing = version_ids
        _pinned.update(pinned(version_ids=missing))
    return {id: _pinned[id] for id in version_ids if id in _pinned}


def forget() -> None:
    """Build every Program anew."""
    _programs.clear()
    _pinned.clear()
