"""A worker that kills itself, whole, at one point of the flow: `celery -A tests.chaos.killer`.

The point is named by KILL_AT; nothing of this is in the product.
"""

import os
import signal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchestrator.settings")
django.setup()

from campaigns.push.fcm import FcmGateway  # noqa: E402
from campaigns.services import pushes  # noqa: E402
from orchestrator.celery import app  # noqa: E402
from orchestrator.pipeline import arrivals, evaluate, expansions, lanes  # noqa: E402


def die(*_args, **_kwargs):
    os.killpg(os.getpgid(0), signal.SIGKILL)


def die_after(holder, name):
    original = getattr(holder, name)

    def dying(*args, **kwargs):
        result = original(*args, **kwargs)
        if result or name == "commit":
            die()
        return result

    setattr(holder, name, dying)


def die_before(holder, name, *, times):
    """At the call of this number."""
    original = getattr(holder, name)
    calls = iter(range(1, times + 1))

    def dying(*args, **kwargs):
        if next(calls) == times:
            die()
        return original(*args, **kwargs)

    setattr(holder, name, dying)


def crash_on(name):
    """The worker child exits without a word on an event of this name."""
    original = arrivals.event_row

    def crashing(met, *args, **kwargs):
        if met.arrival.message.name == name:
            os._exit(7)
        return original(met, *args, **kwargs)

    arrivals.event_row = crashing


POINTS = {
    "after claim": lambda: die_after(lanes, "claim"),
    "after evaluate commits": lambda: die_after(evaluate, "commit"),
    "after sending is marked": lambda: setattr(FcmGateway, "send", die),
    "after FCM answered": lambda: setattr(pushes, "settle", die),
    "in a broadcast": lambda: die_before(expansions, "advance", times=5),
    "on Crash": lambda: crash_on("Crash"),
}
POINTS[os.environ["KILL_AT"]]()

__all__ = ["app"]
