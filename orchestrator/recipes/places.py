"""The places of a file: saved together, before the campaigns that ask for their tags."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from audience.models import Workspace
from campaigns.services.trigger_checks.place import tag_problems
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.problem import Path, Problems
from triggers.models import Place
from triggers.places import limits
from triggers.places.given import FIELDS, PlaceError, PlaceInput, read_place
from triggers.rules.values import printable
from triggers.services.places import Put, put_places
from triggers.trigger import Trigger

MOST_WRITTEN: Final = 1_000
MORE: Final = (
    "# There are {count:,} places, and only the first {written:,} are here: so many are for"
    " PUT /v1/places, or an upload.\n"
)
_USUAL: Final[dict[str, Any]] = {
    "radius_m": limits.DEFAULT_RADIUS_M,
    "approach_m": limits.DEFAULT_APPROACH_M,
}
_OF_THE_AREA: Final = ("latitude", "longitude", "radius_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraft:
    """One place of the file, and what it would be stored as."""

    path: Path
    place: PlaceInput


def read(raw: Any, problems: Problems) -> list[PlaceDraft]:
    """The places that are right in a file's plain values; what is wrong is told."""
    entries = raw.get("places") if isinstance(raw, dict) else None
    given = enumerate(entries if isinstance(entries, list) else ())
    found = [
        draft
        for at, entry in given
        if isinstance(entry, dict) and (draft := _draft(entry, ("places", at), problems))
    ]
    return _once(found, problems)


def _draft(entry: Mapping[str, Any], path: Path, problems: Problems) -> PlaceDraft | None:
    # Names that no place has are told by the file's own sections.
    known = {name: value for name, value in entry.items() if name in FIELDS}
    try:
        return PlaceDraft(path=path, place=read_place(known))
    except PlaceError as error:
        for fault in error.faults:
            problems.add((*path, *_steps(fault.field)), f"{fault.sentence} {fault.fix}")
    return None


def _steps(field: str) -> Path:
    return tuple(int(step) if step.isdecimal() else step for step in field.split("."))


def _once(found: Iterable[PlaceDraft], problems: Problems) -> list[PlaceDraft]:
    first: dict[str, PlaceDraft] = {}
    for draft in found:
        key = draft.place.external_id
        if first.setdefault(key, draft) is not draft:
            said = f"There are two places “{printable(key)}”. Remove one."
            problems.add((*draft.path, "external_id"), said)
    return list(first.values())


def apply(drafts: Sequence[PlaceDraft], *, workspace: Workspace, now: datetime) -> list[Change]:
    """One line for all of them: there may be thousands."""
    if not drafts:
        return []
    put = put_places(workspace=workspace, places=[draft.place for draft in drafts], now=now)
    return [Change(thing="places", done=_done(put), note=_note(put))]


def _done(put: Put) -> Done:
    if put.changed or (put.created and put.unchanged):
        return Done.CHANGED
    return Done.CREATED if put.created else Done.UNCHANGED


def _note(put: Put) -> str:
    counts = {"created": put.created, "changed": put.changed, "unchanged": put.unchanged}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def unknown(trigger: Trigger, *, tags: Collection[str]) -> list[tuple[str, str]]:
    """(field, sentence) of each tag asked for that no place has; see trigger.place()."""
    return [(field.removeprefix("trigger."), said) for field, said in tag_problems(trigger, tags)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Places in the words of the file. `comment` says what is left out, and ends the line."""

    entries: list[dict[str, Any]]
    comment: str = ""


def written(workspace: Workspace) -> Written:
    """By external id, MOST_WRITTEN at most."""
    here = Place.objects.filter(workspace=workspace, removed_at=None)
    entries = [_entry(place) for place in here.order_by("external_id")[:MOST_WRITTEN]]
    count = len(entries) if len(entries) < MOST_WRITTEN else here.count()
    left_out = count > len(entries)
    comment = MORE.format(count=count, written=len(entries)) if left_out else ""
    return Written(entries=entries, comment=comment)


def _entry(place: Place) -> dict[str, Any]:
    """Without what is usual, and without what its area says."""
    hidden = _OF_THE_AREA if place.area else ()
    values = {name: _plain(getattr(place, name)) for name in FIELDS if name not in hidden}
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "", [], {}) and value != _USUAL.get(name)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
