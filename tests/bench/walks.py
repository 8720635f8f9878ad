"""Positions of phones among 100,000 places, from the inbox to the log."""

import random
from datetime import UTC, datetime, timedelta

import psycopg

from tests.bench.load import body, measured, post_all, say
from tests.conftest import wait_for
from tests.house import HOST

PLACES, PEOPLE, STEPS = 100_000, 1_000, 10
STREETS = """
WITH home AS (
    UPDATE audience_workspace SET places_version = places_version + 1, location_consent = 'asked'
    WHERE id = (SELECT min(id) FROM audience_workspace) RETURNING id, places_version
)
INSERT INTO triggers_place (workspace_id, external_id, name, latitude, longitude, radius_m,
    approach_m, tags, attributes, address, phone, time_zone, version, created_at, changed_at)
SELECT home.id, 'store-' || n, 'Store ' || n, 50.8 + 2.6 * random(), 3.4 + 3.7 * random(), 150,
       500, '{store}', '{}', 'Street ' || n, '', '', home.places_version, now(), now()
FROM home, generate_series(1, %(places)s) n
"""


def build(house):
    """So many stores, over the Netherlands."""
    with psycopg.connect(
        host=HOST, user="postgres", dbname=house.database, autocommit=True
    ) as connection:
        connection.execute(STREETS, {"places": PLACES})
        connection.execute("VACUUM ANALYZE triggers_place")


def fixes():
    """People who walk 70 m a minute, each ten positions."""
    chance = random.Random(1)
    began = datetime.now(UTC) - timedelta(minutes=STEPS)
    for user in range(PEOPLE):
        latitude, longitude = 50.8 + 2.6 * chance.random(), 3.4 + 3.7 * chance.random()
        for step in range(STEPS):
            yield {
                "type": "track",
                "event": "Location Updated",
                "messageId": f"walk-{user}-{step}",
                "userId": f"u{user}",
                "timestamp": (began + timedelta(minutes=step)).isoformat(),
                "context": {
                    "device": {"id": f"phone-of-u{user}"},
                    "location": {
                        "latitude": latitude + step * 0.00063,
                        "longitude": longitude,
                        "accuracy": 15,
                    },
                },
            }


def walks(house, *, postmaster):
    build(house)
    house.start_web()
    messages = list(fixes())
    post_all(house.port, [body(messages[at : at + 100]) for at in range(0, len(messages), 100)])
    house.kill("web")
    worker = house.start_worker(queues="events")
    with measured(worker.pid, postmaster) as cost:
        house.start_beat()
        wait_for(lambda: not house.psql("SELECT 1 FROM orchestrator_inbox LIMIT 1"), seconds=300)
    made = house.psql("SELECT count(*) FROM triggers_event WHERE type = 'place'")[0][0]
    say(f"positions, {PLACES:,} places {len(messages) / cost.wall_s:7,.0f} /s   "
        f"{len(messages) / cost.cpu_s:8,.0f} a CPU-second with PostgreSQL's, index and all   "
        f"{made:,} crossings")  # fmt: skip
    house.kill("worker")
    house.kill("beat")
