"""A live run with four workers, replayed: the log leads to the very moments that are stored."""

import json
import random
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import brand
from tests.conftest import wait_for
from tests.house import House

pytestmark = pytest.mark.chaos

PEOPLE = 60
ROUNDS = 30
CAMPAIGNS = """
from audience.models import Workspace
from campaigns.definition import Definition, Message
from campaigns.services import campaigns, segments
from orchestrator import clock
from tests.chaos.campaigns_to_replay import TRIGGERS, LOCALS
brand = Workspace.objects.get()
segments.save(workspace=brand, key="locals", name="Locals", rule=LOCALS, now=clock.now())
for key, trigger in TRIGGERS.items():
    body = "{{ person.first_name }} " + key
    made = campaigns.draft(
        workspace=brand, key=key, name=key.title(), intent="buy", now=clock.now(),
        definition=Definition(
            trigger=trigger, messages={"default": Message(title=key, body=body)},
        ),
    )
    campaigns.publish(campaign=made, user_id=None, now=clock.now())
"""
REWORD = """
import msgspec
from campaigns.models import Campaign
from campaigns.services import campaigns
from orchestrator import clock
for key in ("cart", "thank-you"):
    made = Campaign.objects.get(key=key)
    made.draft["messages"]["default"]["body"] += "!"
    made.save()
    campaigns.publish(campaign=made, user_id=None, now=clock.now(), for_waiting=key == "cart")
"""


@pytest.fixture
def house(tmp_path, worker_id, request):
    made = House(tmp_path, f"replay_{worker_id}")
    request.addfinalizer(made.close)
    made.open()
    made.manage("shell", "-v0", text=CAMPAIGNS)
    made.start_web()
    made.start_beat()
    made.start_worker(children=4)
    return made


def device(chance, number):
    kind = chance.choice(["ok", "ok", "ok", "unreg"])
    return {
        "device": {"id": f"phone-{number}", "type": "ios", "token": f"{kind}:{number}"},
        "timezone": chance.choice(["Europe/Amsterdam", "America/New_York", "Mars/Base"]),
        "locale": chance.choice(["nl", "en"]),
    }


def message(chance, at):
    """Something one of the people does; ids, phones and carts meet and part again."""
    number = chance.randrange(PEOPLE)
    who = {"anonymousId": f"a{number}"} if chance.random() < 0.4 else {"userId": f"u{number}"}
    base = {**who, "messageId": f"m{at}", "context": device(chance, number)}
    what = chance.random()
    if what < 0.15:
        traits = {"firstName": chance.choice(["Anna", "Ben", None]), "city": "Delft"}
        both = {"userId": f"u{number}", "anonymousId": f"a{chance.randrange(PEOPLE)}"}
        return {**base, **both, "type": "identify", "traits": traits}
    if what < 0.2:
        return {**base, "type": "alias", "userId": f"u{number}", "previousId": f"a{number}"}
    name = chance.choice([brand.OPEN_DAY, "Product Added", "Product Added", "Order Completed"])
    properties = {"cart_id": chance.choice(["A", "B"]), "venue": "Utrecht"}
    return {**base, "type": "track", "event": name, "properties": properties}


def live(house, seed):
    chance = random.Random(seed)
    for round in range(ROUNDS):
        house.posted(*(message(chance, f"{seed}-{round}-{n}") for n in range(20)))
        if chance.random() < 0.3:
            log_out(house, f"phone-{chance.randrange(PEOPLE)}")


def log_out(house, phone):
    request = urllib.request.Request(
        f"http://127.0.0.1:{house.port}/v1/devices/{phone}",
        method="DELETE",
        headers=brand.basic(brand.WRITE_KEY),
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer) == {"success": True}


def test_a_live_run_with_four_workers_replays_to_the_identical_moments(house):
    with ThreadPoolExecutor(4) as phones:
        runs = [phones.submit(live, house, seed) for seed in range(4)]
        house.manage("shell", "-v0", text=REWORD)
        for run in runs:
            run.result()
    idle = """
        SELECT (SELECT count(*) FROM orchestrator_inbox)
             + (SELECT count(*) FROM campaigns_moment WHERE ended_at IS NULL
                AND (due_at IS NULL OR due_at < now() + interval '20 seconds'))
    """
    wait_for(lambda: house.psql(idle) == [(0,)], seconds=90)

    told = house.manage("replay", "--verify")

    assert "identical" in told
    reasons = {row[0] for row in house.psql("SELECT DISTINCT reason FROM campaigns_moment")}
    assert reasons >= {
        "accepted", "cancelled_by_event", "restarted", "unregistered", "no_device", "too_soon",
        "missing",
    }  # fmt: skip
    assert house.psql("SELECT count(*) > 0 FROM audience_person WHERE merged_into_id > 0")[0][0]
