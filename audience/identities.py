"""Whom a message is about: which ids are one person, which are accidents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from audience.models.person import IdentityKind, Source

ACCIDENTS = frozenset(
    {"", "null", "undefined", "none", "nan", "guest", "anonymous", "0", "[object object]"}
)
ZERO_UUID = "00000000000000000000000000000000"


class IdentityKey(NamedTuple):
    workspace_id: int
    kind: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one message says about who it is from."""

    workspace_id: int
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    source: str = Source.PUBLIC

    @property
    def user(self) -> IdentityKey | None:
        return self._key(IdentityKind.USER, self.user_id)

    @property
    def anonymous(self) -> IdentityKey | None:
        return self._key(IdentityKind.ANONYMOUS, self.anonymous_id)

    @property
    def keys(self) -> list[IdentityKey]:
        previous = [
            self._key(kind, self.previous_id)
            for kind in (IdentityKind.ANONYMOUS, IdentityKind.USER)
        ]
        return [key for key in (self.user, self.anonymous, *previous) if key]

    def _key(self, kind: IdentityKind, value: str | None) -> IdentityKey | None:
        return IdentityKey(self.workspace_id, kind.value, value) if value else None


def is_accident(value: str) -> bool:
    """An id that some bug wrote: `undefined`, `[object Object]`, an all-zero UUID."""
    plain = value.strip().lower()
    return plain in ACCIDENTS or plain.replace("-", "") == ZERO_UUID


class Known(NamedTuple):
    """The canonical person of an id, and the user ids that person has."""

    person: int
    users: frozenset[str]


@dataclass
class Plan:
    """Who is who after a batch of claims, taken in order.

    `owner` maps each id to a person; new people have negative numbers. `people` has the canonical
    person of each claim. `merged` maps a person to the one it became part of. `new_keys` maps
    each new id to the source that linked it.
    """

    owner: dict[IdentityKey, int]
    identified: set[int]
    new_keys: dict[IdentityKey, str] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    people: list[int | None] = field(default_factory=list)
    new_people: int = 0

    def take(self, claim: Claim) -> None:
        if claim.previous_id:
            self._alias(claim)
        elif claim.user and claim.anonymous:
            self._link(claim.user, claim.anonymous, claim.source)
        key = claim.user or claim.anonymous
        self.people.append(self._person(key, claim.source) if key else None)

    def finish(self) -> "Plan":
        """Let merges hold for the whole batch; a new person that was merged is never made."""
        self.people = [None if who is None else self._canonical(who) for who in self.people]
        self.owner = {key: self._canonical(who) for key, who in self.owner.items()}
        self.merged = {loser: into for loser, into in self.merged.items() if loser > 0}
        return self

    def _canonical(self, person: int) -> int:
        return self.merged.get(person, person)

    def _person(self, key: IdentityKey, source: str) -> int:
        if key not in self.owner:
            self.new_people += 1
            self._own(key, -self.new_people, source)
        return self._canonical(self.owner[key])

    def _own(self, key: IdentityKey, person: int, source: str) -> None:
        self.owner[key] = person
        self.new_keys[key] = source
        if key.kind == IdentityKind.USER:
            self.identified.add(person)

    def _link(self, user: IdentityKey, other: IdentityKey, source: str) -> None:
        """`other` turns out to be `user`; two identified people never become one this way."""
        if other not in self.owner:
            self._own(other, self._person(user, source), source)
            return
        theirs = self._canonical(self.owner[other])
        if theirs in self.identified:
            return
        if user not in self.owner:
            self._own(user, theirs, source)
            return
        self._merge(theirs, self._canonical(self.owner[user]))

    def _alias(self, claim: Claim) -> None:
        """`previous_id` and `user_id` are one person; only a server may say so of two users."""
        if not claim.user or not claim.previous_id:
            return
        anonymous = IdentityKey(claim.workspace_id, IdentityKind.ANONYMOUS, claim.previous_id)
        user = IdentityKey(claim.workspace_id, IdentityKind.USER, claim.previous_id)
        if anonymous in self.owner or user not in self.owner:
            self._link(claim.user, anonymous, claim.source)
        elif claim.source == Source.SERVER:
            self._merge(self._canonical(self.owner[user]), self._person(claim.user, claim.source))

    def _merge(self, loser: int, winner: int) -> None:
        if loser == winner:
            return
        for person, into in self.merged.items():
            if into == loser:
                self.merged[person] = winner
        self.merged[loser] = winner


def plan(claims: Iterable[Claim], known: Mapping[IdentityKey, Known]) -> Plan:
    """Who each claim is about, given what is known."""
    result = Plan(
        owner={key: found.person for key, found in known.items()},
        identified={found.person for found in known.values() if found.users},
    )
    for claim in claims:
        result.take(claim)
    return result.finish()
