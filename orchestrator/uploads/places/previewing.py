"""Reads a file of places to the end, and tells what writing it would do."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from audience.models import Workspace
from audience.sql import run
from orchestrator.uploads.places.columns import CHECK, Choices, lacking
from orchestrator.uploads.places.found import (
    SHOWN_FAULTS,
    SHOWN_PLACES,
    Found,
    Kind,
    Shown,
    packed,
)
from orchestrator.uploads.places.left_out import LeftOut
from orchestrator.uploads.places.looking import Facts, in_chunks, look
from orchestrator.uploads.places.reading import Reader, UnfitRowError
from orchestrator.uploads.places.sheet import Row, RowFault, Sheet
from triggers.places.given import PlaceInput
from triggers.services.places import Put, put_places

CHUNK = 1_000


class Preview:
    """`found`, the good places in `chunks`, and the list of the wrong rows."""

    def __init__(
        self, sheet: Sheet, choices: Choices, *, workspace: Workspace, now: datetime
    ) -> None:
        self._sheet, self._choices, self._workspace, self._now = sheet, choices, workspace, now
        self.found = Found(notes=list(sheet.notes))
        self.chunks: list[bytes] = []
        self.ids: list[str] = []
        self.left_out = LeftOut(sheet.header)
        self._kinds: Counter[tuple[str, str]] = Counter()

    def read(self, *, progress: Callable[[int], bool]) -> bool:
        """Whether it came to the end: `progress`, told the rows so far, may say no."""
        facts = look(self._sheet, self._choices, workspace_id=self._workspace.pk)
        self.ids, self.found.examples = facts.ids, facts.examples
        self.found.lacking = lacking(self._choices.meanings, has_shapes=self._sheet.has_shapes)
        self.found.swapped = facts.swapped and self._choices.order == CHECK
        if self.found.lacking or self.found.swapped:
            return True
        return self._read_rows(facts, progress)

    def _read_rows(self, facts: Facts, progress: Callable[[int], bool]) -> bool:
        reader, rows = Reader(self._sheet.header, self._choices, facts), 0
        for chunk in in_chunks(self._sheet.rows(), CHUNK):
            self._read_chunk(reader, chunk)
            rows += len(chunk)
            if not progress(rows):
                return False
        self.found.kinds = [Kind(*kind, rows) for kind, rows in self._kinds.most_common()]
        self.found.missing = missing(workspace_id=self._workspace.pk, ids=self.ids)
        return True

    def _read_chunk(self, reader: Reader, rows: Sequence[Row]) -> None:
        places: list[PlaceInput] = []
        for row in rows:
            try:
                places.append(reader.place(row))
            except UnfitRowError as unfit:
                self._leave_out(row, unfit.faults)
            else:
                if len(self.found.places) < SHOWN_PLACES:
                    self.found.places.append(Shown(row.number, places[-1]))
        self.found.good += len(places)
        if places:
            self._count(would_put(workspace=self._workspace, places=places, now=self._now))
            self.chunks.append(packed(places))

    def _leave_out(self, row: Row, faults: list[RowFault]) -> None:
        self.found.wrong += 1
        self.found.faults += faults[: SHOWN_FAULTS - len(self.found.faults)]
        self._kinds.update({(one.column, one.code) for one in faults})
        self.left_out.add(row.number, row.cells, faults)

    def _count(self, put: Put) -> None:
        self.found.new += put.created
        self.found.changed += put.changed
        self.found.unchanged += put.unchanged


def would_put(*, workspace: Workspace, places: Sequence[PlaceInput], now: datetime) -> Put:
    """What put_places would do, by doing it and taking it back: so it cannot tell otherwise."""
    with transaction.atomic():
        put = put_places(workspace=workspace, places=places, now=now)
        transaction.set_rollback(True)
    return put


def missing(*, workspace_id: int, ids: Sequence[str]) -> int:
    """How many places of the workspace are not among these."""
    return run(
        "SELECT count(*) FROM triggers_place WHERE workspace_id = %(workspace)b "
        "AND removed_at IS NULL AND external_id NOT IN (SELECT unnest(%(ids)b::text[]))",
        workspace=workspace_id,
        ids=list(ids),
    )[0][0]
