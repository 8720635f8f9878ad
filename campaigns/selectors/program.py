"""Reading live campaigns into a Program."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import structlog

from audience.models import Mode
from audience.sql import run
from campaigns.definition import Definition
from campaigns.engine.program import CompiledCampaign, Program, build, compiled
from triggers.rules import RuleError

log = structlog.get_logger()


def versions(*, workspaces: Sequence[int]) -> dict[int, int]:
    """The program version of each workspace."""
    rows = run(
        "SELECT id, program_version FROM audience_workspace WHERE id = ANY(%(ids)b::bigint[])",
        ids=workspaces,
    )
    return {row[0]: row[1] for row in rows}


def program(*, workspace_id: int, link_schemes: Iterable[str]) -> Program:
    """The workspace's live campaigns, compiled, with the version they were read at."""
    version, mode, time_zone = run(
        "SELECT program_version, mode, time_zone FROM audience_workspace WHERE id = %(id)b",
        id=workspace_id,
    )[0]
    rows = run(
        """
        SELECT c.id, c.key, c.name, v.id, v.number, v.definition
        FROM campaigns_campaign c JOIN campaigns_campaignversion v ON v.id = c.live_version_id
        WHERE c.workspace_id = %(workspace)b AND c.state = 'live'
        """,
        workspace=workspace_id,
    )
    live = [campaign for row in rows if (campaign := _compiled(row))]
    return build(
        workspace_id=workspace_id,
        version=version,
        verified=mode == Mode.VERIFIED,
        time_zone=time_zone,
        link_schemes=link_schemes,
        live=live,
    )


def pinned(*, version_ids: Iterable[int]) -> dict[int, CompiledCampaign]:
    """Versions by id, compiled; they never change, so whoever asks may keep them."""
    rows = run(
        """
        SELECT c.id, c.key, c.name, v.id, v.number, v.definition
        FROM campaigns_campaignversion v JOIN campaigns_campaign c ON c.id = v.campaign_id
        WHERE v.id = ANY(%(ids)b::bigint[])
        """,
        ids=sorted(version_ids),
    )
    return {row[3]: campaign for row in rows if (campaign := _compiled(row))}


def _compiled(row: tuple[Any, ...]) -> CompiledCampaign | None:
    """None for a version this release cannot read: the other campaigns must go on."""
    id, key, name, version_id, number, document = row
    try:
        return compiled(
            id=id,
            key=key,
            name=name,
            version_id=version_id,
            number=number,
            definition=msgspec.json.decode(document, type=Definition),
        )
    except (msgspec.ValidationError, RuleError) as error:
        log.error("campaign.unreadable", campaign_id=id, version_id=version_id, error=str(error))
        return None
