"""How many people are in a segment now: counted in chunks, for a few seconds at most.

A workspace with more people than can be looked at is sampled at places spread over all of them,
because those who came last are seldom like the rest.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from audience.models import Workspace
from audience.sql import run
from campaigns.engine.program import asked_by
from triggers.clock import zone_of
from triggers.rules import PastEvents, Rule, Verdict
from triggers.segments import readable
from triggers.selectors.history import past_events
from triggers.selectors.segments import segments_of

CHUNK: Final = 200
CHUNKS: Final = 100
MOST_LOOKED_AT: Final = CHUNK * CHUNKS
MOST_COUNTED: Final = 1_000_000
EXAMPLES: Final = 5
STRIDE: Final = 37  # has no divisor in common with CHUNKS, so that each place comes up once
LAST_ID: Final = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Example:
    """A person, and what the rule saw of them; see triggers.rules.Rule.trace()."""

    person_id: int
    verdict: Verdict
    trace: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """`people` is how many there are, at most MOST_COUNTED; `looked_at` how many were asked.

    `unknown` are people of whom something that decides is not known: they are not in it.
    `hurried` says that the time was over before all were asked who should have been, `spread`
    that those who were asked are spread over all: otherwise they are the first who came.
    """

    people: int
    looked_at: int
    inside: int
    unknown: int
    hurried: bool
    spread: bool
    inside_examples: tuple[Example, ...]
    outside_examples: tuple[Example, ...]

    @property
    def exact(self) -> bool:
        return self.looked_at >= self.people


class _Person(NamedTuple):
    id: int
    traits: dict[str, Any]
    time_zone: str
    first_seen_at: datetime
    merged: list[int]


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """A rule with all that it takes to ask it of people."""

    rule: Rule
    segments: Mapping[str, Rule]
    events: tuple[str, ...]
    zone: str
    now: datetime

    def facts(self, person: _Person, history: Mapping[str, PastEvents]) -> dict[str, Any]:
        return {
            "person": {"traits": person.traits, "first_seen_at": person.first_seen_at},
            "history": history,
            "segments": self.segments,
            "zone": zone_of(person.time_zone, self.zone).zone,
            "now": self.now,
        }


def headcount(
    *, workspace: Workspace, rule: Rule, now: datetime, is_late: Callable[[], bool]
) -> Headcount:
    """rule: of a segment, stored or not. Two queries a chunk; none after `is_late` says so."""
    asking = _asking(workspace, rule, now)
    people = _how_many(workspace.pk)
    spread = people > MOST_LOOKED_AT
    tally = _Tally(asking)
    for chunk in _here_and_there(workspace.pk) if spread else _one_after_another(workspace.pk):
        if tally.looked_at and is_late():
            return tally.told(people, hurried=True, spread=spread)
        tally.add(chunk)
    return tally.told(people, hurried=False, spread=spread)


def _asking(workspace: Workspace, rule: Rule, now: datetime) -> _Asking:
    segments = readable(segments_of(workspace_id=workspace.pk))
    within = asked_by(segments)
    own = frozenset(one.event for one in rule.history)
    events = own.union(*(within.get(key, frozenset()) for key in rule.segments))
    return _Asking(
        rule=rule,
        segments=segments,
        events=tuple(sorted(events)),
        zone=workspace.time_zone,
        now=now,
    )


class _Tally:
    def __init__(self, asking: _Asking) -> None:
        self.asking = asking
        self.found = dict.fromkeys(Verdict, 0)
        self.inside: list[Example] = []
        self.outside: list[Example] = []

    @property
    def looked_at(self) -> int:
        return sum(self.found.values())

    def add(self, people: list[_Person]) -> None:
        ids = {id: person.id for person in people for id in (person.id, *person.merged)}
        history = past_events(people=ids, names=self.asking.events)
        for person in people:
            facts = self.asking.facts(person, history.get(person.id, {}))
            verdict = self.asking.rule.verdict(facts)
            self.found[verdict] += 1
            self._remember(person.id, verdict, facts)

    def _remember(self, person: int, verdict: Verdict, facts: dict[str, Any]) -> None:
        examples = self.inside if verdict is Verdict.MATCH else self.outside
        if len(examples) < EXAMPLES:
            trace = self.asking.rule.trace(facts)
            examples.append(Example(person_id=person, verdict=verdict, trace=trace))

    def told(self, people: int, *, hurried: bool, spread: bool) -> Headcount:
        return Headcount(
            people=max(people, self.looked_at),
            looked_at=self.looked_at,
            inside=self.found[Verdict.MATCH],
            unknown=self.found[Verdict.UNKNOWN],
            hurried=hurried,
            spread=spread,
            inside_examples=tuple(self.inside),
            outside_examples=tuple(self.outside),
        )


def _how_many(workspace_id: int) -> int:
    rows = run(
        """
        SELECT count(*) FROM (
            SELECT FROM audience_person
            WHERE workspace_id = %(workspace)b AND merged_into_id IS NULL LIMIT %(most)b) AS p
        """,
        workspace=workspace_id,
        most=MOST_COUNTED,
    )
    return rows[0][0]


def _one_after_another(workspace_id: int) -> Iterator[list[_Person]]:
    after = 0
    while people := _people(workspace_id, after=after, upto=LAST_ID):
        yield people
        after = people[-1].id


def _here_and_there(workspace_id: int) -> Iterator[list[_Person]]:
    """In an order that is spread as well, for when the time is over early."""
    first, last = run(
        "SELECT min(id), max(id) FROM audience_person WHERE workspace_id = %(workspace)b",
        workspace=workspace_id,
    )[0]
    marks = [first - 1 + (last - first + 1) * at // CHUNKS for at in range(CHUNKS + 1)]
    for at in range(CHUNKS):
        place = at * STRIDE % CHUNKS
        people = _people(workspace_id, after=marks[place], upto=marks[place + 1])
        if people:
            yield people


def _people(workspace_id: int, *, after: int, upto: int) -> list[_Person]:
    rows = run(
        """
        SELECT id, traits, time_zone, first_seen_at,
               ARRAY(SELECT m.id FROM audience_person m WHERE m.merged_into_id = p.id)
        FROM audience_person p
        WHERE workspace_id = %(workspace)b AND id > %(after)b AND id <= %(upto)b
              AND merged_into_id IS NULL
        ORDER BY id LIMIT %(chunk)b
        """,
        workspace=workspace_id,
        after=after,
        upto=upto,
        chunk=CHUNK,
    )
    decode = msgspec.json.decode
    return [_Person._make(row)._replace(traits=decode(row[1])) for row in rows]
