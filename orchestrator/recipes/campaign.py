"""The campaigns of a file: drafted and published."""

from datetime import datetime

import msgspec

from audience.models import Workspace
from campaigns.definition import Definition, content_hash
from campaigns.models import Campaign, CampaignState
from campaigns.services import campaigns
from orchestrator.recipes import trigger
from orchestrator.recipes.change import Change, Done
from orchestrator.recipes.recipe import Draft


def locked(*, workspace_key: str, drafts: list[Draft]) -> dict[str, Campaign]:
    """The campaigns of these drafts that exist, by key, locked in the order of their ids."""
    keys = [draft.campaign.key for draft in drafts]
    rows = (
        Campaign.objects.select_for_update(of=("self",))
        .filter(workspace__key=workspace_key, key__in=keys)
        .order_by("pk")
    )
    return {campaign.key: campaign for campaign in rows}


def apply(
    draft: Draft, *, found: Campaign | None, workspace: Workspace, publish: bool, now: datetime
) -> list[Change]:
    campaign, change = _apply_draft(draft, found=found, workspace=workspace, now=now)
    published = _publish(campaign, draft.definition, now=now) if publish else None
    return [change, published] if published else [change]


def _apply_draft(
    draft: Draft, *, found: Campaign | None, workspace: Workspace, now: datetime
) -> tuple[Campaign, Change]:
    name = thing(draft.campaign.key)
    if found and _is_same(draft, found):
        return found, Change(thing=name, done=Done.UNCHANGED)
    campaign = campaigns.draft(
        workspace=workspace,
        key=draft.campaign.key,
        name=draft.campaign.name,
        intent=draft.campaign.intent,
        definition=draft.definition,
        now=now,
    )
    return campaign, Change(thing=name, done=Done.CHANGED if found else Done.CREATED)


def thing(key: str) -> str:
    return f"campaign {key}"


def _is_same(draft: Draft, campaign: Campaign) -> bool:
    head = (campaign.name, campaign.intent) == (draft.campaign.name, draft.campaign.intent)
    return head and _is_defined_by(campaign.draft, draft.definition)


def _is_defined_by(stored: object, definition: Definition) -> bool:
    try:
        current = msgspec.convert(stored, Definition)
    except msgspec.ValidationError:
        return False
    return content_hash(normal(current)) == content_hash(definition)


def normal(definition: Definition) -> Definition:
    """The same definition, its trigger without what editors keep in it."""
    return msgspec.structs.replace(definition, trigger=trigger.normal(definition.trigger))


def _publish(campaign: Campaign, definition: Definition, *, now: datetime) -> Change | None:
    """None where just this is live already."""
    name = thing(campaign.key)
    if campaign.state in (CampaignState.PAUSED, CampaignState.ENDED):
        # Somebody stopped it, perhaps in a hurry; a file applied again must not start it.
        note = f"it is {campaign.state}; only the admin starts it again"
        return Change(thing=name, done=Done.NOT_PUBLISHED, note=note)
    live = campaign.live_version
    if live and _is_defined_by(live.definition, definition):
        return None
    version = campaigns.publish(campaign=campaign, user_id=None, now=now)
    return Change(thing=name, done=Done.PUBLISHED, note=f"revision {version.number}")
