"""Telling workers that a workspace's program changed: they keep it until its number moves."""

from django.db.models import F

from audience.models import Workspace


def changed(*, workspace_id: int) -> None:
    """In the transaction of the change; a worker that sees the number sees the change."""
    Workspace.objects.filter(pk=workspace_id).update(program_version=F("program_version") + 1)
