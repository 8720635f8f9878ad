"""One file applied: all of it, or nothing."""

from datetime import datetime

from django.db import transaction

from orchestrator.recipes import campaign, keys, places, recipe, segments, trigger, workspace
from orchestrator.recipes.change import Change
from orchestrator.recipes.problem import Problems
from triggers.selectors.place_tags import tags_of
from triggers.selectors.segments import keys_of


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
    """Segments are locked before campaigns, and those before their workspace, as everywhere."""
    segments.lock(workspace_key=key)
    found = campaign.locked(workspace_key=key, drafts=read.drafts)
    home, change = workspace.apply(read.workspace, key=key, problems=problems, now=now)
    problems.refuse()
    changes = [change, *keys.apply(read.keys, workspace=home, problems=problems, now=now)]
    changes += places.apply(read.places, workspace=home, now=now)
    changes += segments.apply(read.segments, workspace=home, problems=problems, now=now)
    _refuse_unknown(read.drafts, workspace_id=home.pk, problems=problems)
    problems.refuse()
    for draft in read.drafts:
        before = found.get(draft.campaign.key)
        changes += campaign.apply(draft, found=before, workspace=home, publish=publish, now=now)
    return [change for change in changes if change]


def _refuse_unknown(drafts: list[recipe.Draft], *, workspace_id: int, problems: Problems) -> None:
    """A campaign may ask for segments and tags of its file, and for what was there before."""
    known, tags = keys_of(workspace_id=workspace_id), tags_of(workspace_id=workspace_id)
    for draft in drafts:
        starts = draft.definition.trigger
        unknown = segments.unknown(starts, known=known) + places.unknown(starts, tags=tags)
        for field, sentence in unknown:
            place = trigger.place(field, draft.campaign.when)
            problems.add((*draft.path, *place), sentence)
