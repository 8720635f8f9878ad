"""A workspace's live campaigns, compiled: built once per version, shared by all threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from campaigns.engine.compiled import CompiledCampaign
from campaigns.engine.index import Heard, heard
from triggers.rules import Rule
from triggers.trigger import BusinessTrigger

NOBODY: tuple[CompiledCampaign, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Program:
    """`by_event` indexes live campaigns by the event they listen to, so that others cost nothing.

    `called` are those that only hear of events which name them, by key. `versions` has the live
    versions and the older ones that moments which still wait are pinned to; `for_waiting` maps a
    campaign to the version that older moments of it follow from now on. `asked_by_segment` are
    the names of the past events that a segment, or one that it asks, wants to know; `joined` are
    the properties of events, by name, by which business events find their people. `quiet` are the
    ends of the quiet hours as local times, or ().
    """

    workspace_id: int
    version: int
    verified: bool
    time_zone: str
    link_schemes: frozenset[str]
    by_event: Mapping[str, Heard]
    called: Mapping[str, CompiledCampaign] = field(default_factory=dict)
    versions: Mapping[int, CompiledCampaign] = field(default_factory=dict)
    for_waiting: Mapping[int, int] = field(default_factory=dict)
    segments: Mapping[str, Rule] = field(default_factory=dict)
    asked_by_segment: Mapping[str, frozenset[str]] = field(default_factory=dict)
    joined: Mapping[str, frozenset[str]] = field(default_factory=dict)
    quiet: tuple[time, ...] = ()

    def listening(
        self, name: str, properties: Mapping[str, Any], campaign: str = ""
    ) -> tuple[CompiledCampaign, ...]:
        """Campaigns that an event may start; `campaign` is the key of the one it names."""
        if campaign:
            called = self.called.get(campaign)
            return (called,) if called and called.event == name else NOBODY
        known = self.by_event.get(name)
        return known.of(name, properties) if known else NOBODY

    def interested(self, name: str, campaign: str = "") -> tuple[CompiledCampaign, ...]:
        """Campaigns that listen to this name, whatever the event says."""
        if campaign:
            return self.listening(name, {}, campaign)
        known = self.by_event.get(name)
        return known.all if known else NOBODY

    @property
    def fanning_out(self) -> tuple[CompiledCampaign, ...]:
        """Campaigns that a time or the brand starts, for people who did nothing."""
        return tuple(one for one in self.called.values() if one.hearing.fans_out)

    def version_of(self, campaign_id: int, version_id: int) -> CompiledCampaign | None:
        """The version that a moment follows which was opened by `version_id`."""
        return self.versions.get(self.followed(campaign_id, version_id))

    def followed(self, campaign_id: int, version_id: int) -> int:
        return max(version_id, self.for_waiting.get(campaign_id, 0))

    def history_of(self, campaign: CompiledCampaign) -> frozenset[str]:
        """Names of the past events that it and the segments it asks want to know."""
        asked = (self.asked_by_segment.get(key, frozenset()) for key in campaign.rule.segments)
        return campaign.history.union(*asked)


def build(
    *,
    workspace_id: int,
    version: int,
    verified: bool,
    time_zone: str,
    link_schemes: Iterable[str],
    live: Iterable[CompiledCampaign],
    for_waiting: Iterable[CompiledCampaign] = (),
    segments: Mapping[str, Rule] | None = None,
    quiet: tuple[time, ...] = (),
) -> Program:
    """`for_waiting` are the versions that moments which wait follow, one a campaign."""
    known = list(live)
    followed = list(for_waiting)
    by_event: dict[str, list[CompiledCampaign]] = {}
    for campaign in known:
        if not campaign.hearing.called:
            by_event.setdefault(campaign.event, []).append(campaign)
    return Program(
        workspace_id=workspace_id,
        version=version,
        verified=verified,
        time_zone=time_zone,
        link_schemes=frozenset(link_schemes),
        by_event={name: heard(campaigns) for name, campaigns in by_event.items()},
        called={campaign.key: campaign for campaign in known if campaign.hearing.called},
        versions={campaign.version_id: campaign for campaign in (*followed, *known)},
        for_waiting={campaign.id: campaign.version_id for campaign in followed},
        segments=segments or {},
        asked_by_segment=asked_by(segments or {}),
        joined=joined(known),
        quiet=quiet,
    )


def joined(campaigns: Iterable[CompiledCampaign]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for campaign in campaigns:
        trigger = campaign.definition.trigger
        if isinstance(trigger, BusinessTrigger) and (who := trigger.audience):
            found[who.event] = found.get(who.event, frozenset()) | {who.property}
    return found


def asked_by(segments: Mapping[str, Rule]) -> dict[str, frozenset[str]]:
    """The past events each segment asks about, with those of the segments inside it."""

    def reached(key: str, seen: frozenset[str]) -> frozenset[str]:
        if key not in segments or key in seen:
            return frozenset()
        own = frozenset(one.event for one in segments[key].history)
        return own.union(*(reached(one, seen | {key}) for one in segments[key].segments))

    return {key: reached(key, frozenset()) for key in segments}
