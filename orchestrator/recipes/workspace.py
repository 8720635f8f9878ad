"""The workspace of a file: found, made or changed."""

from datetime import datetime, time
from typing import Any, cast

from django.core.exceptions import ValidationError

from audience.models import LocationConsent, Mode, Workspace
from audience.services import workspaces
from orchestrator.recipes import document
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.recipe import WORKSPACE


def apply(
    section: document.Workspace | None, *, key: str, problems: Problems, now: datetime
) -> tuple[Workspace, Change | None]:
    """The workspace of this key, as the section wants it, and what was done to it.

    Raises RecipeError where there is none and the section is not enough to make one.
    """
    found = Workspace.objects.select_for_update().filter(key=key).first()
    if found:
        return found, _change(found, section, problems) if section else None
    if section is None:
        problems.add((), f"There is no workspace “{key}”. Add “workspace:” with a name and a mode.")
        raise problems.error()
    return _create(section, key=key, problems=problems, now=now)


def _create(
    section: document.Workspace, *, key: str, problems: Problems, now: datetime
) -> tuple[Workspace, Change]:
    if section.name is None:
        problems.add(WORKSPACE, "This workspace is new. Add “name:”.")
    if section.mode is None:
        problems.add(WORKSPACE, f"This workspace is new. Add “mode:”. {modes()}")
    if section.name is None or section.mode is None:
        raise problems.error()
    try:
        workspace = workspaces.create(
            key=key,
            name=section.name,
            mode=Mode(section.mode),
            time_zone=section.time_zone or "UTC",
            now=now,
        )
        workspaces.change(workspace=workspace, **settings(section))
    except ValidationError as error:
        _tell(error, problems)
        raise problems.error() from error
    return workspace, Change(thing=thing(key), done=Done.CREATED, note=f"mode {section.mode}")


def modes() -> str:
    """open and verified, with what each means."""
    return "; ".join(f"{value} ({label.partition(': ')[2]})" for value, label in Mode.choices)


def _change(workspace: Workspace, section: document.Workspace, problems: Problems) -> Change:
    wanted = settings(section)
    before = {name: getattr(workspace, name) for name in wanted}
    if wanted == before:
        return Change(thing=thing(workspace.key), done=Done.UNCHANGED)
    notes = [
        f"{name.replace('_', ' ')} was {shown(before[name])}, is now {shown(value)}"
        for name, value in wanted.items()
        if value != before[name]
    ]
    try:
        workspaces.change(workspace=workspace, **wanted)
    except ValidationError as error:
        _tell(error, problems)
    return Change(thing=thing(workspace.key), done=Done.CHANGED, note="; ".join(notes))


def settings(section: document.Workspace) -> workspaces.Settings:
    """What the section says of the workspace's settings; the others stay as they are."""
    said: dict[str, Any] = {
        "name": section.name,
        "mode": section.mode and Mode(section.mode),
        "time_zone": section.time_zone,
        "location_consent": section.location_consent,
        "keep_fixes_days": section.keep_positions_days,
    }
    given = {name: value for name, value in said.items() if value is not None}
    if section.quiet_hours is not None:
        given["quiet_from"], given["quiet_until"] = ends(section.quiet_hours)
    return cast("workspaces.Settings", given)


def ends(quiet_hours: str) -> tuple[time | None, time | None]:
    if quiet_hours == "none":
        return None, None
    begin, _, end = quiet_hours.partition(" to ")
    return time.fromisoformat(begin), time.fromisoformat(end)


def shown(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def written(workspace: Workspace) -> dict[str, Any]:
    """The settings that places need, where they are not what a new workspace has."""
    said: dict[str, Any] = {}
    if workspace.location_consent != LocationConsent.RECORDED:
        said["location_consent"] = workspace.location_consent
    if workspace.keep_fixes_days:
        said["keep_positions_days"] = workspace.keep_fixes_days
    if workspace.quiet_from and workspace.quiet_until:
        said["quiet_hours"] = f"{shown(workspace.quiet_from)} to {shown(workspace.quiet_until)}"
    return said


def _tell(error: ValidationError, problems: Problems) -> None:
    for field, messages in error.message_dict.items():
        if field != "time_zone":  # told when the file was read, with a suggestion
            problems.add((*WORKSPACE, field), " ".join(messages))


def thing(key: str) -> str:
    return f"workspace {key}"
