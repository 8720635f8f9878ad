"""kill -9 of the worker in the middle of a broadcast: nobody is missed, nobody gets it twice."""

import pytest

from tests.conftest import wait_for
from tests.house import House

pytestmark = pytest.mark.chaos

PEOPLE = 2_000
FOUND = f"""
from datetime import timedelta
from audience.models import Workspace
from audience.sql import run
from orchestrator import clock
from tests.planning import live, once
brand = Workspace.objects.get(key="acme")
run(
    "INSERT INTO audience_person (workspace_id, traits, trait_sources, locale, time_zone, "
    "first_seen_at, last_seen_at, sequence, known_digest) "
    "SELECT %(brand)b, '{{}}', '{{}}', '', '', %(now)b, %(now)b, 0, '' "
    "FROM generate_series(1, {PEOPLE})",
    brand=brand.pk, now=clock.now(),
)
run(
    "INSERT INTO audience_device (workspace_id, person_id, installation_id, platform, "
    "address_kind, address, push_permission, source, claimed_at, last_seen_at, facts, "
    "retired_reason) "
    "SELECT %(brand)b, id, 'phone-' || id, 'ios', 'token', 'ok:' || id, 'granted', 'public', "
    "%(now)b, %(now)b, '{{}}', '' FROM audience_person",
    brand=brand.pk, now=clock.now(),
)
now = clock.now()
live(brand, once(now), now=now - timedelta(minutes=1))
"""


@pytest.fixture
def house(tmp_path, worker_id, request):
    made = House(tmp_path, f"broadcast_{worker_id}")
    request.addfinalizer(made.close)
    made.open()
    made.manage("shell", "-v0", text=FOUND)
    made.start_beat()
    return made


def test_a_broadcast_goes_on_where_a_killed_worker_was(house):
    dying = house.start_worker("tests.chaos.killer", KILL_AT="in a broadcast")
    assert dying.wait(30) == -9
    house.processes.pop("worker")
    [(state, cursor, moments)] = house.psql(
        "SELECT state, cursor, moments FROM orchestrator_expansion"
    )
    [(so_far,)] = house.psql("SELECT count(*) FROM campaigns_moment")
    assert (state, moments, so_far) == ("running", 800, 800)
    assert cursor > 0

    house.start_worker()
    sent = "SELECT count(*) FROM campaigns_moment WHERE state = 'sent'"
    wait_for(lambda: house.psql(sent) == [(PEOPLE,)], seconds=120)

    [counted] = house.psql(
        "SELECT count(*), count(DISTINCT person_id), "
        "(SELECT count(*) FROM triggers_event WHERE type = 'tick'), "
        "(SELECT count(*) FROM campaigns_push) FROM campaigns_moment"
    )
    assert counted == (PEOPLE, PEOPLE, PEOPLE, PEOPLE)
    assert house.psql("SELECT state, people, moments FROM orchestrator_expansion") == [
        ("done", PEOPLE, PEOPLE)
    ]
    # What was under way at FCM goes again under its tag, and so replaces itself on the phone.
    shown = {(one["token"], one["android"]["notification"]["tag"]) for one in house.fcm.messages}
    assert len(shown) == PEOPLE
