"""An upload from its file to the inbox: kept, chosen, begun, gone on with, stopped."""

import time
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from audience.models import Source
from orchestrator.models import Upload
from orchestrator.pipeline.accept import accept
from orchestrator.pipeline.message import InboxMessage
from orchestrator.uploads import columns, decoding, reading, stored, table
from orchestrator.uploads.reading import Choices, Reading, Row
from orchestrator.uploads.stored import Counting, Shown
from orchestrator.uploads.table import Table

MAX_FILE_NAME = 200


def opened(raw: bytes) -> Table:
    """Raises FileProblem. The table's notes tell how the file was read."""
    decoded = decoding.decode(raw)
    found = table.read(decoded.text)
    return replace(found, notes=(decoded.note, *found.notes) if decoded.note else found.notes)


def keep(
    *,
    workspace_id: int,
    name: str,
    raw: bytes,
    event: str,
    user_id: int,
    zone: ZoneInfo,
    now: datetime,
) -> Upload:
    """Store a file with the columns as guessed. Raises FileProblem."""
    found = opened(raw)
    choices = Choices(
        id_column=columns.guess_id(found.header), time_column=columns.guess_time(found.header)
    )
    read = reading.read(found, choices, zone=zone, now=now)
    return Upload.objects.create(
        workspace_id=workspace_id,
        name=name[:MAX_FILE_NAME],
        event=event,
        rows=stored.packed(stored.shown(raw, choices)),
        good=len(read.good),
        bad=len(read.bad),
        user_id=user_id,
        created_at=now,
    )


def locked(*, upload_id: int, workspace_id: int) -> Upload | None:
    """None when it was cancelled meanwhile."""
    rows = Upload.objects.select_for_update().filter(pk=upload_id, workspace_id=workspace_id)
    return rows.first()


def choose(
    *,
    upload_id: int,
    workspace_id: int,
    event: str,
    choices: Choices,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Name the event and the columns. What counts already stays as it is."""
    with transaction.atomic():
        upload = locked(upload_id=upload_id, workspace_id=workspace_id)
        if upload is None or not upload.rows:
            return
        kept = stored.unpacked(upload.rows)
        if isinstance(kept, Shown):
            read = reading.read(opened(kept.raw), choices, zone=zone, now=now)
            upload.event, upload.good, upload.bad = event, len(read.good), len(read.bad)
            upload.rows = stored.packed(Shown(source=kept.source, choices=choices))
            upload.save(update_fields=["event", "good", "bad", "rows"])


def begin(*, upload_id: int, workspace_id: int, zone: ZoneInfo, now: datetime) -> bool:
    """Make the good rows messages, once. Whether there is anything that counts."""
    with transaction.atomic():
        upload = locked(upload_id=upload_id, workspace_id=workspace_id)
        if upload is None or not upload.rows:
            return upload is not None
        kept = stored.unpacked(upload.rows)
        if isinstance(kept, Counting):
            return True
        read = reading.read(opened(kept.raw), kept.choices, zone=zone, now=now)
        if not upload.event or not read.good:
            return False
        _freeze(upload, read)
    return True


def _freeze(upload: Upload, read: Reading) -> None:
    messages = [message_of(row, upload) for row in read.good]
    upload.good, upload.bad = len(read.good), len(read.bad)
    upload.rows = stored.packed(stored.counting(messages))
    upload.save(update_fields=["good", "bad", "rows"])


def message_of(row: Row, upload: Upload) -> InboxMessage:
    """Its id is the line's, so that no line of an upload can count twice."""
    return InboxMessage(
        type="track",
        message_id=f"upload-{upload.pk}-{row.line}",
        occurred_at=row.occurred_at,
        source=Source.SERVER.value,
        user_id=row.user_id,
        name=upload.event,
        properties=row.properties,
    )


def go_on(*, upload_id: int, workspace_id: int, now: datetime, for_s: float) -> None:
    """Chunk after chunk into the inbox for so many seconds, at least one."""
    until = time.monotonic() + for_s
    while _one_chunk(upload_id=upload_id, workspace_id=workspace_id, now=now):
        if time.monotonic() > until:
            return


def _one_chunk(*, upload_id: int, workspace_id: int, now: datetime) -> bool:
    """Whether more is left. A chunk leaves the upload in the transaction that accepts it."""
    with transaction.atomic():
        upload = locked(upload_id=upload_id, workspace_id=workspace_id)
        kept = stored.unpacked(upload.rows) if upload and upload.rows else None
        if upload is None or not isinstance(kept, Counting):
            return False
        messages, rest = stored.taken(kept)
        accept(workspace_id=workspace_id, key_id=None, messages=messages, bulk=True, now=now)
        if rest.left:
            upload.rows = stored.packed(rest)
        else:
            upload.rows, upload.counted_at = b"", now
        upload.save(update_fields=["rows", "counted_at"])
    return bool(rest.left)


def stop(*, upload_id: int, workspace_id: int, now: datetime) -> None:
    """Forget what has not counted. Nothing is left of an upload of which nothing counted."""
    with transaction.atomic():
        upload = locked(upload_id=upload_id, workspace_id=workspace_id)
        if upload is None or not upload.rows:
            return
        kept = stored.unpacked(upload.rows)
        counted = upload.good - kept.left if isinstance(kept, Counting) else 0
        if not counted:
            upload.delete()
            return
        upload.good, upload.rows, upload.counted_at = counted, b"", now
        upload.save(update_fields=["good", "rows", "counted_at"])
