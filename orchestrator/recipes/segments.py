"""The segments of a file: saved together, before the campaigns that ask for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audience.models import Workspace
from campaigns.services import segments as services
from orchestrator.recipes import conditions
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.document import Segment
from orchestrator.recipes.problem import Path, Problems
from triggers import models
from triggers.segments import Named, asked_at, unknown_segments
from triggers.selectors.segments import segments_of
from triggers.services.segments import SegmentError
from triggers.trigger import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDraft:
    """One segment of the file, and what it would be stored as."""

    path: Path
    segment: Segment
    named: Named


def read(found: Iterable[tuple[Path, Segment]], problems: Problems) -> list[SegmentDraft]:
    return [
        SegmentDraft(path=path, segment=segment, named=_named(segment, path, problems))
        for path, segment in found
    ]


def _named(segment: Segment, path: Path, problems: Problems) -> Named:
    rule = conditions.read(segment.if_, (*path, "if"), problems)
    return Named(key=segment.key, name=segment.name, rule=rule)


def lock(*, workspace_key: str) -> None:
    """Before campaigns and their workspace, as everybody who deletes one locks them."""
    rows = models.Segment.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(workspace__key=workspace_key).order_by("pk").values_list("pk"))


def apply(
    drafts: Sequence[SegmentDraft], *, workspace: Workspace, problems: Problems, now: datetime
) -> list[Change]:
    """What is new or differs is saved at once: a segment has no draft and no revisions."""
    before = {one.key: one for one in segments_of(workspace_id=workspace.pk)}
    given = [one.named for one in drafts if not _is_same(one.named, before.get(one.named.key))]
    try:
        services.save_all(workspace=workspace, given=given, now=now)
    except SegmentError as error:
        for draft in drafts:
            for field, sentence in error.of.get(draft.named.key, ()):
                problems.add(place(field, draft), sentence)
    changed = {one.key for one in given}
    return [_change(one.named.key, changed=changed, before=before) for one in drafts]


def _change(key: str, *, changed: set[str], before: dict[str, Named]) -> Change:
    done = Done.UNCHANGED if key not in changed else Done.CHANGED
    return Change(thing=f"segment {key}", done=done if key in before else Done.CREATED)


def _is_same(given: Named, before: Named | None) -> bool:
    if before is None or given.name != before.name:
        return False
    return conditions.normal(_dict(given.rule)) == conditions.normal(_dict(before.rule))


def _dict(rule: Any) -> dict[str, Any] | None:
    return rule and dict(rule)


def place(field: str, draft: SegmentDraft) -> Path:
    """Where in the file a field of a SegmentError stands."""
    if not field.startswith("rule"):
        return (*draft.path, field)
    raw, at = draft.segment.if_, (*draft.path, "if")
    return conditions.place(raw, field.removeprefix("rule"), at)


def asked_by(trigger: Trigger) -> frozenset[str]:
    """The keys of the segments that a campaign asks for; what cancels it may ask for none."""
    return frozenset(key for _, key in asked_at(trigger.rule or {}))


def unknown(trigger: Trigger, *, known: Iterable[str]) -> list[tuple[str, str]]:
    """(field, sentence) of each segment asked for that is not there; see trigger.place()."""
    found = unknown_segments(trigger.rule, known=known)
    return [(f"rule{pointer}", sentence) for pointer, sentence in found]


def written(workspace: Workspace) -> list[dict[str, Any]]:
    """All segments in the words of the file, by key."""
    return [
        {"key": one.key, "name": one.name, "if": conditions.write(_dict(one.rule))}
        for one in segments_of(workspace_id=workspace.pk)
    ]
