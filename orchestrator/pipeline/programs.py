"""Programs, kept by the process and built anew when a workspace's version has moved."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.program import Program, build
from campaigns.selectors import program as selector
from campaigns.selectors.program import Recipe

MOST_VERSIONS = 5_000

_programs: dict[int, Program] = {}
_versions: dict[int, CompiledCampaign] = {}


def of(workspaces: Iterable[int], *, now: datetime) -> dict[int, Program]:
    """The current Program of each workspace that exists; one query unless something changed."""
    numbers = selector.versions(workspaces=sorted(set(workspaces)))
    return {id: _current(id, number, now=now) for id, number in numbers.items()}


def seen(workspace_id: int) -> Program:
    """The current Program for somebody who decides nothing by it, and so leaves no record."""
    number = selector.versions(workspaces=[workspace_id])[workspace_id]
    return _current(workspace_id, number, now=None)


def _current(workspace_id: int, number: int, *, now: datetime | None) -> Program:
    known = _programs.get(workspace_id)
    if known and known.version == number:
        return known
    number, recipe, recorded = selector.current(workspace_id=workspace_id)
    program = made(workspace_id, number, recipe)
    if recorded:
        _programs[workspace_id] = program
    elif now:  # kept once the record is sure to stand: this transaction may yet fail
        selector.record(workspace_id=workspace_id, number=number, recipe=recipe, now=now)
    return program


def at(workspace_id: int, number: int) -> Program | None:
    """The Program as it was at a number, if anything was decided by it."""
    recipe = selector.recorded(workspace_id=workspace_id, number=number)
    return made(workspace_id, number, recipe) if recipe else None


def made(workspace_id: int, number: int, recipe: Recipe) -> Program:
    wanted = {one.version_id for one in recipe.live} | set(recipe.for_waiting.values())
    known = versions_of(wanted)
    return build(
        workspace_id=workspace_id,
        version=number,
        verified=recipe.verified,
        time_zone=recipe.time_zone,
        link_schemes=settings.LINK_SCHEMES,
        live=[
            replace(known[one.version_id], name=one.name, live_since=one.live_since)
            for one in recipe.live
            if one.version_id in known
        ],
        for_waiting=[known[id] for id in recipe.for_waiting.values() if id in known],
        segments=selector.segments(recipe.segments),
        quiet=recipe.quiet,
    )


def with_versions(programs: dict[int, Program], version_ids: set[int]) -> dict[int, Program]:
    """The same Programs, which also know the versions that open moments are pinned to."""
    if not version_ids:
        return programs
    known = versions_of(version_ids)
    return {id: replace(one, versions={**known, **one.versions}) for id, one in programs.items()}


def versions_of(version_ids: set[int]) -> dict[int, CompiledCampaign]:
    """Compiled versions, which never change and are kept."""
    missing = version_ids - _versions.keys()
    if missing:
        if len(_versions) > MOST_VERSIONS:
            _versions.clear()
            missing = version_ids
        _versions.update(selector.campaign_versions(ids=missing))
    return {id: _versions[id] for id in version_ids if id in _versions}


def forget() -> None:
    """Build every Program anew."""
    _programs.clear()
    _versions.clear()
