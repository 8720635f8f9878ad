"""From a text to a table: its separator, its header, and its lines with their numbers."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from orchestrator.uploads.decoding import FileProblem

MAX_ROWS = 50_000
MAX_COLUMNS = 50
MAX_LINES = 1_000_000  # of the file: a quoted value may have several, and most may be empty
MAX_NAME = 200
SEPARATORS = (",", ";", "\t")
HEAD = 64_000  # characters looked at to find the separator
RECORDS = 20
OPEN_QUOTE = 'A quotation mark (") in line {} is opened and never closed. Close it or take it out.'


@dataclass(frozen=True)
class Line:
    """One record; `number` is the line of the file on which it begins."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def read(text: str) -> Table:
    """Raises FileProblem. Empty lines are passed over, and cells lose the spaces around them."""
    found = records(text, separator_of(text))
    first = next(found, None)
    if first is None:
        raise FileProblem("The file is empty.")
    header, notes = names_of(first.cells)
    lines = tuple(islice(found, MAX_ROWS + 1))
    if len(lines) > MAX_ROWS:
        raise FileProblem(
            f"The file has more than {MAX_ROWS:,} rows. Split it and upload the parts."
        )
    if not lines:
        raise FileProblem("The file has a header and no people below it.")
    return Table(header, lines, tuple(notes))


def records(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise FileProblem(OPEN_QUOTE.format(number)) from error
        if reader.line_num > MAX_LINES:
            raise FileProblem("The file has more than a million lines, most of them empty.")
        if any(cells):
            yield Line(number, cells)


def separator_of(text: str) -> str:
    """The one that cuts the most records into as many cells as the header has."""
    head = text[:HEAD]
    return max(SEPARATORS, key=lambda one: agreement(head, one))


def agreement(head: str, separator: str) -> tuple[int, int]:
    try:
        widths = [len(one.cells) for one in islice(records(head, separator), RECORDS)]
    except FileProblem:
        return 0, 0
    if not widths or widths[0] == 1:
        return 0, 0
    return widths.count(widths[0]), widths[0]


def names_of(cells: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Each column's name, none twice, and what was done to make it so."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise FileProblem(
            f"The file has {len(cells):,} columns; at most {MAX_COLUMNS} are taken. "
            "Delete those that no message needs."
        )
    names: list[str] = []
    notes: list[str] = []
    for number, cell in enumerate(cells, start=1):
        wanted = cell[:MAX_NAME] or f"Column {number}"
        name = free_name(wanted, names)
        if name != wanted:
            notes.append(f"Two columns are called “{wanted}”. The later one counts as “{name}”.")
        names.append(name)
    return tuple(names), notes


def free_name(wanted: str, taken: list[str]) -> str:
    if wanted not in taken:
        return wanted
    number = Counter(taken)[wanted] + 1
    while (name := f"{wanted[: MAX_NAME - 3]} {number}") in taken:
        number += 1
    return name
