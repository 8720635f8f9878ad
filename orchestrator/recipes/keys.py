"""The keys of a file: made once, never changed and never taken away."""

from dataclasses import dataclass
from datetime import datetime

from audience.models import ApiKey, KeyKind, Workspace
from audience.services import workspaces
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.document import Key
from orchestrator.recipes.problem import Problems
from orchestrator.recipes.recipe import WORKSPACE

DEMO = "demo"  # the only workspace whose key values may stand in a file


def refuse_values(keys: list[Key], problems: Problems) -> None:
    message = "Remove the value: only the demo may have one. A key is made and shown once."
    for at, key in enumerate(keys):
        if key.value is not None:
            problems.add((*WORKSPACE, "keys", at, "value"), message)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of the workspace, and whoever has one of the values the file brings."""

    rows: list[ApiKey]
    taken: set[bytes]


def apply(
    keys: list[Key], *, workspace: Workspace, problems: Problems, now: datetime
) -> list[Change]:
    """Makes the keys that are not there yet."""
    ring = _ring(keys, workspace)
    changes = []
    for at, key in enumerate(keys):
        if there := _there(key, ring):
            changes.append(_unchanged(key, there))
        elif problem := _problem(key, ring):
            problems.add((*WORKSPACE, "keys", at, "value"), problem)
        else:
            changes.append(_create(key, workspace=workspace, now=now))
    return changes


def _ring(keys: list[Key], workspace: Workspace) -> Ring:
    asked = [workspaces.digest(key.value) for key in keys if key.value is not None]
    taken = ApiKey.objects.filter(digest__in=asked).values_list("digest", flat=True)
    return Ring(list(workspace.keys.order_by("pk")), {bytes(digest) for digest in taken})


def _there(key: Key, ring: Ring) -> list[ApiKey]:
    """The keys that are meant: those of its value, else those of its kind and name."""
    alike = [row for row in ring.rows if row.kind == key.kind]
    if key.value is None:
        return [row for row in alike if row.name == key.name]
    return [row for row in alike if bytes(row.digest) == workspaces.digest(key.value)]


def _problem(key: Key, ring: Ring) -> str:
    if key.value is None:
        return ""
    if any((row.kind, row.name) == (key.kind, key.name) for row in ring.rows):
        return "The key of this name has another value. Choose another name."
    digest = workspaces.digest(key.value)
    if digest in ring.taken:
        return "Another key has this value. Choose another value."
    ring.taken.add(digest)
    return ""


def _unchanged(key: Key, there: list[ApiKey]) -> Change:
    # A revoked one stays revoked: applying a file again must not let anybody back in.
    revoked = all(row.revoked_at for row in there)
    note = "revoked; use another name for a new key" if revoked else ""
    return Change(thing=thing(key), done=Done.UNCHANGED, note=note)


def _create(key: Key, *, workspace: Workspace, now: datetime) -> Change:
    _, value = workspaces.add_key(
        workspace=workspace, kind=KeyKind(key.kind), name=key.name, now=now, value=key.value or ""
    )
    if key.value is not None:
        return Change(thing=thing(key), done=Done.CREATED)
    note = "keep the value, it is shown only now" if key.kind == "secret" else ""
    return Change(thing=thing(key), done=Done.CREATED, note=note, value=value)


def thing(key: Key) -> str:
    return f"{key.kind} key “{key.name}”"
