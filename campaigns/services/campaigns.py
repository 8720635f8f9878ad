"""Campaigns: drafting, publishing, pausing. Nothing is enqueued; workers see the new version."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from audience.models import Workspace
from campaigns.content import check
from campaigns.definition import DEFAULT_LOCALE, Definition, content_hash
from campaigns.models import Campaign, CampaignState, CampaignVersion
from campaigns.services import programs
from campaigns.services.trigger_checks import trigger_problems
from triggers.selectors.place_tags import tags_of
from triggers.selectors.segments import kept_keys_of
from triggers.trigger import PlaceTrigger, Trigger

MAX_AGE_S = 400 * 86_400
MAX_USEFUL_FOR_S = 28 * 86_400  # FCM keeps a message four weeks at most


class DefinitionError(ValueError):
    """A campaign that cannot work. `problems` has (field, sentence), the field as a path."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in problems))
        self.problems = problems


@transaction.atomic
def draft(
    *,
    workspace: Workspace,
    key: str,
    name: str,
    intent: str,
    definition: Definition,
    now: datetime,
) -> Campaign:
    """Create the campaign of this key, or replace its draft. What is live stays as it is."""
    _refuse_here(definition, workspace_id=workspace.pk, own_key=key)
    campaign = Campaign.objects.filter(workspace=workspace, key=key).first() or Campaign(
        workspace=workspace, key=key, created_at=now
    )
    renamed = campaign.name != name  # messages may say {{ campaign.name }}
    campaign.name, campaign.intent, campaign.changed_at = name, intent, now
    campaign.draft = document(definition)
    campaign.full_clean(exclude=["live_version"])
    with transaction.atomic():
        campaign.save()
        if renamed:
            programs.changed(workspace_id=campaign.workspace_id)
    return campaign


@transaction.atomic
def publish(
    *, campaign: Campaign, user_id: int | None, now: datetime, for_waiting: bool = False
) -> CampaignVersion:
    """Make the draft an immutable version and let it live; an unchanged one stays as it is.

    Moments that wait keep the version they were opened by, unless it is `for_waiting`.
    """
    definition = msgspec.convert(campaign.draft, Definition)
    _refuse_here(definition, workspace_id=campaign.workspace_id, own_key=campaign.key)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        version = locked.live_version
        if version is None or version.content_hash != content_hash(definition):
            version = CampaignVersion.objects.create(
                workspace_id=locked.workspace_id,
                campaign=locked,
                number=locked.versions.count() + 1,
                definition=document(definition),
                content_hash=content_hash(definition),
                for_waiting=for_waiting,
                published_at=now,
                published_by_id=user_id,
            )
        since = locked.live_since if locked.state == CampaignState.LIVE else now
        _change(
            locked,
            state=CampaignState.LIVE,
            live_version=version,
            live_since=since,
            changed_at=now,
        )
    return version


def pause(*, campaign: Campaign, now: datetime) -> None:
    """Nothing more goes out within seconds; resuming sends what is still fresh."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.state == CampaignState.LIVE:
            _change(locked, state=CampaignState.PAUSED, live_since=None, changed_at=now)


def resume(*, campaign: Campaign, now: datetime) -> None:
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.state == CampaignState.PAUSED:
            _change(locked, state=CampaignState.LIVE, live_since=now, changed_at=now)


def _change(campaign: Campaign, **fields: Any) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(**fields)
    programs.changed(workspace_id=campaign.workspace_id)


def _refuse_here(definition: Definition, *, workspace_id: int, own_key: str) -> None:
    """Also what this workspace lacks."""
    refuse_broken(
        definition,
        segments=kept_keys_of(workspace_id=workspace_id),
        tags=_tags(definition.trigger, workspace_id=workspace_id),
        own_key=own_key,
    )


def _tags(trigger: Trigger, *, workspace_id: int) -> Collection[str] | None:
    """None where no tag is asked for, so that there is nothing to look up."""
    asks = isinstance(trigger, PlaceTrigger) and trigger.tags
    return tags_of(workspace_id=workspace_id) if asks else None


def refuse_broken(
    definition: Definition,
    *,
    segments: frozenset[str] = frozenset(),
    tags: Collection[str] | None = None,
    own_key: str = "",
) -> None:
    """Raises DefinitionError with everything that is wrong, not only the first thing.

    segments: the keys of those there are. tags: those that places have, None to leave them
    unchecked. own_key: the campaign's, if it has one yet.
    """
    trigger = definition.trigger
    problems = trigger_problems(trigger, segments=segments, tags=tags, own_key=own_key)
    problems += message_problems(definition.messages)
    if not 0 <= trigger.max_age_s <= MAX_AGE_S:
        problems.append(("trigger.max_age_s", "Choose at most 400 days: events are kept so long."))
    if not 60 <= definition.useful_for_s <= MAX_USEFUL_FOR_S:
        problems.append(("useful_for_s", "Choose between one minute and 28 days."))
    if problems:
        raise DefinitionError(problems)


def message_problems(messages: Mapping[str, Any]) -> list[tuple[str, str]]:
    if DEFAULT_LOCALE not in messages:
        return [("messages", "Write the message that people without another language get.")]
    return [
        (
            f"messages.{locale}.{problem.field}",
            f"Line {problem.line}, column {problem.column}: {problem.message}",
        )
        for locale, message in messages.items()
        for problem in check(message)
    ]


def document(definition: Definition) -> dict[str, Any]:
    """The definition as JSON stores it."""
    return msgspec.to_builtins(definition)
