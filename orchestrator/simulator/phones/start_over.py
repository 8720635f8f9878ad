"""Start over: the cast's history goes, in one transaction, and nobody else's."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from audience.sql import run
from orchestrator.pipeline.message import DECODER, InboxMessage, lane_of
from orchestrator.simulator.phones import arrivals, people
from orchestrator.simulator.phones.cast import BY_IDENTITY, CAST
from triggers.services.log import digest

INSTALLATIONS = [phone.installation_id for phone in CAST]
USERS = {phone.user_id for phone in CAST if phone.user_id}
ANONYMOUS = {phone.anonymous_id for phone in CAST if phone.anonymous_id}


def start_over() -> bool:
    """Whether the fake FCM's log could be emptied too."""
    workspace = people.workspace_id()
    if workspace is not None:
        with transaction.atomic():
            forget(workspace)
    return arrivals.empty()


def forget(workspace: int) -> None:
    """Locks in the flow's order: inbox, identities, persons, moments, pushes."""
    forget_waiting(workspace)
    lock_identities(workspace)
    members = people.members(workspace=workspace)
    persons = sorted({id for member in members for id in member.ids})
    ids = {"people": persons}
    run(
        "SELECT id FROM audience_person WHERE id = ANY(%(people)b::bigint[]) "
        "ORDER BY id FOR UPDATE",
        **ids,
    )
    run(
        """
        DELETE FROM audience_device WHERE person_id = ANY(%(people)b::bigint[])
           OR (workspace_id = %(workspace)b AND person_id IS NULL
               AND installation_id = ANY(%(installations)b::text[]))
        """,
        workspace=workspace,
        installations=INSTALLATIONS,
        **ids,
    )
    forget_moments(persons)
    forget_events(workspace, persons)
    forget_places(persons)
    run("DELETE FROM audience_identity WHERE person_id = ANY(%(people)b::bigint[])", **ids)
    run("DELETE FROM audience_person WHERE id = ANY(%(people)b::bigint[])", **ids)


def forget_waiting(workspace: int) -> None:
    """Messages of the cast that are not evaluated yet, so that they bring nobody back."""
    rows = run(
        """
        SELECT i.id, i.body FROM orchestrator_inbox i, unnest(%(ids)b::text[]) AS k (value)
        WHERE i.workspace_id = %(workspace)b AND i.lane = ANY(%(lanes)b::smallint[])
          AND position(convert_to('"' || k.value || '"', 'UTF8') IN i.body) > 0
        ORDER BY i.id FOR UPDATE OF i
        """,
        workspace=workspace,
        ids=sorted(USERS | ANONYMOUS),
        lanes=lanes(workspace),
    )
    mine = [row[0] for row in rows if is_mine(bytes(row[1]))]
    run("DELETE FROM orchestrator_inbox WHERE id = ANY(%(ids)b::bigint[])", ids=mine)


def lanes(workspace: int) -> list[int]:
    return sorted({lane_of(workspace, message) for message in map(as_message, BY_IDENTITY)})


def as_message(identity: tuple[str, str]) -> InboxMessage:
    """A message of this member, to learn the lane it would wait in."""
    kind, value = identity
    return InboxMessage(
        type="track",
        message_id="",
        occurred_at=datetime.fromtimestamp(0, UTC),
        source="public",
        user_id=value if kind == "user" else None,
        anonymous_id=value if kind == "anonymous" else None,
    )


def is_mine(body: bytes) -> bool:
    message = DECODER.decode(body)
    if message.user_id:
        return message.user_id in USERS
    return message.anonymous_id in ANONYMOUS


def lock_identities(workspace: int) -> None:
    run(
        """
        SELECT i.id FROM unnest(%(kinds)b::text[], %(values)b::text[]) AS k (kind, value)
        JOIN audience_identity i USING (kind, value) WHERE i.workspace_id = %(workspace)b
        ORDER BY i.workspace_id, i.kind, i.value FOR UPDATE OF i
        """,
        workspace=workspace,
        kinds=[kind for kind, _ in BY_IDENTITY],
        values=[value for _, value in BY_IDENTITY],
    )


def forget_moments(persons: Sequence[int]) -> None:
    rows = run(
        "SELECT id FROM campaigns_moment WHERE person_id = ANY(%(people)b::bigint[]) "
        "ORDER BY id FOR UPDATE",
        people=persons,
    )
    moments = [row[0] for row in rows]
    run("DELETE FROM campaigns_push WHERE moment_id = ANY(%(ids)b::uuid[])", ids=moments)
    run("DELETE FROM campaigns_moment WHERE id = ANY(%(ids)b::uuid[])", ids=moments)


def forget_places(persons: Sequence[int]) -> None:
    for table in ("triggers_presence", "triggers_track", "triggers_fix", "audience_consent"):
        run(f"DELETE FROM {table} WHERE person_id = ANY(%(people)b::bigint[])", people=persons)


def forget_events(workspace: int, persons: Sequence[int]) -> None:
    """With what remembers them as seen, so that the phones may introduce themselves again."""
    rows = run(
        "DELETE FROM triggers_event WHERE person_id = ANY(%(people)b::bigint[]) "
        "RETURNING message_id",
        people=persons,
    )
    run(
        "DELETE FROM triggers_seenmessage WHERE digest = ANY(%(digests)b::bytea[])",
        digests=[
            digest(workspace_id=workspace, origin="client", message_id=row[0]) for row in rows
        ],
    )
