"""One file applied: all of it, or nothing."""

from datetime import datetime

from django.db import transaction

from orchestrator.recipes import campaign, keys, recipe, workspace
from orchestrator.recipes.change import Change
from orchestrator.recipes.problem import Problems


def apply_file(
    text: str,
    *,
    name: str,
    workspace_key: str | None,
    publish: bool,
    allow_key_values: bool,
    now: datetime,
) -> list[Change]:
    """Creates or updates what the file says; a second time it changes nothing.

    name: of the file, for messages. workspace_key: instead of the file's, or None.
    allow_key_values: let the demo workspace bring its own keys.
    Raises RecipeError with everything that is wrong, and has then changed nothing.
    """
    problems = Problems(name)
    read = recipe.read(text, problems)
    key = read.workspace.key if workspace_key is None and read.workspace else workspace_key
    if key is None:
        problems.add((), "Add “workspace:” with its key, or name one with --workspace.")
        raise problems.error()
    if not (allow_key_values and key == keys.DEMO):
        keys.refuse_values(read.keys, problems)
    with transaction.atomic():
        return _applied(read, key=key, publish=publish, problems=problems, now=now)


def _applied(
    read: recipe.Recipe, *, key: str, publish: bool, problems: Problems, now: datetime
) -> list[Change]:
    """Campaigns are locked before their workspace, as publishing and pausing do."""
    found = campaign.locked(workspace_key=key, drafts=read.drafts)
    home, change = workspace.apply(read.workspace, key=key, problems=problems, now=now)
    problems.refuse()
    changes = [change, *keys.apply(read.keys, workspace=home, problems=problems, now=now)]
    problems.refuse()
    for draft in read.drafts:
        before = found.get(draft.campaign.key)
        changes += campaign.apply(draft, found=before, workspace=home, publish=publish, now=now)
    return [change for change in changes if change]
