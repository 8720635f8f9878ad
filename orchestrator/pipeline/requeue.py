"""requeue: a message that was set aside goes back into the inbox."""

from datetime import datetime

from django.db import transaction

from audience.sql import run
from orchestrator import bells
from orchestrator.pipeline.accept import FRESH_FOR


def requeue(*, quarantine_id: int, workspace_id: int, now: datetime) -> bool:
    """Whether there was such a message; one statement, so that two clicks try it once.

    It keeps its lane and the time it was received. An old one must not hold up fresh messages.
    """
    with transaction.atomic():
        rows = run(
            """
            WITH gone AS (
                DELETE FROM orchestrator_quarantine
                WHERE id = %(id)b AND workspace_id = %(workspace)b
                RETURNING workspace_id, lane, body, received_at
            )
            INSERT INTO orchestrator_inbox (workspace_id, lane, fresh, body, received_at, failures)
            SELECT workspace_id, lane, received_at > %(fresh_from)b, body, received_at, 0
            FROM gone RETURNING id
            """,
            id=quarantine_id,
            workspace=workspace_id,
            fresh_from=now - FRESH_FOR,
        )
        if rows:
            bells.ring_after_commit(bells.EVALUATE)
    return bool(rows)
