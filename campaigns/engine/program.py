"""A workspace's live campaigns, compiled: built once per version, shared by all threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from campaigns.definition import Definition
from triggers.rules import Rule, parse


@dataclass(frozen=True, kw_only=True)
class LiveCampaign:
    """One live version, ready to be asked."""

    id: int
    key: str
    name: str
    version_id: int
    number: int
    definition: Definition
    rule: Rule = field(repr=False)

    @property
    def event(self) -> str:
        return self.definition.trigger.event


@dataclass(frozen=True, kw_only=True)
class Program:
    """`by_event` indexes campaigns by the event they listen to, so that others cost nothing."""

    workspace_id: int
    version: int
    verified: bool
    link_schemes: frozenset[str]
    by_event: Mapping[str, tuple[LiveCampaign, ...]]

    def listening(self, event_name: str) -> tuple[LiveCampaign, ...]:
        return self.by_event.get(event_name, ())


def compiled(
    *, id: int, key: str, name: str, version_id: int, number: int, definition: Definition
) -> LiveCampaign:
    return LiveCampaign(
        id=id,
        key=key,
        name=name,
        version_id=version_id,
        number=number,
        definition=definition,
        rule=parse(definition.trigger.rule),
    )


def build(
    *,
    workspace_id: int,
    version: int,
    verified: bool,
    link_schemes: Iterable[str],
    live: Iterable[LiveCampaign],
) -> Program:
    by_event: dict[str, tuple[LiveCampaign, ...]] = {}
    for campaign in sorted(live, key=lambda one: one.id):
        by_event[campaign.event] = (*by_event.get(campaign.event, ()), campaign)
    return Program(
        workspace_id=workspace_id,
        version=version,
        verified=verified,
        link_schemes=frozenset(link_schemes),
        by_event=by_event,
    )
