"""What a task does for imports of places: reads the files that wait, writes those that may.

A kill loses at most the chunk at hand: a chunk and the note that it is written are one
transaction, and reading begins anew.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import structlog
from django.db import transaction
from django.db.models import QuerySet

from audience.models import Workspace
from audience.sql import run
from orchestrator import bells
from orchestrator.models import ImportState, PlaceImport
from orchestrator.pipeline.pacing import Pace
from orchestrator.uploads.places import found as kept
from orchestrator.uploads.places.formats import opened
from orchestrator.uploads.places.importing import choices_of, finish, locked
from orchestrator.uploads.places.previewing import Preview
from triggers.services.places import Put, put_places, remove_places

log = structlog.get_logger()

LOCK_CLASS = 0x506C61  # imports' own advisory locks, beside those of lanes and keys
WORK_FOR_S = 10.0
REMOVED_AT_ONCE = 1_000
MOST_ATTEMPTS = 3
GIVEN_UP = (
    "The file could not be read, three times, for a reason of ours: the server's log has it. "
    "Cancel this one and try a part of the file."
)

Clock = Callable[[], datetime]


def work(*, clock: Clock, stopping: Event) -> None:
    """Import after import until none waits, or for seconds. One that fails holds up no other."""
    until = time.monotonic() + WORK_FOR_S
    failed: list[Exception] = []
    for import_id in waiting():
        try:
            with held(import_id) as mine:
                if mine:
                    go_on(import_id, until=until, clock=clock, stopping=stopping)
        except Exception as error:  # noqa: BLE001 - raised below, once the others had their turn
            failed.append(error)
        if stopping.is_set() or time.monotonic() > until:
            break
    if failed:
        raise failed[0]
    if waiting():
        bells.ring(bells.IMPORT_PLACES)


def waiting() -> list[int]:
    states = (ImportState.READING, ImportState.WRITING)
    found = PlaceImport.objects.filter(state__in=states).order_by("id")
    return list(found.values_list("id", flat=True))


@contextmanager
def held(import_id: int) -> Iterator[bool]:
    """One task at a time works on an import; the lock ends with its process."""
    number = import_id % 2**31
    free = run("SELECT pg_try_advisory_lock(%(c)b::int, %(n)b::int)", c=LOCK_CLASS, n=number)[0][0]
    try:
        yield free
    finally:
        if free:
            run("SELECT pg_advisory_unlock(%(c)b::int, %(n)b::int)", c=LOCK_CLASS, n=number)


def go_on(import_id: int, *, until: float, clock: Clock, stopping: Event) -> None:
    row = PlaceImport.objects.defer("chunks", "ids", "left_out").filter(pk=import_id).first()
    if row is not None and row.state == ImportState.READING:
        if may_try(row):
            read(row, clock=clock, stopping=stopping)
    elif row is not None and row.state == ImportState.WRITING:
        write(row, until=until, clock=clock, stopping=stopping)


# --- reading --------------------------------------------------------------------------------
def may_try(row: PlaceImport) -> bool:
    """Write the attempt down; a file that was never read to its end is given up."""
    attempts = row.found.get("attempts", 0) + 1
    if attempts <= MOST_ATTEMPTS:
        return bool(still(row).update(found={"attempts": attempts}))
    given_up = kept.as_document(kept.Found(notes=[GIVEN_UP]))
    still(row).update(state=ImportState.READ, done=0, found=given_up)
    log.error("places.given_up", upload=row.pk)
    return False


def read(row: PlaceImport, *, clock: Clock, stopping: Event) -> None:
    sheet = opened(zlib.decompress(bytes(row.source)))
    workspace = Workspace.objects.get(pk=row.workspace_id)
    preview = Preview(sheet, choices_of(row), workspace=workspace, now=clock())
    pace = Pace(clock)

    def progress(rows: int) -> bool:
        pace.rest()
        return not stopping.is_set() and bool(still(row).update(done=rows))

    if preview.read(progress=progress):
        still(row).update(
            state=ImportState.READ,
            done=0,
            found=kept.as_document(preview.found),
            chunks=preview.chunks,
            ids=kept.packed_ids(preview.ids),
            left_out=preview.left_out.packed() if preview.found.wrong else b"",
        )
        log.info("places.read", upload=row.pk, rows=sheet.total, wrong=preview.found.wrong)


def still(row: PlaceImport) -> QuerySet[PlaceImport]:
    """The row, unless it was cancelled or other columns were chosen meanwhile."""
    return PlaceImport.objects.filter(pk=row.pk, state=ImportState.READING, revision=row.revision)


# --- writing --------------------------------------------------------------------------------
def write(row: PlaceImport, *, until: float, clock: Clock, stopping: Event) -> None:
    pace = Pace(clock)
    while one_chunk(import_id=row.pk, workspace_id=row.workspace_id, now=clock()):
        pace.rest()
        if stopping.is_set() or time.monotonic() > until:
            return


def one_chunk(*, import_id: int, workspace_id: int, now: datetime) -> bool:
    """Whether more is left. A chunk and the note of it are one transaction."""
    with transaction.atomic():
        row = locked(import_id=import_id, workspace_id=workspace_id)
        if row is None or row.state != ImportState.WRITING:
            return False
        chunk = chunk_of(row)
        if chunk is not None:
            _write_chunk(row, chunk, now=now)
        elif not (choices_of(row).remove_missing and _remove_chunk(row, now=now)):
            finish(row, now=now)
            log.info("places.imported", upload=row.pk, created=row.created, changed=row.changed)
            return False
    return True


def chunk_of(row: PlaceImport) -> bytes | None:
    """The next to write; None behind the last."""
    return run(
        "SELECT chunks[%(at)b::int] FROM orchestrator_placeimport WHERE id = %(id)b",
        at=row.chunk + 1,
        id=row.pk,
    )[0][0]


def _write_chunk(row: PlaceImport, chunk: bytes, *, now: datetime) -> None:
    places = kept.unpacked(chunk)
    workspace = Workspace.objects.get(pk=row.workspace_id)
    put: Put = put_places(workspace=workspace, places=places, now=now)
    row.chunk, row.done = row.chunk + 1, row.done + len(places)
    row.created += put.created
    row.changed += put.changed
    row.unchanged += put.unchanged
    row.save(update_fields=["chunk", "done", "created", "changed", "unchanged"])


def _remove_chunk(row: PlaceImport, *, now: datetime) -> int:
    """Places that the file does not name, some at a time; how many."""
    (ids,) = PlaceImport.objects.filter(pk=row.pk).values_list("ids", flat=True)
    found = run(
        "SELECT external_id FROM triggers_place WHERE workspace_id = %(workspace)b "
        "AND removed_at IS NULL AND external_id NOT IN (SELECT unnest(%(ids)b::text[])) "
        "LIMIT %(most)b",
        workspace=row.workspace_id,
        ids=kept.unpacked_ids(ids),
        most=REMOVED_AT_ONCE,
    )
    gone = [one for (one,) in found]
    if gone:
        row.removed += remove_places(workspace_id=row.workspace_id, external_ids=gone, now=now)
        row.save(update_fields=["removed"])
    return len(gone)
