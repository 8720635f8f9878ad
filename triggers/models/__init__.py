"""When: the log, its catalogue, segments, places."""

from triggers.models.catalogue import Counted, EventCount, EventName
from triggers.models.event import Event, Joined, SeenMessage
from triggers.models.place import Fix, Place, Presence, Track
from triggers.models.segment import Segment

__all__ = [
    "Counted",
    "Event",
    "EventCount",
    "EventName",
    "Fix",
    "Joined",
    "Place",
    "Presence",
    "SeenMessage",
    "Segment",
    "Track",
]
