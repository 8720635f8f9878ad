"""replay: every happening again by number, through the functions that decided; are the moments
the same?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from audience.sql import run
from campaigns.engine.folding import Folded, MomentRecord, blank
from campaigns.engine.knowledge import Knowledge
from campaigns.engine.program import Program
from orchestrator.pipeline import programs
from orchestrator.pipeline.happenings import Numbered, happenings_of
from triggers.selectors.history import LIMIT

CHUNK = 500
NAMES = tuple(one.name for one in fields(MomentRecord))


class NotOnRecord(Exception):
    """A program that decided is no longer on record, so what it decided cannot be replayed."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A moment that the replay makes otherwise; `field` is "" where one side has none."""

    moment: UUID
    field: str
    stored: str
    replayed: str


@dataclass
class Report:
    """`stored` and `replayed` are hashes over all moments, in the order of their ids."""

    people: int = 0
    happenings: int = 0
    moments: int = 0
    differences: list[Difference] = field(default_factory=list)
    stored: Any = field(default_factory=lambda: blake2b(digest_size=16))
    replayed: Any = field(default_factory=lambda: blake2b(digest_size=16))


def replay(*, workspace_id: int) -> Report:
    """Every person of a workspace, in chunks; run it in one read-only snapshot."""
    report, replayer = Report(), Replayer(workspace_id)
    for groups in _chunks(workspace_id):
        everybody = [who for group in groups for who in group]
        written = happenings_of(everybody)
        made: dict[UUID, MomentRecord] = {}
        for group in groups:
            made |= replayer.records(group, written)
        report.people += len(groups)
        report.happenings += sum(len(one) for one in written.values())
        _compare(report, stored_moments(everybody), made)
    return report


class Replayer:
    """Folds people; keeps the programs of each number."""

    def __init__(self, workspace_id: int) -> None:
        self._workspace_id = workspace_id
        self._programs: dict[int, Program] = {}

    def records(
        self, group: Sequence[int], written: dict[int, list[Numbered]]
    ) -> dict[UUID, MomentRecord]:
        """The moments of a person and of all who became part of them, known or not yet."""
        found: dict[UUID, MomentRecord] = {}
        absorbed: set[int] = set()
        for person in group:
            if person not in absorbed:
                folded = self.fold(person, written)
                found |= folded.records
                absorbed |= folded.absorbed
        return found

    def fold(self, person: int, written: dict[int, list[Numbered]]) -> Folded:
        folded = blank(person)
        for one in written.get(person, ()):
            if isinstance(one.what, Knowledge):
                self._know(folded, one.what, written)
            else:
                program = self._program(one.program_version, folded)
                folded.follow(one.what, program, sequence=one.sequence, limit=LIMIT)
        return folded

    def _know(self, folded: Folded, known: Knowledge, written: dict[int, list[Numbered]]) -> None:
        new = {who: self.fold(who, written) for who in known.merged if who not in folded.absorbed}
        inside = {who for other in new.values() for who in other.absorbed}
        for who, other in sorted(new.items()):
            if who not in inside:
                folded.absorb(other)
        folded.know(known)

    def _program(self, number: int, folded: Folded) -> Program:
        if number not in self._programs:
            found = programs.at(self._workspace_id, number)
            if found is None:
                raise NotOnRecord(number)
            self._programs[number] = found
        program = self._programs[number]
        opened_by = {one.version_id for one in folded.state.moments.values()}
        missing = opened_by - program.versions.keys()
        if missing:
            program = programs.with_versions({0: program}, missing)[0]
            self._programs[number] = program
        return program


def _chunks(workspace_id: int) -> Iterator[list[list[int]]]:
    """Canonical people, each followed by all who became part of them."""
    cursor = 0
    while True:
        rows = run(
            """
            SELECT p.id, ARRAY(SELECT m.id FROM audience_person m WHERE m.merged_into_id = p.id)
            FROM audience_person p
            WHERE p.workspace_id = %(workspace)b AND p.id > %(cursor)b
              AND p.merged_into_id IS NULL
            ORDER BY p.id LIMIT %(limit)b
            """,
            workspace=workspace_id,
            cursor=cursor,
            limit=CHUNK,
        )
        if not rows:
            return
        yield [[id, *merged] for id, merged in rows]
        cursor = rows[-1][0]


def stored_moments(people: Sequence[int]) -> dict[UUID, dict[str, Any]]:
    rows = run(
        f"SELECT {', '.join(NAMES)} FROM campaigns_moment "
        "WHERE person_id = ANY(%(people)b::bigint[])",
        people=people,
    )
    found = {}
    for row in rows:
        moment = dict(zip(NAMES, row, strict=True))
        for name in ("trace", "content"):
            moment[name] = msgspec.json.decode(moment[name]) if moment[name] else None
        found[moment["id"]] = moment
    return found


def _compare(
    report: Report, stored: dict[UUID, dict[str, Any]], made: dict[UUID, MomentRecord]
) -> None:
    report.moments += len(stored)
    for id in sorted(stored.keys() | made.keys()):
        theirs = plain(stored[id]) if id in stored else None
        ours = plain(asdict(made[id])) if id in made else None
        for sum_of, one in ((report.stored, theirs), (report.replayed, ours)):
            if one:
                sum_of.update(msgspec.json.encode(one, order="deterministic"))
        report.differences += differences(id, theirs, ours)


def plain(moment: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it. When a wait would have been over says nothing once it is."""
    one: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(moment))
    return one if one["state"] == "waiting" else {**one, "due_at": None}


def differences(
    moment: UUID, stored: dict[str, Any] | None, replayed: dict[str, Any] | None
) -> list[Difference]:
    if stored is None or replayed is None:
        there = "there" if stored else "not there"
        here = "there" if replayed else "not there"
        return [Difference(moment=moment, field="", stored=there, replayed=here)]
    return [
        Difference(
            moment=moment, field=name, stored=str(stored[name]), replayed=str(replayed[name])
        )
        for name in NAMES
        if stored[name] != replayed[name]
    ]
