"""`make bench`: figures of this machine, now. Ratios within one run are what to compare."""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.update(
    DJANGO_SETTINGS_MODULE="orchestrator.settings",
    DATA_DIR=str(ROOT / ".make" / "bench"),
    LOG_LEVEL="ERROR",
    FCM_ENDPOINT="http://127.0.0.1:9",
)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

from orchestrator.embedded import postgres  # noqa: E402
from tests import brand  # noqa: E402
from tests.bench.broadcast import broadcast, start_workers  # noqa: E402
from tests.bench.latency import in_words, latencies  # noqa: E402
from tests.bench.load import body, measured, post_all, say  # noqa: E402
from tests.bench.matching import matching  # noqa: E402
from tests.bench.places import places  # noqa: E402
from tests.bench.walks import walks  # noqa: E402
from tests.conftest import wait_for  # noqa: E402
from tests.house import House  # noqa: E402


def postmaster():
    return int((settings.DATA.postgres / "postmaster.pid").read_text().split()[0])


def events(count, *, people=1_000, name=brand.OPEN_DAY, tag=""):
    return [
        {
            "type": "track",
            "messageId": f"{tag}{number}",
            "userId": f"u{number % people}",
            "event": name,
            "properties": {"venue": "Utrecht", "guests": number % 5, "price": number / 7},
            "context": {"locale": "nl", "app": {"version": "1.2"}},
        }
        for number in range(count)
    ]


def batches(messages, size):
    return [body(messages[at : at + size]) for at in range(0, len(messages), size)]


def accept(house):
    """Rates of the API beside a bare view with the same durable insert, in turn."""
    rates: dict[str, list[float]] = {"bare": [], "accept": []}
    for round in range(3):
        for name, measured_rates in rates.items():
            app = "tests.bench.bare_wsgi:application" if name == "bare" else None
            house.start_web(**({"app": app} if app else {}))
            post_all(house.port, batches(events(200, tag=f"warm{name}{round}"), 1))
            bodies = batches(events(3_000, tag=f"{name}{round}", name="Seen"), 1)
            measured_rates.append(len(bodies) / post_all(house.port, bodies))
            house.kill("web")
    bare, ours = (sorted(rates[name])[1] for name in ("bare", "accept"))
    say(f"accept, single events     {ours:8,.0f} /s   bare view {bare:8,.0f} /s   "
        f"ratio {ours / bare:.2f} (budget 0.55)")  # fmt: skip
    house.start_web()
    large = batches(events(40_000, tag="large", name="Seen"), 100)
    say(f"accept, batches of 100    {40_000 / post_all(house.port, large):8,.0f} events/s "
        "(budget 20,000)")  # fmt: skip
    house.kill("web")
    house.psql(
        "WITH gone AS (DELETE FROM orchestrator_inbox RETURNING 1) SELECT count(*) FROM gone"
    )


def evaluate(house):
    """Events a second of CPU, PostgreSQL's included; one in five opens a moment."""
    house.start_web()
    post_all(house.port, batches([brand.identify(f"u{n}") for n in range(1_000)], 100))
    mixed = [
        {**one, "event": brand.OPEN_DAY if number % 5 == 0 else "Seen"}
        for number, one in enumerate(events(20_000, tag="mixed"))
    ]
    post_all(house.port, batches(mixed, 100))
    house.kill("web")
    worker = house.start_worker(queues="events")
    with measured(worker.pid, postmaster()) as cost:
        house.start_beat()
        wait_for(lambda: not house.psql("SELECT 1 FROM orchestrator_inbox LIMIT 1"), seconds=300)
    say(f"evaluate                  {20_000 / cost.wall_s:8,.0f} events/s   "
        f"{20_000 / cost.cpu_s:8,.0f} a CPU-second with PostgreSQL's (budget 4,000)")  # fmt: skip
    house.kill("worker")
    house.kill("beat")
    house.psql("WITH gone AS (DELETE FROM campaigns_push RETURNING 1) SELECT count(*) FROM gone")


def flat_out(house):
    bodies = batches(events(6_000, tag="flat"), 20)
    pids = [process.pid for process in house.processes.values()] + [postmaster()]
    with measured(*pids) as cost:
        post_all(house.port, bodies, threads=4)
        wait_for(lambda: house.fcm.call("GET", "/stats")["accepted"] >= 6_000, seconds=300)
    say(f"event to FCM, flat out    {6_000 / cost.wall_s:8,.0f} /s   "
        f"{cost.cpu_s / 6:.2f} CPU-seconds per 1,000 (budgets 1,500 and 1.0)")  # fmt: skip


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=50_000, help="who get the broadcast")
    return parser.parse_args()


def main():
    options = arguments()
    say(f"Moments on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    matching()
    places()
    postgres.start(settings.DATA)
    with contextlib.ExitStack() as stack:
        stack.callback(postgres.stop, settings.DATA)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        house = House(folder, "bench")
        stack.callback(house.close)
        house.environment |= {"RATE_PER_KEY": "1000000", "BURST_PER_KEY": "1000000"}
        house.environment["PUSH_LEASE_S"] = "60"
        house.open()
        accept(house)
        evaluate(house)
        walks(house, postmaster=postmaster())
        house.start_web()
        house.start_worker()
        house.start_beat()
        house.posted(brand.attended("u1", "warm"))
        wait_for(lambda: house.fcm.messages)
        house.fcm.reset()
        took = latencies(house, tag="alone")
        say(f"event to FCM, 20/s        {in_words(took)} (budget 20 and 80)")
        flat_out(house)
        house.kill("worker")
        start_workers(house)
        broadcast(house, people=options.people)


main()
