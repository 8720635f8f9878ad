"""Checks of a message while it is being written, before anybody receives it."""

from dataclasses import dataclass
from typing import Literal

from campaigns.content.template import read
from campaigns.definition import Message

Field = Literal["title", "body", "deep_link"]
FIELDS: tuple[Field, ...] = ("title", "body", "deep_link")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: where it is, counted from 1, and what to do, in a sentence."""

    field: Field
    line: int
    column: int
    message: str


def check(message: Message) -> list[Problem]:
    """Everything that would keep this message from being sent, in reading order."""
    problems = [problem for field in FIELDS for problem in _problems(message, field)]
    if not message.title.strip() and not message.body.strip():
        problems.insert(
            0, Problem("title", 1, 1, "There is nothing to read. Write a title or a body.")
        )
    return problems


def variables(message: Message) -> frozenset[str]:
    """The paths this message asks for, such as `person.first_name`.

    A part that cannot be read contributes none; `check` says why.
    """
    return frozenset().union(*(read(getattr(message, field)).variables for field in FIELDS))


def _problems(message: Message, field: Field) -> list[Problem]:
    source: str = getattr(message, field)
    faults = read(source).faults
    return [Problem(field, found.line, found.column, found.message) for found in faults]
