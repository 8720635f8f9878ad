"""What is decided in one transaction, for people held locked: gathered here, then written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from audience.services import changes, devices
from audience.services.changes import PersonChange
from audience.services.people import PersonRow, Resolved, aliases
from campaigns.engine.apply import apply
from campaigns.engine.effects import Effect, OpenMoment, ResumeMoment
from campaigns.engine.happening import EventHappened, Happening, MomentDue, PushSettled
from campaigns.engine.knowledge import digest, knowledge
from campaigns.engine.program import Program
from campaigns.engine.state import PersonState
from campaigns.engine.step import step
from campaigns.models.circumstance import CircumstanceKind
from campaigns.services import circumstances, moments
from campaigns.services.circumstances import CircumstanceRow
from orchestrator import bells
from orchestrator.pipeline import loading, settle
from orchestrator.pipeline.programs import with_versions
from triggers.services import log
from triggers.services.log import EventRow


@dataclass
class Batch:
    """What is known of the people of a transaction, and what was decided so far.

    `merged` are the people that each of them was made of. Only people of whom something was
    decided are written.
    """

    programs: dict[int, Program]
    rows: dict[int, PersonRow]
    states: dict[int, PersonState]
    merged: dict[int, tuple[int, ...]]
    now: datetime
    events: list[EventRow] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    circumstances: list[CircumstanceRow] = field(default_factory=list)
    retired: dict[int, str] = field(default_factory=dict)
    digests: dict[int, bytes] = field(default_factory=dict)
    noted: dict[int, PersonRow] = field(default_factory=dict)

    def program_of(self, person: int) -> Program:
        return self.programs[self.rows[person].workspace_id]

    def update(self, row: PersonRow) -> None:
        """What a message said of the person."""
        if row is not self.rows[row.id]:
            self.rows[row.id] = row
            self.states[row.id] = loading.with_person(self.states[row.id], row)

    def note(self, person: int) -> None:
        """Write down what is known of the person, unless that is what was written last."""
        row = self.rows[person]
        if self.noted.get(person) is row:
            return
        self.noted[person] = row
        known = knowledge(self.states[person], merged=self.merged[person])
        self.digests.setdefault(person, row.known_digest)
        if (now_known := digest(known)) != self.digests[person]:
            self.digests[person] = now_known
            self.circumstance(person, CircumstanceKind.KNOWN, known)

    def circumstance(self, person: int, kind: CircumstanceKind, document: Any) -> None:
        self.circumstances.append(
            CircumstanceRow(
                workspace_id=self.rows[person].workspace_id,
                person_id=person,
                sequence=self.number(person),
                kind=kind,
                document=document,
                program_version=self.program_of(person).version,
            )
        )

    def number(self, person: int) -> int:
        """The next number of this person's happenings."""
        self.states[person] = loading.numbered(self.states[person])
        return self.states[person].sequence

    def happened(self, event: EventRow, happening: EventHappened | PushSettled) -> None:
        """An event for the log and what follows from it; it has its number already."""
        self.events.append(event)
        self.follow(event.person_id, happening)

    def due(self, person: int, moment: UUID) -> None:
        """A wait is over, and what follows from that."""
        self.note(person)
        self.circumstance(person, CircumstanceKind.DUE, {"moment": moment})
        self.follow(person, MomentDue(moment=moment, decided_at=self.now))

    def follow(self, person: int, happening: Happening) -> None:
        state = self.states[person]
        for effect in step(state, happening, self.program_of(person)):
            self.effects.append(effect)
            state = apply(state, effect)
        self.states[person] = loading.remembering(state, happening)

    def ring(self) -> None:
        """Tell those who send, once what was written is committed."""
        fired = [one for one in self.effects if isinstance(one, OpenMoment | ResumeMoment)]
        kinds = {one.campaign.hearing.fans_out for one in fired if one.decision.pushes}
        for bulk in sorted(kinds):
            bells.ring_after_commit(bells.DISPATCH_BULK if bulk else bells.DISPATCH)

    def write(self) -> None:
        if self.events:
            log.append(events=self.events, now=self.now)
        if self.circumstances:
            circumstances.append(circumstances=self.circumstances, now=self.now)
        if self.noted:
            changes.write_people([self._change(person) for person in self.noted], now=self.now)
        stopped = moments.carry_out(
            effects=self.effects,
            workspace_of={id: row.workspace_id for id, row in self.rows.items()},
            now=self.now,
        )
        settle.tell(stopped, now=self.now)
        if self.retired:
            devices.retire(reasons=self.retired, now=self.now)
        self.ring()

    def _change(self, person: int) -> PersonChange:
        row = self.rows[person]
        return PersonChange(
            id=person,
            traits=row.traits,
            trait_sources=row.trait_sources,
            locale=row.locale,
            time_zone=row.time_zone,
            sequence=self.states[person].sequence,
            known_digest=self.digests[person],
        )


def begin(
    programs: dict[int, Program],
    resolved: Resolved,
    states: dict[int, PersonState],
    *,
    now: datetime,
) -> Batch:
    """A batch of locked people, with the campaign versions that their open moments follow."""
    return Batch(
        with_versions(programs, loading.pinned(states)),
        resolved.rows,
        states,
        merged_of(resolved, list(states)),
        now,
    )


def merged_of(resolved: Resolved, canonical: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The people that became part of each canonical one."""
    found: dict[int, list[int]] = {person: [] for person in canonical}
    for alias, person in sorted(aliases(resolved).items()):
        if alias != person:
            found[person].append(alias)
    return {person: tuple(ids) for person, ids in found.items()}
