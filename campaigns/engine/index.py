"""Which campaigns may match an event: by its name, then by the value of one property."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.engine.compiled import CompiledCampaign
from triggers.rules import Reader, find_fact

Campaigns = tuple[CompiledCampaign, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ByValue:
    """Campaigns that need one property to have one value."""

    read: Reader
    campaigns: Mapping[Any, Campaigns]

    def of(self, facts: Mapping[str, Any]) -> Campaigns:
        try:
            return self.campaigns.get(self.read(facts), ())
        except TypeError:  # a list or an object equals no plain value
            return ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Campaigns that listen to one event name; `all` in the order of their ids.

    `by_value` has the property without which a field cannot be there, so that an event asks only
    for the fields that it may have, whatever the number of fields that campaigns ask for.
    """

    all: Campaigns
    always: Campaigns
    by_value: Mapping[str, tuple[ByValue, ...]] = field(default_factory=dict)

    def of(self, name: str, properties: Mapping[str, Any]) -> Campaigns:
        """Those that the event's properties do not rule out."""
        there = self.by_value.keys() & properties.keys()
        if not there:
            return self.always
        facts = {"event": {"name": name, "properties": properties}}
        asked = {values for known in there for values in self.by_value[known]}
        found = [one for values in asked for one in values.of(facts)]
        if not found:
            return self.always
        return tuple(sorted((*self.always, *found), key=lambda one: one.id))


def heard(campaigns: Iterable[CompiledCampaign]) -> Heard:
    """Campaigns of one event name, indexed by the equality that each of them needs."""
    known = tuple(sorted(campaigns, key=lambda one: one.id))
    fields: dict[str, dict[Any, Campaigns]] = {}
    for one in known:
        if one.hearing.equality:
            name, value = one.hearing.equality
            values = fields.setdefault(name, {})
            values[value] = (*values.get(value, ()), one)
    return Heard(
        all=known,
        always=tuple(one for one in known if not one.hearing.equality),
        by_value=_by_property(fields),
    )


def _by_property(fields: Mapping[str, dict[Any, Campaigns]]) -> dict[str, tuple[ByValue, ...]]:
    """A path "a.b" is either a property of that very name or inside the property "a"."""
    found: dict[str, tuple[ByValue, ...]] = {}
    for name, campaigns in fields.items():
        fact = find_fact(name)
        if fact is None:
            raise ValueError(name)  # the rule that names it was parsed
        values = ByValue(read=fact.reader(), campaigns=campaigns)
        for known in {fact.path, fact.path.partition(".")[0]}:
            found[known] = (*found.get(known, ()), values)
    return found
