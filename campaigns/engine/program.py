"""A workspace's live campaigns, compiled: built once per version, shared by all threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from campaigns.definition import Definition
from triggers.rules import Rule, parse
from triggers.trigger import CancelOn


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """An event that ends a waiting moment, ready to be asked."""

    on: CancelOn
    rule: Rule = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class CompiledCampaign:
    """One version of a campaign, ready to be asked."""

    id: int
    key: str
    name: str
    version_id: int
    number: int
    definition: Definition
    rule: Rule = field(repr=False)
    cancels: tuple[Cancel, ...] = field(repr=False)

    @property
    def event(self) -> str:
        return self.definition.trigger.event

    @property
    def history(self) -> frozenset[str]:
        """Names of the past events it asks about."""
        asked = {one.event for rule in self._rules for one in rule.history}
        return frozenset(asked | {cancel.on.event for cancel in self.cancels})

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return (self.rule, *(cancel.rule for cancel in self.cancels))


@dataclass(frozen=True, kw_only=True)
class Program:
    """`by_event` indexes live campaigns by the event they listen to, so that others cost nothing.

    `versions` has the live versions and the older ones that moments which still wait are pinned to.
    """

    workspace_id: int
    version: int
    verified: bool
    time_zone: str
    link_schemes: frozenset[str]
    by_event: Mapping[str, tuple[CompiledCampaign, ...]]
    versions: Mapping[int, CompiledCampaign] = field(default_factory=dict)

    def listening(self, event_name: str) -> tuple[CompiledCampaign, ...]:
        return self.by_event.get(event_name, ())


def compiled(
    *, id: int, key: str, name: str, version_id: int, number: int, definition: Definition
) -> CompiledCampaign:
    """Raises RuleError for a rule that cannot be read."""
    trigger = definition.trigger
    return CompiledCampaign(
        id=id,
        key=key,
        name=name,
        version_id=version_id,
        number=number,
        definition=definition,
        rule=parse(trigger.rule),
        cancels=tuple(Cancel(on=one, rule=parse(one.rule)) for one in trigger.cancel_on),
    )


def build(
    *,
    workspace_id: int,
    version: int,
    verified: bool,
    time_zone: str,
    link_schemes: Iterable[str],
    live: Iterable[CompiledCampaign],
) -> Program:
    by_event: dict[str, tuple[CompiledCampaign, ...]] = {}
    known = sorted(live, key=lambda one: one.id)
    for campaign in known:
        by_event[campaign.event] = (*by_event.get(campaign.event, ()), campaign)
    return Program(
        workspace_id=workspace_id,
        version=version,
        verified=verified,
        time_zone=time_zone,
        link_schemes=frozenset(link_schemes),
        by_event=by_event,
        versions={campaign.version_id: campaign for campaign in known},
    )
