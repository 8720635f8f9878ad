"""Reading what a workspace's Program is made of: now, or as it was at some number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

import msgspec
import structlog

from audience.sql import run
from campaigns.definition import Definition
from campaigns.engine.compiled import CompiledCampaign, compiled
from triggers.rules import Rule, RuleError, parse

log = structlog.get_logger()


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A live campaign as it was called then."""

    id: int
    key: str
    name: str
    version_id: int
    live_since: datetime


class Recipe(msgspec.Struct, frozen=True):
    """What a Program is built from. `for_waiting` maps campaigns to the version that moments
    which wait follow, `segments` keys to rule documents. `quiet` are local times, from and until,
    or ()."""

    time_zone: str
    verified: bool
    live: tuple[Listed, ...]
    for_waiting: Mapping[int, int]
    segments: Mapping[str, dict[str, Any]]
    quiet: tuple[time, ...] = ()


def versions(*, workspaces: Sequence[int]) -> dict[int, int]:
    """The program version of each workspace."""
    rows = run(
        "SELECT id, program_version FROM audience_workspace WHERE id = ANY(%(ids)b::bigint[])",
        ids=workspaces,
    )
    return {row[0]: row[1] for row in rows}


def current(*, workspace_id: int) -> tuple[int, Recipe, bool]:
    """The number, what belongs to it, and whether that is on record; all of one instant."""
    number, document, recorded = run(
        """
        SELECT w.program_version, jsonb_build_object(
            'time_zone', w.time_zone, 'verified', w.mode = 'verified',
            'live', COALESCE((
                SELECT jsonb_agg(jsonb_build_array(c.id, c.key, c.name, c.live_version_id,
                                                   c.live_since) ORDER BY c.id)
                FROM campaigns_campaign c WHERE c.workspace_id = w.id AND c.state = 'live'), '[]'),
            'for_waiting', COALESCE((
                SELECT jsonb_object_agg(v.campaign_id::text, v.id) FROM (
                    SELECT campaign_id, max(id) AS id FROM campaigns_campaignversion
                    WHERE workspace_id = w.id AND for_waiting GROUP BY campaign_id) v), '{}'),
            'quiet', CASE WHEN w.quiet_from IS NULL THEN '[]'::jsonb
                     ELSE jsonb_build_array(w.quiet_from, w.quiet_until) END,
            'segments', COALESCE((
                SELECT jsonb_object_agg(s.key, s.rule) FROM triggers_segment s
                WHERE s.workspace_id = w.id), '{}')),
            EXISTS (SELECT FROM campaigns_programversion p
                    WHERE p.workspace_id = w.id AND p.number = w.program_version)
        FROM audience_workspace w WHERE w.id = %(workspace)b
        """,
        workspace=workspace_id,
    )[0]
    return number, msgspec.json.decode(document, type=Recipe, strict=False), recorded


def record(*, workspace_id: int, number: int, recipe: Recipe, now: datetime) -> None:
    """Keep what a program was, for replays of what it decided."""
    run(
        """
        INSERT INTO campaigns_programversion (workspace_id, number, document, created_at)
        VALUES (%(workspace)b, %(number)b, %(document)b::text::jsonb, %(now)b)
        ON CONFLICT DO NOTHING
        """,
        workspace=workspace_id,
        number=number,
        document=msgspec.json.encode(recipe).decode(),
        now=now,
    )


def recorded(*, workspace_id: int, number: int) -> Recipe | None:
    """What the program was at a number; None if nothing was decided by it."""
    rows = run(
        "SELECT document FROM campaigns_programversion "
        "WHERE workspace_id = %(workspace)b AND number = %(number)b",
        workspace=workspace_id,
        number=number,
    )
    return msgspec.json.decode(rows[0][0], type=Recipe, strict=False) if rows else None


def campaign_versions(*, ids: Iterable[int]) -> dict[int, CompiledCampaign]:
    """Versions by id, compiled; they never change, so whoever asks may keep them."""
    rows = run(
        """
        SELECT c.id, c.key, c.name, v.id, v.number, v.definition
        FROM campaigns_campaignversion v JOIN campaigns_campaign c ON c.id = v.campaign_id
        WHERE v.id = ANY(%(ids)b::bigint[])
        """,
        ids=sorted(ids),
    )
    return {row[3]: campaign for row in rows if (campaign := _compiled(row))}


def segments(documents: Mapping[str, dict[str, Any]]) -> dict[str, Rule]:
    """Segments, compiled; one that this release cannot read is not there."""
    return {key: rule for key, one in documents.items() if (rule := _segment(key, one))}


def _segment(key: str, document: dict[str, Any]) -> Rule | None:
    try:
        return parse(document, scope="segment")
    except RuleError as error:
        log.error("segment.unreadable", segment=key, error=str(error))
        return None


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
