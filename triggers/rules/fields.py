"""The facts a rule may ask about: an allow-list, and how each is read.

A new fact is one more row: an exact name, or a family that takes a path, with its own reader.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from triggers.rules import local_time, segments
from triggers.rules.values import MISSING, Kind, printable

Facts = Mapping[str, Any]
Reader = Callable[[Facts], Any]

MAX_PATH_CHARS: Final = 200
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact, or one family of facts.

    name: "event.name", or "event.properties" for a family, which is followed by a path.
    label: what the builder shows. words: what the sentence says; {} is the path in words.
    kinds: the kinds the fact can be. operators: the only ones, if any are named.
    read: from the path to a function that finds the fact in the facts, or MISSING.
    """

    name: str
    label: str
    words: str
    read: Callable[[str], Reader]
    kinds: tuple[Kind, ...] = tuple(Kind)
    operators: tuple[str, ...] = ()
    takes_path: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A field together with the path that a rule names."""

    field: Field
    path: str

    def reader(self) -> Reader:
        return self.field.read(self.path)

    def words(self) -> str:
        return self.field.words.format(in_words(self.path))


def held_in(*keys: str) -> Callable[[str], Reader]:
    """Reads a path through dicts only, below these keys of the facts.

    A name that itself contains a dot is tried literally first, at every level.
    """

    def reader_of(path: str) -> Reader:
        steps = _steps(path)

        def read(facts: Facts) -> Any:
            holder: Any = facts
            for key in keys:
                holder = holder.get(key)
                if not isinstance(holder, dict):
                    return MISSING
            return _walk(holder, steps)

        return read

    return reader_of


def _steps(path: str) -> tuple[tuple[str, str], ...]:
    """("a.b.c") -> ("a.b.c", "a"), ("b.c", "b"), ("c", "c"): the rest of the path, and its head."""
    parts = path.split(".")
    return tuple((".".join(parts[at:]), part) for at, part in enumerate(parts))


def _walk(holder: Any, steps: tuple[tuple[str, str], ...]) -> Any:
    for rest, head in steps:
        if not isinstance(holder, dict):
            return MISSING
        if rest in holder:
            return holder[rest]
        holder = holder.get(head, MISSING)
    return MISSING


def in_words(path: str) -> str:
    """number_of_guests, numberOfGuests and number.of.guests are "number of guests"."""
    words = re.split(r"[\s._-]+", _CAMEL.sub(" ", path))
    lowered = (word if word.isupper() else word.lower() for word in words)
    return printable(" ".join(lowered).strip() or path)


def _device(key: str, label: str) -> Field:
    return Field(
        name=f"device.{key}",
        label=label,
        words=label.lower(),
        read=held_in("device"),
        kinds=(Kind.TEXT,),
    )


def _place(key: str, label: str, words: str, kind: Kind) -> Field:
    return Field(
        name=f"place.{key}", label=label, words=words, read=held_in("place"), kinds=(kind,)
    )


FIELDS: Final = (
    Field(
        name="event.name",
        label="Event name",
        words="event name",
        read=held_in("event"),
        kinds=(Kind.TEXT,),
    ),
    Field(
        name="event.properties",
        label="Property of the event",
        words="{}",
        read=held_in("event", "properties"),
        takes_path=True,
    ),
    Field(
        name="event.context",
        label="Context of the event",
        words="context {}",
        read=held_in("event", "context"),
        takes_path=True,
    ),
    Field(
        name="person.traits",
        label="Trait of the person",
        words="person's {}",
        read=held_in("person", "traits"),
        takes_path=True,
    ),
    Field(
        name="person.first_seen_at",
        label="First seen",
        words="first seen",
        read=held_in("person"),
        kinds=(Kind.DATE,),
    ),
    _device("platform", "Phone platform"),
    _device("app_version", "App version"),
    _device("os_version", "Phone system version"),
    _device("model", "Phone model"),
    _device("locale", "Phone language"),
    _device("time_zone", "Phone time zone"),
    _place("name", "Place", "place", Kind.TEXT),
    _place("external_id", "Your own number of the place", "place's own number", Kind.TEXT),
    _place("tags", "Tags of the place", "place's tags", Kind.LIST),
    Field(
        name="place.attributes",
        label="Attribute of the place",
        words="place's {}",
        read=held_in("place", "attributes"),
        takes_path=True,
    ),
    _place("address", "Address of the place", "place's address", Kind.TEXT),
    _place("phone", "Phone number of the place", "place's phone number", Kind.TEXT),
    _place("distance_m", "Metres to the middle of the place", "metres to the place", Kind.NUMBER),
    _place("confidence", "How sure the position is", "sureness of the position", Kind.TEXT),
    _place("is_open", "The place is open", "the place is open", Kind.BOOLEAN),
    _place("open_until", "Time at which the place closes", "closing time", Kind.TEXT),
    _place(
        "closes_in_minutes", "Minutes until the place closes", "minutes to closing", Kind.NUMBER
    ),
    Field(
        name="local.hour",
        label="Hour of the day, 0 to 23, where the person is",
        words="local hour",
        read=local_time.hour,
        kinds=(Kind.NUMBER,),
    ),
    Field(
        name="local.weekday",
        label="Day of the week, Monday is 1, where the person is",
        words="local weekday",
        read=local_time.weekday,
        kinds=(Kind.NUMBER,),
    ),
    Field(
        name="segment",
        label="Person is in the segment",
        words="segment {}",
        read=segments.membership,
        kinds=(Kind.BOOLEAN,),
        # "is not set" would fire where the segment's own rule is unknown.
        operators=("is_true", "is_false"),
        takes_path=True,
    ),
)

_EXACT: Final = {field.name: field for field in FIELDS if not field.takes_path}
_FAMILIES: Final = tuple(field for field in FIELDS if field.takes_path)


def find_fact(name: str) -> Fact | None:
    """The fact of this full name ("event.properties.venue"), or None outside the allow-list."""
    exact = _EXACT.get(name)
    if exact:
        return Fact(exact, name.rpartition(".")[2])
    for family in _FAMILIES:
        path = name.removeprefix(f"{family.name}.")
        if path and path != name:
            return Fact(family, path)
    return None
