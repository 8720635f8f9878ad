"""The workspace of a file: found, made or changed."""

from datetime import datetime

from django.core.exceptions import ValidationError

from audience.models import Mode, Workspace
from audience.services import workspaces
from orchestrator.recipes import document
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.recipe import WORKSPACE

SETTINGS = ("name", "mode", "time_zone")


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
    except ValidationError as error:
        _tell(error, problems)
        raise problems.error() from error
    return workspace, Change(thing=thing(key), done=Done.CREATED, note=f"mode {section.mode}")


def modes() -> str:
    """open and verified, with what each means."""
    return "; ".join(f"{value} ({label.partition(': ')[2]})" for value, label in Mode.choices)


def _change(workspace: Workspace, section: document.Workspace, problems: Problems) -> Change:
    before = {name: getattr(workspace, name) for name in SETTINGS}
    wanted = {name: getattr(section, name) for name in SETTINGS}
    after = {name: before[name] if value is None else value for name, value in wanted.items()}
    if after == before:
        return Change(thing=thing(workspace.key), done=Done.UNCHANGED)
    notes = [
        f"{name.replace('_', ' ')} was {before[name]}, is now {after[name]}"
        for name in SETTINGS
        if after[name] != before[name]
    ]
    try:
        workspaces.change(workspace=workspace, **after)
    except ValidationError as error:
        _tell(error, problems)
    return Change(thing=thing(workspace.key), done=Done.CHANGED, note="; ".join(notes))


def _tell(error: ValidationError, problems: Problems) -> None:
    for field, messages in error.message_dict.items():
        if field != "time_zone":  # told when the file was read, with a suggestion
            problems.add((*WORKSPACE, field), " ".join(messages))


def thing(key: str) -> str:
    return f"workspace {key}"
