"""Two at the same time, a bug, a kill, a machine that is gone: done once, or not at all."""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, connection, transaction

from audience.selectors.keys import Caller
from audience.sql import run
from orchestrator.api import answers
from orchestrator.api.errors import ApiError
from orchestrator.api.idempotency import Once, once
from orchestrator.models import IdempotencyKey, Inbox
from tests import brand, cast
from tests.conftest import Phone, wait_for
from tests.flow.test_api_trigger import callable_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def asked(key="k1", *, fingerprint=b"f" * 16, now=cast.NOW, workspace_id=1):
    caller = Caller(
        key_id=1, kind="secret", workspace_id=workspace_id, workspace_key="acme", verified=False
    )
    return Once(caller=caller, key=key, fingerprint=fingerprint, now=now)


@contextmanager
def in_threads(*tasks):
    """Each task in a thread with a database connection of its own."""

    def closing(task):
        try:
            with suppress(DatabaseError, ApiError):
                task()
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(20)


# --- at the same time ---
def test_of_many_at_once_exactly_one_is_done(workspace):
    callable_campaign(workspace)
    together, answered = threading.Barrier(8), []

    def post():
        together.wait(20)
        answered.append(
            Phone(brand.SECRET_KEY).post(
                "campaigns/receipt/trigger", {"user_id": "anna"}, **{"Idempotency-Key": "k1"}
            )
        )

    with in_threads(*[post] * 8):
        pass

    done = [one for one in answered if one.status_code == 202]
    early = [one for one in answered if one.status_code == 409]
    assert len(done) + len(early) == 8
    assert sum("Idempotent-Replayed" not in one.headers for one in done) == 1
    assert {one.headers["Retry-After"] for one in early} <= {"1"}
    assert {one.json()["error"]["code"] for one in early} <= {"still_working"}
    assert Inbox.objects.count() == 1


def test_while_the_first_is_in_work_the_second_is_told_to_come_back():
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        go_on.wait(20)
        return {"n": 1}

    with in_threads(lambda: once(asked(), slow)):
        begun.wait(20)
        with pytest.raises(ApiError) as refused:
            once(asked(), never)
        other = once(asked("k2"), lambda: {"n": 2})
        elsewhere = once(asked(workspace_id=2), lambda: {"n": 3})
        go_on.set()
    again = once(asked(), never)

    assert (refused.value.status, refused.value.retry_after_s) == (409, 1)
    assert (other.data, elsewhere.data, again.data) == ({"n": 2}, {"n": 3}, {"n": 1})


def never():
    raise AssertionError("it was done twice")


# --- refused, broken, killed ---
def wrote():
    """What a request does, in the same transaction."""
    cast.rejection(cast.workspace("effect"))
    return {"n": 1}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 503])
def test_a_refusal_leaves_nothing_and_its_key_may_come_again(status):
    def refused():
        wrote()
        raise ApiError(status, "no", "No", "Mend it")

    with pytest.raises(ApiError):
        once(asked(), refused)

    assert not IdempotencyKey.objects.exists()
    assert once(asked(fingerprint=b"g" * 16), wrote).data == {"n": 1}


def test_a_bug_leaves_nothing_and_frees_the_key_at_once():
    def broken():
        wrote()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(asked(), broken)

    assert once(asked(), wrote).data == {"n": 1}


KILLS = {"before its work": (True, False), "after its work": (False, True)}


@pytest.mark.parametrize("when", KILLS)
def test_a_process_killed_in_between_leaves_nothing_and_frees_the_key_at_once(when):
    before, after = KILLS[when]
    killed = []

    def work():
        backend = run("SELECT pg_backend_pid()")[0][0]
        if after:
            wrote()
        in_another = [lambda: killed.append(run("SELECT pg_terminate_backend(%(b)s)", b=backend))]
        with in_threads(*in_another):
            pass
        return wrote() if before else {"n": 1}

    with in_threads(lambda: once(asked(), work)):
        pass

    assert killed
    assert not IdempotencyKey.objects.exists()
    assert once(asked(), wrote).data == {"n": 1}


def test_a_machine_that_is_gone_holds_a_key_for_a_minute_at_most():
    begun, found = threading.Event(), threading.Event()
    in_work = []

    def vanish():
        in_work.append(run("SHOW idle_in_transaction_session_timeout")[0][0])
        run("SELECT set_config('idle_in_transaction_session_timeout', '50ms', true)")
        begun.set()
        found.wait(20)  # the process says nothing more, and its connection stays open
        return wrote()

    with in_threads(lambda: once(asked(), vanish)):
        begun.wait(20)
        wait_for(is_free)
        found.set()

    assert in_work == ["1min"]
    assert not IdempotencyKey.objects.exists()
    assert run("SHOW idle_in_transaction_session_timeout") == [("0",)]


def is_free():
    with transaction.atomic():
        return answers.lock(workspace_id=1, key="k1")
