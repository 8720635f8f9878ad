"""A CSV file of places."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from orchestrator.uploads import table
from orchestrator.uploads.decoding import FileProblem
from orchestrator.uploads.places.sheet import MAX_ROWS, Row, RowFault, Sheet, counted


def read(text: str) -> Sheet:
    """Raises FileProblem."""
    separator = table.separator_of(text)
    lines = table.records(text, separator)
    first = next(lines, None)
    if first is None:
        raise FileProblem("The file is empty.")
    header, notes = table.names_of(first.cells)
    total = sum(1 for _ in islice(lines, MAX_ROWS + 1))
    if not total:
        raise FileProblem("The file has a header and no places below it.")
    rows = partial(_rows, text, separator, len(header))
    return Sheet(header=header, total=counted(total), rows=rows, notes=tuple(notes))


def _rows(text: str, separator: str, columns: int) -> Iterator[Row]:
    lines = table.records(text, separator)
    next(lines)
    for line in lines:
        cells = line.cells
        if any(cells[columns:]):
            yield Row(line.number, cells, fault=_too_wide(line.number, len(cells), columns))
        else:
            yield Row(line.number, [*cells[:columns], *[""] * (columns - len(cells))])


def _too_wide(number: int, cells: int, columns: int) -> RowFault:
    """Trailing empty cells are often added; others mean that a value was cut in two."""
    return RowFault(
        number,
        "",
        "too_many_cells",
        f"The row has {cells} values, the header {columns}. Put a value that contains the "
        'separator between quotation marks (").',
    )
