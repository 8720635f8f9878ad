"""A load of POSTs from threads, and what processes cost meanwhile."""

import http.client
import json
import threading
import time
from contextlib import contextmanager

import psutil

from tests import brand

HEADERS = {**brand.basic(brand.WRITE_KEY), "Content-Type": "application/json"}


def say(text):
    print(text, flush=True)


def body(messages):
    return json.dumps({"batch": messages}).encode()


def post_all(port, bodies, *, threads=8):
    """Seconds until every body was answered with 200, over keep-alive connections."""
    queue = iter(bodies)
    lock = threading.Lock()
    failures = []

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                one = next(queue, None)
            if one is None:
                return connection.close()
            connection.request("POST", "/v1/batch", one, HEADERS)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failures.append(answer.status)

    began = time.monotonic()
    clients = [threading.Thread(target=client) for _ in range(threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    assert not failures, failures[:3]
    return time.monotonic() - began


class Cost:
    """CPU seconds of process trees; filled when the block ends."""

    def __init__(self):
        self.cpu_s = 0.0
        self.wall_s = 0.0


def cpu_of(roots):
    """CPU seconds so far of these processes, their children, and children they reaped."""
    total = 0.0
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
    return total


@contextmanager
def measured(*pids):
    roots = [psutil.Process(pid) for pid in pids]
    cost = Cost()
    before, began = cpu_of(roots), time.monotonic()
    yield cost
    cost.cpu_s, cost.wall_s = cpu_of(roots) - before, time.monotonic() - began


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
