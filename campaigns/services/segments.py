"""Saving and deleting segments so that workers and campaigns know."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from audience.models import Workspace
from campaigns.selectors.segments import asking_of
from campaigns.services import programs
from triggers.models import Segment
from triggers.segments import Document, Named
from triggers.services import segments


@transaction.atomic
def save(
    *,
    workspace: Workspace,
    key: str,
    name: str,
    rule: Document | None,
    now: datetime,
    only_new: bool = False,
) -> Segment:
    """See triggers.services.segments.save. Live campaigns ask the new rule at once."""
    saved = segments.save(
        workspace=workspace, key=key, name=name, rule=rule, now=now, only_new=only_new
    )
    programs.changed(workspace_id=workspace.pk)
    return saved


@transaction.atomic
def save_all(*, workspace: Workspace, given: Sequence[Named], now: datetime) -> list[Segment]:
    """See triggers.services.segments.save_all."""
    if not given:
        return []
    saved = segments.save_all(workspace=workspace, given=given, now=now)
    programs.changed(workspace_id=workspace.pk)
    return saved


@transaction.atomic
def delete(*, segment: Segment) -> None:
    """Raises SegmentInUseError with every campaign and segment that asks it."""
    segments.hold(segment=segment)
    asking = asking_of(workspace_id=segment.workspace_id).get(segment.key, [])
    segments.delete(segment=segment, users=[str(one) for one in asking])
    programs.changed(workspace_id=segment.workspace_id)
