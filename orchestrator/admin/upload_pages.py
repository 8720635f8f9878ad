"""What the pages of an upload show: before it counts, while it does, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from audience.admin.plain import lasted, plain
from campaigns.state_names import STATE_NAMES
from orchestrator.models import Upload
from orchestrator.uploads import reading
from orchestrator.uploads.outlook import Came, Outlook, Starting, came_of, outlook
from orchestrator.uploads.reading import Choices, Reading
from orchestrator.uploads.stored import Counting
from orchestrator.uploads.table import Table
from triggers.models import EventName

SHOWN_GOOD = 20
SHOWN_BAD = 100


@dataclass(frozen=True, kw_only=True)
class Line:
    """A good row as it would count; `cells` are in the order of the preview's columns."""

    number: int
    user_id: str
    at: datetime
    cells: list[str]


def before(
    upload: Upload, choices: Choices, table: Table, *, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    """The preview."""
    read = reading.read(table, choices, zone=zone, now=now)
    names = names_of(table, choices)
    ahead = outlook(
        workspace_id=upload.workspace_id, event=upload.event, rows=read.good, zone=zone, now=now
    )
    return {
        "notes": [*table.notes, *notes_of(read)],
        "names": names,
        "lines": lines_of(read, names),
        "good": len(read.good),
        "bad": len(read.bad),
        "bad_rows": read.bad[:SHOWN_BAD],
        "more_bad": max(0, len(read.bad) - SHOWN_BAD),
        "all_at_once": choices.time_column is None and choices.at is None,
        "ahead": ahead,
        "new_people": ahead.people - ahead.known,
        "starting": [(one, too_old(one)) for one in ahead.starting],
        "is_new_event": is_new(upload, ahead),
        "may_count": bool(read.good and upload.event),
    }


def names_of(table: Table, choices: Choices) -> list[str]:
    """The columns that become properties."""
    taken = {choices.id_column, choices.time_column}
    return [name for at, name in enumerate(table.header) if at not in taken]


def lines_of(read: Reading, names: list[str]) -> list[Line]:
    return [
        Line(
            number=row.line,
            user_id=row.user_id,
            at=row.occurred_at,
            cells=[cell(row.properties, name) for name in names],
        )
        for row in read.good[:SHOWN_GOOD]
    ]


def cell(properties: Mapping[str, Any], name: str) -> str:
    return plain(properties[name]) if name in properties else ""


def notes_of(read: Reading) -> list[str]:
    if not read.in_future:
        return []
    one = read.in_future == 1
    return [
        f"{read.in_future:,} {'row gives a time that is' if one else 'rows give times that are'} "
        "still to come: counted as now. Check that the right column is the time."
    ]


def too_old(one: Starting) -> str:
    """Why some rows cannot lead to this campaign's message, or ""."""
    if not one.too_old:
        return ""
    return (
        f"{one.too_old:,} of these rows happened too long ago for it: it ignores events older than "
        f"{lasted(one.ignores_after)}, and its message is too late after {lasted(one.useful_for)}."
    )


def is_new(upload: Upload, ahead: Outlook) -> bool:
    """Nobody ever did it under this name, and no campaign asks for it: perhaps a typing error."""
    if not upload.event or ahead.starting or ahead.others:
        return False
    names = EventName.objects.filter(workspace_id=upload.workspace_id, name=upload.event)
    return not names.exists()


def progress(upload: Upload, kept: Counting) -> dict[str, Any]:
    counted = upload.good - kept.left
    return {"counted": counted, "of": upload.good, "left": kept.left}


def after(upload: Upload) -> dict[str, Any]:
    name = EventName.objects.filter(workspace_id=upload.workspace_id, name=upload.event).first()
    return {"came": [(one, in_words(one)) for one in came_of(upload=upload)], "event_name": name}


def in_words(came: Came) -> str:
    """How many, by what became of them: "312 sent, 38 not sent"."""
    return ", ".join(f"{number:,} {STATE_NAMES[state].lower()}" for state, number in came.states)
