"""Events by name and day (UTC), counted from the log: it is the truth, and nobody waits for us.

Workers that counted as they go would fight for the row of a popular name until they commit. So
upkeep counts what came since it looked last, each event once; Counted keeps how far it got.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from audience.sql import run
from triggers.selectors.catalogue import OWN_NAMES
from triggers.services.catalogue.learning import ADDING
from triggers.services.catalogue.memory import MAX_NAMES

AT_ONCE = 50_000
COUNTED_AT_FIRST = timedelta(days=30)
KEPT_FOR = timedelta(days=400)


class Span(NamedTuple):
    """What is counted now: [since, until) of a workspace; `grows` if it has room for names."""

    workspace_id: int
    since: datetime
    until: datetime
    grows: bool


def count(*, until: datetime) -> bool:
    """Count what was received before `until`; whether there is more of it left to count.

    All of that must be in the log by now: an event that is written later is not counted.
    """
    with transaction.atomic():
        if not _is_ours():
            return False
        spans = _spans(until=until)
        if not spans:
            return False
        _add_names([span for span in spans if span.grows])
        _add_counts(spans)
        _mark(spans)
        if any(span.since.date() < span.until.date() for span in spans):
            _delete_old(before=(until - KEPT_FOR).date())
    return any(span.until < until for span in spans)


def _is_ours() -> bool:
    """Two that count at once would count everything twice."""
    return bool(run("SELECT pg_try_advisory_xact_lock(hashtextextended('event counts', 0))")[0][0])


def _spans(*, until: datetime) -> list[Span]:
    rows = run(
        """
        WITH counted AS (
            SELECT w.id, COALESCE(c.until, %(oldest)b) AS since
            FROM audience_workspace w LEFT JOIN triggers_counted c ON c.workspace_id = w.id
        )
        SELECT id, since, COALESCE(
            (SELECT GREATEST(received_at, since + interval '1 microsecond') FROM triggers_event e
             WHERE e.workspace_id = counted.id AND received_at >= since
               AND received_at < %(until)b
             ORDER BY received_at OFFSET %(most)b LIMIT 1),
            %(until)b),
            (SELECT count(*) FROM triggers_eventname n WHERE n.workspace_id = counted.id)
                < %(names)b
        FROM counted WHERE since < %(until)b ORDER BY id
        """,
        oldest=until - COUNTED_AT_FIRST,
        until=until,
        most=AT_ONCE,
        names=MAX_NAMES,
    )
    return [Span(*row) for row in rows]


def _add_names(growing: Sequence[Span]) -> None:
    """Names that learning missed, because somebody else was adding; the first come first."""
    spans = _open_to_us(growing)
    if not spans:
        return
    run(
        """
        WITH new AS (
            SELECT s.workspace_id, e.name, min(received_at) AS first, max(received_at) AS last
            FROM unnest(%(workspaces)b::bigint[], %(since)b::timestamptz[],
                        %(until)b::timestamptz[]) AS s (workspace_id, since, until)
            JOIN triggers_event e ON e.workspace_id = s.workspace_id
                 AND e.received_at >= s.since AND e.received_at < s.until
            WHERE e.name <> ALL(%(own)b::text[]) AND NOT EXISTS (
                SELECT FROM triggers_eventname n
                WHERE n.workspace_id = e.workspace_id AND n.name = e.name)
            GROUP BY s.workspace_id, e.name
        ), sizes AS MATERIALIZED (
            SELECT workspace_id, count(*) AS names FROM triggers_eventname
            WHERE workspace_id = ANY(%(workspaces)b::bigint[]) GROUP BY workspace_id
        ), placed AS (
            SELECT new.*, row_number() OVER (PARTITION BY workspace_id ORDER BY first, name)
                          + COALESCE(names, 0) AS place
            FROM new LEFT JOIN sizes USING (workspace_id)
        )
        INSERT INTO triggers_eventname (workspace_id, name, properties, paths_left_out,
                                        first_seen_at, last_seen_at)
        SELECT workspace_id, name, '{}', 0, first, last FROM placed WHERE place <= %(most)b
        ON CONFLICT DO NOTHING
        """,
        workspaces=[span.workspace_id for span in spans],
        since=[span.since for span in spans],
        until=[span.until for span in spans],
        own=list(OWN_NAMES),
        most=MAX_NAMES,
    )


def _open_to_us(spans: Sequence[Span]) -> list[Span]:
    """Those of workspaces to which nobody else is adding names now."""
    rows = run(
        "SELECT id FROM unnest(%(ids)b::bigint[]) AS w (id) WHERE " + ADDING.format("id"),
        ids=[span.workspace_id for span in spans],
    )
    ours = {row[0] for row in rows}
    return [span for span in spans if span.workspace_id in ours]


def _add_counts(spans: Sequence[Span]) -> None:
    run(
        """
        WITH spans AS (
            SELECT * FROM unnest(%(workspaces)b::bigint[], %(since)b::timestamptz[],
                                 %(until)b::timestamptz[]) AS s (workspace_id, since, until)
        ), grouped AS MATERIALIZED (
            SELECT s.workspace_id, e.name, (e.received_at AT TIME ZONE 'UTC')::date AS day,
                   count(*) AS events
            FROM spans s JOIN triggers_event e ON e.workspace_id = s.workspace_id
                 AND e.received_at >= s.since AND e.received_at < s.until
            GROUP BY 1, 2, 3
        ), named AS (
            SELECT workspace_id, day, events, CASE
                WHEN name = ANY(%(own)b::text[]) OR EXISTS (
                    SELECT FROM triggers_eventname n
                    WHERE n.workspace_id = g.workspace_id AND n.name = g.name)
                THEN name ELSE '' END AS name
            FROM grouped g
        )
        INSERT INTO triggers_eventcount AS known (workspace_id, name, day, events)
        SELECT workspace_id, name, day, sum(events) FROM named GROUP BY 1, 2, 3
        ON CONFLICT (workspace_id, name, day) DO UPDATE
        SET events = known.events + EXCLUDED.events
        """,
        workspaces=[span.workspace_id for span in spans],
        since=[span.since for span in spans],
        until=[span.until for span in spans],
        own=list(OWN_NAMES),
    )


def _mark(spans: Sequence[Span]) -> None:
    run(
        """
        INSERT INTO triggers_counted (workspace_id, until)
        SELECT * FROM unnest(%(workspaces)b::bigint[], %(until)b::timestamptz[])
        ON CONFLICT (workspace_id) DO UPDATE SET until = EXCLUDED.until
        """,
        workspaces=[span.workspace_id for span in spans],
        until=[span.until for span in spans],
    )


def _delete_old(*, before: date) -> None:
    run("DELETE FROM triggers_eventcount WHERE day < %(before)b", before=before)
