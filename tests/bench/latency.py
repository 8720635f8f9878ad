"""From the POST of an event to the fake FCM's receipt, both by this machine's clock."""

import time
from datetime import datetime

from tests import brand
from tests.bench.load import percentile
from tests.conftest import wait_for

PEOPLE = 1_000


def received(house, after):
    """When each moment's push reached the fake FCM, of the messages from `after` on."""
    found = house.fcm.call("GET", f"/messages?after={after}")["messages"]
    return {
        one["message"]["data"]["moment_id"]: datetime.fromisoformat(one["received_at"]).timestamp()
        for one in found
    }


def so_far(house):
    """Where the next message will stand in the fake FCM's log."""
    return house.fcm.call("GET", f"/messages?after={10**12}")["next"]


def post_steadily(house, *, tag, rate, seconds):
    """When each event was posted, by its message id."""
    posted = {}
    for number in range(rate * seconds):
        message = f"{tag}-{number}"
        posted[message] = time.time()
        house.posted(brand.attended(f"u{number % PEOPLE}", message))
        time.sleep(max(0, posted[f"{tag}-0"] + (number + 1) / rate - time.time()))
    return posted


def latencies(house, *, tag, rate=20, seconds=10):
    """Seconds from each event to its push."""
    after = so_far(house)
    posted = post_steadily(house, tag=tag, rate=rate, seconds=seconds)

    def took():
        moments = house.psql(
            f"SELECT id::text, occurrence FROM campaigns_moment WHERE occurrence LIKE '{tag}-%'"
        )
        arrived = received(house, after)
        found = [
            arrived[moment] - posted[occurrence]
            for moment, occurrence in moments
            if moment in arrived
        ]
        return found if len(found) == len(posted) else None

    return wait_for(took, seconds=120)


def in_words(took):
    return (
        f"p50 {percentile(took, 0.5) * 1000:7.1f} ms   p99 {percentile(took, 0.99) * 1000:7.1f} ms"
    )
