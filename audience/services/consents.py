"""What people agreed to: written each time it changes, never edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audience.models.person import Source
from audience.sql import run


@dataclass(frozen=True, kw_only=True)
class Said:
    """A person agreed or refused; who says so is the source."""

    workspace_id: int
    person_id: int
    topic: str
    granted: bool
    source: str
    occurred_at: datetime


def record(*, said: Sequence[Said], now: datetime) -> None:
    """In the caller's transaction, which holds the people; what was said before is left out."""
    run(
        """
        INSERT INTO audience_consent (workspace_id, person_id, topic, granted, source,
                                      text_version, occurred_at, recorded_at)
        SELECT workspace_id, person_id, topic, granted, source, '', occurred_at, %(now)b
        FROM unnest(%(workspaces)b::bigint[], %(people)b::bigint[], %(topics)b::text[],
                    %(granted)b::boolean[], %(sources)b::text[], %(times)b::timestamptz[])
             AS s (workspace_id, person_id, topic, granted, source, occurred_at)
        WHERE granted IS DISTINCT FROM (
            SELECT c.granted FROM audience_consent c
            WHERE c.person_id = s.person_id AND c.topic = s.topic AND c.source = s.source
            ORDER BY c.occurred_at DESC, c.id DESC LIMIT 1)
        """,
        workspaces=[one.workspace_id for one in said],
        people=[one.person_id for one in said],
        topics=[one.topic for one in said],
        granted=[one.granted for one in said],
        sources=[one.source for one in said],
        times=[one.occurred_at for one in said],
        now=now,
    )


def consents(*, people: Mapping[int, int], topic: str) -> dict[int, bool]:
    """What each canonical person says now; `people` maps every id to that person.

    Of several people who became one the stricter counts, and what the brand's server refused no
    app takes back. Who never said anything is not there.
    """
    rows = run(
        """
        SELECT DISTINCT ON (person_id, source) person_id, source, granted, occurred_at
        FROM audience_consent
        WHERE person_id = ANY(%(people)b::bigint[]) AND topic = %(topic)b
        ORDER BY person_id, source, occurred_at DESC, id DESC
        """,
        people=sorted(people),
        topic=topic,
    )
    by_id: dict[int, list[tuple[datetime, str, bool]]] = {}
    for person, source, granted, at in rows:
        by_id.setdefault(person, []).append((at, source, granted))
    result: dict[int, bool] = {}
    for person, told in by_id.items():
        canonical = people[person]
        result[canonical] = result.get(canonical, True) and last_word(told)
    return result


def last_word(told: Sequence[tuple[datetime, str, bool]]) -> bool:
    """What counts of the newest word of each source."""
    refused_by_server = any(source == Source.SERVER and not granted for _, source, granted in told)
    return False if refused_by_server else max(told)[2]
