"""A walk: the phones of a batch followed from position to position, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from orchestrator.pipeline.message import InboxMessage, Where
from orchestrator.pipeline.unseen import Met
from triggers.places.fixes import MISSING_ACCURACY_M, Bearing, Fix, Report
from triggers.places.geometry import Position, distance_m, edge_distance_m
from triggers.places.index import PlaceIndex
from triggers.places.presence import Followed, Seen, follow, report
from triggers.places.visits import Crossing
from triggers.selectors.presences import Phone

SAID = {"Geofence Entered": True, "Geofence Exited": False}
NO_SUCH_PLACE = "unknown_place"


class Happened(NamedTuple):
    """A crossing, and the message that led to it."""

    met: Met
    crossing: Crossing


@dataclass
class Walk:
    """`before` and `after` are what is known of each phone; `ignored` says why a position of a
    message, by its place in the batch, moved nobody."""

    before: Mapping[Phone, Seen]
    after: dict[Phone, Seen] = field(default_factory=dict)
    sources: dict[Phone, str] = field(default_factory=dict)
    ignored: dict[int, str] = field(default_factory=dict)
    happened: dict[int, list[Crossing]] = field(default_factory=dict)

    def seen(self, phone: Phone) -> Seen:
        return self.after.get(phone) or self.before.get(phone) or Seen()

    def go(self, at: int, met: Met, index: PlaceIndex, ids: Mapping[str, int]) -> None:
        """What a message says of where its phone is; `ids` are places by their external ids."""
        message, phone = met.arrival.message, phone_of(met)
        fix = fix_of(message.where, message.occurred_at) if message.where else None
        if message.name in SAID:
            place = ids.get(str(reported_place(message)))
            if place is None:
                self.ignored[at] = NO_SUCH_PLACE
            else:
                self.take(at, phone, self.reported(phone, place, message, fix, index))
        if fix:
            self.take(at, phone, self.followed(phone, fix, index))
        self.sources[phone] = message.source

    def take(self, at: int, phone: Phone, followed: Followed) -> None:
        self.after[phone] = followed.seen
        self.happened.setdefault(at, []).extend(followed.crossings)
        if followed.ignored:
            self.ignored[at] = str(followed.ignored)

    def followed(self, phone: Phone, fix: Fix, index: PlaceIndex) -> Followed:
        seen = self.seen(phone)
        places = {*index.near(fix.at), *(one.place for one in seen.presences)}
        known = {place: bearing(index, place, fix.at) for place in places if place in index}
        return follow(seen, fix, known)

    def reported(
        self, phone: Phone, place: int, message: InboxMessage, fix: Fix | None, index: PlaceIndex
    ) -> Followed:
        said = Report(
            place=place,
            entered=SAID[message.name],
            occurred_at=message.occurred_at,
            fix=fix,
        )
        seen_from = bearing(index, place, fix.at) if fix and place in index else None
        return report(self.seen(phone), said, seen_from)


def tells(message: InboxMessage) -> bool:
    """Whether a message says where its phone is."""
    return message.where is not None or message.name in SAID


def reported_place(message: InboxMessage) -> object:
    """The external id of the place that a phone says it entered or left."""
    return message.properties.get("external_id")


def phone_of(met: Met) -> Phone:
    return Phone(met.person, met.device or 0)


def fix_of(where: Where, occurred_at: datetime) -> Fix:
    return Fix(
        at=Position(where.latitude, where.longitude),
        accuracy_m=MISSING_ACCURACY_M if where.accuracy_m is None else where.accuracy_m,
        is_mock=where.is_mock,
        occurred_at=occurred_at,
    )


def bearing(index: PlaceIndex, place: int, at: Position) -> Bearing:
    fence = index.fence(place)
    return Bearing(
        edge_m=edge_distance_m(fence, at),
        centre_m=distance_m(fence.centre, at),
        radius_m=fence.radius_m,
        approach_m=index.approach_m(place),
    )
