"""Past events of people, for the rules that ask about them."""

from collections.abc import Mapping, Sequence

import msgspec

from audience.sql import run
from triggers.rules import PastEvent, PastEvents

LIMIT = 200  # events a person and name; beyond it what a rule asks is unknown


def past_events(
    *, people: Mapping[int, int], names: Sequence[str]
) -> dict[int, dict[str, PastEvents]]:
    """The newest events of each name, by canonical person; `people` maps every id to that person.

    Every person asked about gets every name, so that "none" and "not asked" differ.
    """
    if not names:
        return {}
    rows = run(
        """
        SELECT p.id, e.name, e.properties, e.context, e.occurred_at, e.message_id
        FROM unnest(%(people)b::bigint[]) AS p (id), unnest(%(names)b::text[]) AS n (name),
        LATERAL (SELECT name, properties, context, occurred_at, message_id FROM triggers_event
                 WHERE person_id = p.id AND triggers_event.name = n.name
                 ORDER BY occurred_at DESC LIMIT %(limit)b) AS e
        """,
        people=sorted(people),
        names=sorted(names),
        limit=LIMIT + 1,
    )
    found: dict[tuple[int, str], list[PastEvent]] = {
        (person, name): [] for person in people.values() for name in names
    }
    decode = msgspec.json.decode
    for id, name, properties, context, occurred_at, message_id in rows:
        found[(people[id], name)].append(
            PastEvent(
                name=name,
                properties=decode(properties),
                context=decode(context),
                occurred_at=occurred_at,
                message_id=message_id,
            )
        )
    result: dict[int, dict[str, PastEvents]] = {}
    for (person, name), events in found.items():
        events.sort(key=lambda one: (one.occurred_at, one.message_id), reverse=True)
        past = PastEvents(events=tuple(events[:LIMIT]), complete=len(events) <= LIMIT)
        result.setdefault(person, {})[name] = past
    return result
