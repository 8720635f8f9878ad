"""A message to everyone: planned in bounded memory, paused within seconds, beside live events."""

import threading
import time
from contextlib import contextmanager

import psutil

from tests.bench import crowd
from tests.bench.latency import in_words, latencies, received, so_far
from tests.bench.load import percentile, say
from tests.conftest import wait_for
from tests.house import BIN

PUBLISH = """
from datetime import timedelta
from audience.models import Workspace
from orchestrator import clock
from tests import planning
now = clock.now()
everyone = planning.once(now + timedelta(seconds=1), max_people={people})
planning.live(Workspace.objects.get(), everyone, key="everyone", now=now)
"""
CHANGE = """
from campaigns.models import Campaign
from campaigns.services import campaigns
from orchestrator import clock
campaign = Campaign.objects.get(key="everyone")
began = clock.now()
campaigns.{change}(campaign=campaign, now=began)
print(began.timestamp(), clock.now().timestamp())
"""
WORKERS = {
    "events": ("events", "2"),
    "pushes": ("pushes", "1"),
    "broadcasts": ("broadcasts,upkeep", "2", "nice", "-n", "10"),
}
STILL_FOR_S = 3
PATIENCE_S = 1_200


def planned(house):
    """People that were gone through, and whether that is over."""
    return house.psql(
        "SELECT COALESCE(sum(e.people), 0)::int, COALESCE(bool_and(e.state <> 'running'), false) "
        "FROM orchestrator_expansion e JOIN campaigns_campaign c ON c.id = e.campaign_id "
        "WHERE c.key = 'everyone'"
    )[0]


@contextmanager
def peak_growth(root):
    """MB by which the process that grew most did so, of a worker and its children."""
    processes = [root, *root.children(recursive=True)]
    first = {one.pid: one.memory_info().rss for one in processes}
    highest = dict(first)
    over = threading.Event()

    def watch():
        while not over.wait(0.1):
            for one in processes:
                highest[one.pid] = max(highest[one.pid], one.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    growth: dict[str, float] = {}
    try:
        yield growth
    finally:
        over.set()
        watcher.join()
    growth["mb"] = max(highest[pid] - first[pid] for pid in first) / 1e6


def last_change(question):
    """When the answer changed last, once it has stood still for some seconds; None if never."""
    answer, asked, changed = question(), time.time(), None
    while time.time() - (changed or asked) < STILL_FOR_S:
        time.sleep(0.05)
        if (now := question()) != answer:
            answer, changed = now, time.time()
    return changed


def click(house, change):
    """When a manager's click began and when it was done."""
    told = house.manage("shell", "-v0", text=CHANGE.format(change=change))
    return tuple(map(float, told.split()))


def paused(house):
    """Seconds from the click until no moment opens and no push leaves; then all goes on."""
    after = so_far(house)
    began, done = click(house, "pause")
    late = last_change(lambda: (planned(house), so_far(house)))
    ends = [done, late or done, *received(house, after).values()]
    click(house, "resume")
    return max(ends) - began


def start_workers(house):
    """One worker a kind of work, as docs/operations.md advises where broadcasts are sent."""
    for name, (queues, processes, *before) in WORKERS.items():
        house.start(
            name, *before, str(BIN / "celery"), "-A", "orchestrator", "worker",
            "-c", processes, "-Q", queues, "--without-gossip", "--without-mingle",
            "--without-heartbeat",
        )  # fmt: skip


def broadcast(house, *, people):
    crowd.fill(house, people)
    latencies(house, tag="warm")  # each process's first event loads what it keeps
    idle = latencies(house, tag="idle")
    planner = psutil.Process(house.processes["broadcasts"].pid)
    house.manage("shell", "-v0", text=PUBLISH.format(people=people * 2))
    with peak_growth(planner) as growth:
        wait_for(lambda: planned(house)[0])
        began, first = time.monotonic(), planned(house)[0]
        busy = latencies(house, tag="busy")
        speed = (planned(house)[0] - first) / (time.monotonic() - began)
        wait_for(lambda: planned(house)[0] >= people / 2, seconds=PATIENCE_S)
        stopped = paused(house)
        wait_for(lambda: planned(house)[1], seconds=PATIENCE_S)
    say(f"broadcast, {planned(house)[0]:7,} planned {speed:8,.0f} people/s beside 20 events/s   "
        f"the planner grew by {growth['mb']:.0f} MB")  # fmt: skip
    say(f"broadcast, paused halfway {stopped:8.2f} s until nothing leaves (budget 5)")
    say(f"event to FCM, idle        {in_words(idle)}")
    ratio = percentile(busy, 0.5) / percentile(idle, 0.5)
    say(f"event to FCM, broadcast   {in_words(busy)}   ratio of p50 {ratio:.1f}")
