"""A file of places as rows under columns, whatever its format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from orchestrator.uploads.decoding import FileProblem

MAX_BYTES = 40_000_000
MAX_ROWS = 100_000


class RowFault(NamedTuple):
    """What is wrong with a row; `column` is a name from the header, or ""."""

    row: int
    column: str
    code: str
    sentence: str


class Row(NamedTuple):
    """One place as given: a cell for each column, text or JSON values.

    `number` is the line of a CSV file, or the feature's number, from 1. `geometry` is a GeoJSON
    geometry or None. With a `fault` the cells mean nothing.
    """

    number: int
    cells: list[Any]
    geometry: Any = None
    fault: RowFault | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`rows` goes through the file anew at each call. `has_shapes`: its rows have geometries."""

    header: tuple[str, ...]
    total: int
    rows: Callable[[], Iterator[Row]]
    has_shapes: bool = False
    notes: tuple[str, ...] = ()


def counted(total: int) -> int:
    """Raises FileProblem for none and for too many."""
    if not total:
        raise FileProblem("The file has no places in it.")
    if total > MAX_ROWS:
        raise FileProblem(
            f"The file has more than {MAX_ROWS:,} places. Split it and upload the parts."
        )
    return total
