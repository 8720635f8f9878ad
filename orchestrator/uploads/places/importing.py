"""An import of places as a manager steers it: kept, its columns chosen, begun, stopped."""

import zlib
from datetime import datetime

import msgspec
from django.db import transaction

from orchestrator import bells
from orchestrator.models import ImportState, PlaceImport
from orchestrator.uploads.places import found as kept
from orchestrator.uploads.places.columns import Choices, guessed
from orchestrator.uploads.places.formats import opened
from orchestrator.uploads.places.found import Found

MAX_FILE_NAME = 200
BLOBS = ("source", "chunks", "ids", "left_out")


def keep(*, workspace_id: int, name: str, raw: bytes, user_id: int, now: datetime) -> PlaceImport:
    """Store a file with the columns as guessed; a task reads it. Raises FileProblem."""
    sheet = opened(raw)
    with transaction.atomic():
        made = PlaceImport.objects.create(
            workspace_id=workspace_id,
            name=name[:MAX_FILE_NAME],
            user_id=user_id,
            created_at=now,
            state=ImportState.READING,
            source=zlib.compress(raw, 1),
            choices={"header": sheet.header} | msgspec.to_builtins(guessed(sheet.header)),
            total=sheet.total,
        )
        bells.ring_after_commit(bells.IMPORT_PLACES)
    return made


def choices_of(row: PlaceImport) -> Choices:
    return msgspec.convert(row.choices, Choices)


def header_of(row: PlaceImport) -> list[str]:
    header: list[str] = row.choices["header"]
    return header


def found_of(row: PlaceImport) -> Found:
    return kept.from_document(row.found)


def locked(*, import_id: int, workspace_id: int) -> PlaceImport | None:
    """None when it was cancelled meanwhile. Without what is large."""
    rows = PlaceImport.objects.select_for_update(no_key=True).defer(*BLOBS)
    return rows.filter(pk=import_id, workspace_id=workspace_id).first()


def choose(*, import_id: int, workspace_id: int, choices: Choices) -> None:
    """Name the columns, and read the file again. What is being written stays as it is."""
    with transaction.atomic():
        row = locked(import_id=import_id, workspace_id=workspace_id)
        if row is None or row.state not in (ImportState.READING, ImportState.READ):
            return
        row.choices = {"header": header_of(row)} | msgspec.to_builtins(choices)
        row.state, row.done, row.found = ImportState.READING, 0, {}
        row.revision += 1
        row.save(update_fields=["choices", "state", "done", "found", "revision"])
        bells.ring_after_commit(bells.IMPORT_PLACES)


def refusal(found: Found, *, leave_out: bool) -> str:
    """Why it cannot be imported, or ""."""
    if found.swapped:
        return "Latitude and longitude look swapped. Say below how to read them."
    if found.lacking:
        return "Say below which columns are needed."
    if found.wrong and not leave_out:
        return "Some rows are wrong. Correct the file, or choose to leave those rows out."
    return "" if found.good else "There is no good row to import."


def begin(*, import_id: int, workspace_id: int, leave_out: bool, remove_missing: bool) -> str:
    """Let a task write the good rows, once. Why not, or ""."""
    with transaction.atomic():
        row = locked(import_id=import_id, workspace_id=workspace_id)
        if row is None or row.state != ImportState.READ:
            return ""
        found = found_of(row)
        why = refusal(found, leave_out=leave_out)
        if why:
            return why
        row.choices |= {"leave_out": leave_out, "remove_missing": remove_missing}
        row.state, row.done, row.total = ImportState.WRITING, 0, found.good
        row.save(update_fields=["choices", "state", "done", "total"])
        bells.ring_after_commit(bells.IMPORT_PLACES)
    return ""


def stop(*, import_id: int, workspace_id: int, now: datetime) -> None:
    """Forget what was not written. Nothing is left of a file of which nothing was."""
    with transaction.atomic():
        row = locked(import_id=import_id, workspace_id=workspace_id)
        if row is None or row.state == ImportState.DONE:
            return
        if row.state == ImportState.WRITING and row.done:
            finish(row, now=now)
        else:
            row.delete()


def finish(row: PlaceImport, *, now: datetime) -> None:
    """The list of what was left out stays; the rest is no longer needed."""
    row.state, row.finished_at = ImportState.DONE, now
    row.source, row.chunks, row.ids = b"", [], b""
    row.save(update_fields=["state", "finished_at", "source", "chunks", "ids"])
