"""A file, read and checked as far as that goes without looking into the database."""

from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import available_timezones

from campaigns import definition as stored
from campaigns.content import check
from campaigns.definition import DEFAULT_LOCALE
from campaigns.services.campaigns import DefinitionError, message_problems, refuse_broken
from orchestrator.recipes import conditions, places, same, segments, source, trigger
from orchestrator.recipes.document import (
    Campaign,
    Document,
    Key,
    Message,
    Segment,
    When,
    Workspace,
)
from orchestrator.recipes.places import PlaceDraft
from orchestrator.recipes.problem import Path, Problems
from orchestrator.recipes.segments import SegmentDraft
from orchestrator.recipes.shape import Sections
from triggers.rules.errors import closest
from triggers.rules.values import printable

WORKSPACE: Path = ("workspace",)
Keyed = TypeVar("Keyed", bound=Campaign | Segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One campaign of the file, and what it defines."""

    path: Path
    campaign: Campaign
    definition: stored.Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is right in a file; what is wrong has been told to its Problems."""

    workspace: Workspace | None
    places: list[PlaceDraft]
    segments: list[SegmentDraft]
    drafts: list[Draft]

    @property
    def keys(self) -> list[Key]:
        return self.workspace.keys if self.workspace else []


def read(text: str, problems: Problems) -> Recipe:
    """Raises RecipeError where nothing more can be said: no YAML, or a broken workspace."""
    raw = source.read(text, problems)
    sections = Sections(problems)
    sections.read(Document, raw, ())
    for path, part in sections.found.items():
        _check(part, path, problems)
    campaigns = [(path, c) for path, c in sections.found.items() if isinstance(c, Campaign)]
    groups = [(path, one) for path, one in sections.found.items() if isinstance(one, Segment)]
    workspace = sections.found.get(WORKSPACE)
    if not isinstance(workspace, Workspace):
        workspace = None
        if not isinstance(raw, dict) or "workspace" in raw:
            problems.refuse()
    return Recipe(
        workspace=workspace,
        places=places.read(raw, problems),
        segments=segments.read(_once(groups, "segments", problems), problems),
        drafts=[
            draft
            for campaign in _once(campaigns, "campaigns", problems)
            if (draft := _draft(*campaign, problems))
        ],
    )


def _check(part: Any, path: Path, problems: Problems) -> None:
    """What can be said of a part alone, even where the section around it is broken."""
    if isinstance(part, Message):
        _check_message(part, path, problems)
    elif path[-1:] == ("if",):
        conditions.read(part, path, problems)
    elif path[-1:] == ("same",):
        same.read(part, path, problems)
    elif path[-1:] == ("messages",) and DEFAULT_LOCALE not in part:
        for _field, sentence in message_problems({}):
            problems.add(path, sentence)
    elif isinstance(part, When):
        trigger.check(part, path, problems)
    elif isinstance(part, Workspace):
        _check_workspace(part, path, problems)


def _check_message(message: Message, path: Path, problems: Problems) -> None:
    for found in check(_stored(message)):
        where = f"Line {found.line}, column {found.column}"
        problems.add((*path, found.field), f"{where}: {found.message}")


def _check_workspace(workspace: Workspace, path: Path, problems: Problems) -> None:
    zone = workspace.time_zone
    if zone is not None and zone not in (zones := available_timezones()):
        near = closest(zone, zones) or "Europe/Amsterdam"
        message = f"There is no time zone “{printable(zone)}”. Did you mean {near}?"
        problems.add((*path, "time_zone"), message)
    seen = set()
    for at, key in enumerate(workspace.keys):
        if (key.kind, key.name) in seen:
            problems.add((*path, "keys", at), f"There are two {key.kind} keys of this name.")
        seen.add((key.kind, key.name))


def _once(
    found: list[tuple[Path, Keyed]], what: str, problems: Problems
) -> list[tuple[Path, Keyed]]:
    first: dict[str, tuple[Path, Keyed]] = {}
    for path, one in found:
        if first.setdefault(one.key, (path, one))[0] != path:
            problems.add((*path, "key"), f"There are two {what} “{one.key}”. Rename one.")
    return list(first.values())


def _draft(path: Path, campaign: Campaign, problems: Problems) -> Draft | None:
    starts = trigger.read(campaign, path, problems)
    if starts is None:
        return None
    definition = stored.Definition(
        trigger=starts,
        messages={locale: _stored(message) for locale, message in campaign.messages.items()},
        useful_for_s=trigger.useful_for_s(campaign, starts),
    )
    try:
        # Whether they exist depends on the workspace: apply() looks there.
        asked = segments.asked_by(starts)
        refuse_broken(definition, segments=asked, own_key=campaign.key)
    except DefinitionError as error:
        for field, sentence in error.problems:
            problems.add((*path, *place(field, campaign)), sentence)
    return Draft(path=path, campaign=campaign, definition=definition)


def _stored(message: Message) -> stored.Message:
    return stored.Message(title=message.title, body=message.body, deep_link=message.deep_link)


def place(field: str, campaign: Campaign) -> Path:
    """Where in the file a field of a DefinitionError stands, from the campaign on."""
    head, _, rest = field.partition(".")
    if head == "messages" and rest:
        locale, _, part = rest.rpartition(".")
        return ("messages", locale, part)
    if head == "trigger":
        return trigger.place(rest, campaign.when)
    return _PLACES.get(field, ())


_PLACES: dict[str, Path] = {
    "messages": ("messages",),
    "useful_for_s": ("too_late_after",),
}
