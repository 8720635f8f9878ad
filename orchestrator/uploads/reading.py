"""From a table and what its columns mean to the events as they would count, and bad rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from audience.identities import is_accident
from orchestrator.uploads import cells
from orchestrator.uploads.table import Line, Table

MAX_ID = 200
MAX_VALUE = 1_000
MAX_ROW = 8_000
SHORTENED = re.compile(r"\d[.,]?\d*E\+\d+\Z", re.IGNORECASE)
TIME_FORMS = "2026-11-21 14:30 or 21-11-2026 14:30"


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """Columns by their position. Without `time_column` all happened `at`; None means now."""

    id_column: int | None = None
    time_column: int | None = None
    at: datetime | None = None


class Row(NamedTuple):
    """An event as it would count."""

    line: int
    user_id: str
    occurred_at: datetime
    properties: dict[str, Any]


class BadRow(NamedTuple):
    line: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`in_future` is how many rows gave a time that has not come yet, and count as now."""

    good: list[Row]
    bad: list[BadRow]
    in_future: int = 0


class _Unfit(ValueError):
    """Why one row does not count."""


def read(table: Table, choices: Choices, *, zone: ZoneInfo, now: datetime) -> Reading:
    if choices.id_column is None:
        return Reading(good=[], bad=[])
    reader = _Reader(table, choices, zone=zone, now=now)
    good: list[Row] = []
    bad: list[BadRow] = []
    for line in table.lines:
        try:
            good.append(reader.row(line))
        except _Unfit as unfit:
            bad.append(BadRow(line.number, str(unfit)))
    return Reading(good=good, bad=bad, in_future=reader.in_future)


class _Reader:
    """What all rows share, and the rows seen so far, to find the same one again."""

    def __init__(self, table: Table, choices: Choices, *, zone: ZoneInfo, now: datetime) -> None:
        self._header, self._choices, self._zone, self._now = table.header, choices, zone, now
        taken = {choices.id_column, choices.time_column}
        self._others = [at for at in range(len(table.header)) if at not in taken]
        self._numeric = numeric(self._others, table.lines)
        self._seen: dict[tuple[str, ...], int] = {}
        self.in_future = 0

    def row(self, line: Line) -> Row:
        given = self._fitted(line.cells)
        user_id = an_id(given[self._choices.id_column or 0])
        occurred_at = self._occurred_at(given)
        first = self._seen.setdefault(tuple(given), line.number)
        if first != line.number:
            raise _Unfit(f"The same as line {first}.")
        self.in_future += occurred_at > self._now
        return Row(line.number, user_id, min(occurred_at, self._now), self._properties(given))

    def _fitted(self, given: Sequence[str]) -> list[str]:
        """As many cells as there are columns; trailing empty ones are often left out or added."""
        columns = len(self._header)
        if any(given[columns:]):
            raise _Unfit(
                f"It has {len(given)} values, the header {columns}. Put a value that contains "
                'the separator between quotation marks (").'
            )
        if sum(map(len, given)) > MAX_ROW:
            raise _Unfit(f"It is longer than {MAX_ROW:,} characters. Is a quotation mark open?")
        return [*given[:columns], *[""] * (columns - len(given))]

    def _occurred_at(self, given: Sequence[str]) -> datetime:
        column = self._choices.time_column
        if column is None:
            return self._choices.at or self._now
        text = given[column]
        if not text:
            raise _Unfit(f"There is no time in “{self._header[column]}”.")
        try:
            return cells.time(text, self._zone)
        except cells.BadTime as bad:
            raise _Unfit(f"“{bad}” is not a time we can read. Write {TIME_FORMS}.") from bad

    def _properties(self, given: Sequence[str]) -> dict[str, Any]:
        """An empty cell is no property at all: missing is not the same as empty text."""
        result: dict[str, Any] = {}
        for at in self._others:
            if len(given[at]) > MAX_VALUE:
                raise _Unfit(
                    f"“{self._header[at]}” is longer than {MAX_VALUE:,} characters. "
                    "Is a quotation mark open?"
                )
            if given[at]:
                result[self._header[at]] = (
                    cells.number(given[at]) if at in self._numeric else given[at]
                )
        return result


def an_id(text: str) -> str:
    if not text:
        raise _Unfit("There is no user id.")
    if len(text) > MAX_ID:
        raise _Unfit(f"The user id is longer than {MAX_ID} characters.")
    if is_accident(text):
        raise _Unfit(f"“{text}” is not a user id: a program wrote it where one was missing.")
    if SHORTENED.match(text):
        raise _Unfit(
            f"“{text}” is a long number that Excel shortened. Make the column text and save again."
        )
    return text


def numeric(columns: Iterable[int], lines: Sequence[Line]) -> frozenset[int]:
    """Columns in which every value is a number: one postcode such as 01067 makes all text."""
    return frozenset(
        at
        for at in columns
        if all(
            cells.is_number(line.cells[at])
            for line in lines
            if at < len(line.cells) and line.cells[at]
        )
    )
