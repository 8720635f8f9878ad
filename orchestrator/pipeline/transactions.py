"""Transactions of the flow: short, by index, and never long behind a lock."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from audience.sql import run

STATEMENT_TIMEOUT = "30s"
LOCK_TIMEOUT = "5s"


@contextmanager
def short() -> Iterator[None]:
    """One transaction; whoever waits too long in it lets go, and the tick tries again.

    PostgreSQL must not read whole tables: it keeps the plan that it made while they were empty.
    """
    with transaction.atomic():
        run(
            "SELECT set_config('statement_timeout', %(statement)s, true), "
            "set_config('lock_timeout', %(lock)s, true), "
            "set_config('enable_seqscan', 'off', true)",
            statement=STATEMENT_TIMEOUT,
            lock=LOCK_TIMEOUT,
        )
        yield
