"""Saving and deleting segments. What asks them is never left with a circle or with nothing.

Locks are taken in the order segments, campaigns, workspace: whoever changes the segments of a
workspace holds its row, so that two changes that are right alone are never wrong together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from audience.models import Workspace
from audience.models.workspace import SLUG
from triggers.models import Segment
from triggers.segments import Document, Named, Problem, problems_of, segments_asking
from triggers.selectors.segments import segments_of

BAD_KEY = "Use small letters, digits and dashes, at most 63."
TAKEN = "There is a segment of this short name already. Choose another."


class SegmentError(ValueError):
    """Segments that cannot work. `problems` has (field, sentence); `of` has them by key.

    A field is "key", "name", or "rule" with a JSON pointer behind it.
    """

    def __init__(self, of: Mapping[str, list[Problem]]) -> None:
        self.of = of
        self.problems = [problem for problems in of.values() for problem in problems]
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in self.problems))


class SegmentInUseError(ValueError):
    """A segment that others ask. `users` says which: segment “Loyal”, campaign “Thanks” (live)."""

    def __init__(self, users: Sequence[str]) -> None:
        self.users = list(users)
        super().__init__(f"It is used by {', '.join(users)}.")


def save(
    *,
    workspace: Workspace,
    key: str,
    name: str,
    rule: Document | None,
    now: datetime,
    only_new: bool = False,
) -> Segment:
    """Create the segment of this key, or change its name and rule. Its key never changes.

    `only_new` refuses a key that is taken. Raises SegmentError with everything that is wrong.
    """
    given = Named(key=key, name=name, rule=rule)
    return save_all(workspace=workspace, given=[given], now=now, only_new=only_new)[0]


def save_all(
    *, workspace: Workspace, given: Sequence[Named], now: datetime, only_new: bool = False
) -> list[Segment]:
    """All of them or none: they may ask each other, in whatever order they are given."""
    with transaction.atomic():
        before = _locked(workspace, [one.key for one in given])
        _lock(workspace)
        stored = {one.key: one for one in segments_of(workspace_id=workspace.pk)}
        taken = frozenset(stored) if only_new else frozenset()
        _refuse({one.key: _key(one.key, taken=taken) for one in given})
        _refuse(problems_of(given=given, stored=stored))
        return [_write(one, before.get(one.key), workspace, now=now) for one in given]


def delete(*, segment: Segment, users: Sequence[str] = ()) -> None:
    """Raises SegmentInUseError where another segment asks it, or where `users` names who does."""
    with transaction.atomic():
        hold(segment=segment)
        asking = segments_asking(segment.key, segments_of(workspace_id=segment.workspace_id))
        if users or asking:
            raise SegmentInUseError([*users, *(f"segment “{one.name}”" for one in asking)])
        Segment.objects.filter(pk=segment.pk).delete()


def hold(*, segment: Segment) -> None:
    """In the caller's transaction nobody begins to ask this segment, and none is changed."""
    Segment.objects.select_for_update().filter(pk=segment.pk).first()
    _lock(segment.workspace)


def _locked(workspace: Workspace, keys: Sequence[str]) -> dict[str, Segment]:
    rows = Segment.objects.select_for_update(no_key=True).order_by("pk")
    return {one.key: one for one in rows.filter(workspace=workspace, key__in=keys)}


def _lock(workspace: Workspace) -> None:
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _refuse(problems: Mapping[str, list[Problem]]) -> None:
    if any(problems.values()):
        raise SegmentError(problems)


def _key(key: str, *, taken: frozenset[str]) -> list[Problem]:
    try:
        SLUG(key)
    except ValidationError:
        return [("key", BAD_KEY)]
    return [("key", TAKEN)] if key in taken else []


def _write(given: Named, before: Segment | None, workspace: Workspace, *, now: datetime) -> Segment:
    segment = before or Segment(workspace=workspace, key=given.key, created_at=now)
    segment.name, segment.rule, segment.changed_at = given.name, dict(given.rule or {}), now
    segment.save()
    return segment
