"""One version of a campaign, ready to be asked."""

from dataclasses import dataclass, field
from datetime import datetime

from campaigns.definition import Definition
from campaigns.engine.hearing import Hearing, hearing
from triggers.rules import Rule, parse
from triggers.trigger import CancelOn


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """An event that ends a waiting moment, ready to be asked."""

    on: CancelOn
    rule: Rule = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class CompiledCampaign:
    """One version of a campaign. `history` are the names of the past events it asks about,
    `cancelled_by` those of the events that may end its moments.

    `live_since` is since when its campaign has been live without a break; None where it is not.
    """

    id: int
    key: str
    name: str
    version_id: int
    number: int
    definition: Definition
    hearing: Hearing
    rule: Rule = field(repr=False)
    cancels: tuple[Cancel, ...] = field(repr=False)
    history: frozenset[str] = field(repr=False)
    cancelled_by: frozenset[str] = field(repr=False)
    live_since: datetime | None = None

    @property
    def event(self) -> str:
        return self.hearing.event


def compiled(
    *, id: int, key: str, name: str, version_id: int, number: int, definition: Definition
) -> CompiledCampaign:
    """Raises RuleError for a rule that cannot be read."""
    rule = parse(definition.trigger.rule)
    heard = hearing(definition.trigger, rule)
    cancels = tuple(Cancel(on=one, rule=parse(one.rule)) for one in heard.cancel_on)
    asked = {one.event for each in (rule, *(c.rule for c in cancels)) for one in each.history}
    ending = frozenset(cancel.on.event for cancel in cancels)
    return CompiledCampaign(
        id=id,
        key=key,
        name=name,
        version_id=version_id,
        number=number,
        definition=definition,
        hearing=heard,
        rule=rule,
        cancels=cancels,
        history=frozenset(asked) | ending,
        cancelled_by=ending,
    )
