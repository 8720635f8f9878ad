"""People by the hundred thousand, each with a phone, straight into the tables."""

import psycopg

from tests.house import HOST

PEOPLE = """
WITH home AS (SELECT id FROM audience_workspace ORDER BY id LIMIT 1), people AS (
    INSERT INTO audience_person (workspace_id, traits, trait_sources, locale, time_zone,
        first_seen_at, last_seen_at, sequence, known_digest)
    SELECT home.id, '{"first_name": "Anna", "city": "Utrecht"}',
           '{"first_name": "public", "city": "public"}', 'nl', 'Europe/Amsterdam',
           now(), now(), 0, ''
    FROM home, generate_series(1, %(count)s) RETURNING id, workspace_id
), known AS (
    INSERT INTO audience_identity (workspace_id, kind, value, person_id, source, linked_at)
    SELECT workspace_id, 'user', 'crowd-' || id, id, 'public', now() FROM people
)
INSERT INTO audience_device (workspace_id, installation_id, person_id, platform, address_kind,
    address, push_permission, facts, source, claimed_at, last_seen_at, retired_reason)
SELECT workspace_id, 'phone-of-crowd-' || id, id, 'ios', 'token', 'ok:crowd-' || id, 'granted',
       '{}', 'public', now(), now(), ''
FROM people
"""


def fill(house, count):
    """That many more people, and what PostgreSQL must know of them to plan its queries."""
    with psycopg.connect(
        host=HOST, user="postgres", dbname=house.database, autocommit=True
    ) as connection:
        connection.execute(PEOPLE, {"count": count})
        connection.execute("VACUUM ANALYZE audience_person, audience_identity, audience_device")
