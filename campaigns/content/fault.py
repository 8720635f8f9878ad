"""What is wrong with a template, where, and what to do about it, in an author's words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from liquid.exceptions import BlockNestingError, LiquidError

from campaigns.content.failure import Failure

_OPENING = re.compile(r"\{\{|\{%")
_CLOSING = {"{{": "}}", "{%": "%}"}
_END_EXPECTED = re.compile(r"expected tag end(\w+)")
_UNKNOWN_TAG = re.compile(r"unexpected tag '(.*)'")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. Line and column count from 1."""

    failure: Failure
    line: int
    column: int
    message: str


def _at(source: str, index: int, failure: Failure, message: str) -> Fault:
    line = source.count("\n", 0, index) + 1
    column = index - source.rfind("\n", 0, index)
    return Fault(failure, line, column, message)


def too_long(most_bytes: int) -> Fault:
    message = f"This text is longer than {most_bytes:,} bytes. Shorten it."
    return Fault(Failure.TEMPLATE_TOO_LONG, 1, 1, message)


def too_deep() -> Fault:
    message = "Too many parts are nested inside each other. Split them up or leave some out."
    return Fault(Failure.TEMPLATE_UNREADABLE, 1, 1, message)


def unclosed(source: str) -> Fault | None:
    """The first `{{` or `{%` that is never closed.

    Found here because the engine takes a third of a second over it after a long run of spaces.
    """
    # What stands between raw and endraw is plain text; keep its length, so that places stay true.
    text = _RAW.sub(lambda raw: " " * len(raw[0]), source)
    end = 0
    while opening := _OPENING.search(text, end):
        closing = _CLOSING[opening[0]]
        end = text.find(closing, opening.end()) + len(closing)
        if end < len(closing):
            message = f"This “{opening[0]}” is never closed. Add “{closing}” after it."
            return _at(source, opening.start(), Failure.TEMPLATE_UNREADABLE, message)
    return None


def from_engine(error: LiquidError, source: str) -> Fault:
    """A parse error of the engine, in our words."""
    index = error.token.start_index if error.token is not None else 0
    if index < 0:
        index = len(source)
    text = str(error.args[0]) if error.args else ""
    failure, message = _in_words(error, text, _nearby(source, index))
    return _at(source, index, failure, message)


def _in_words(error: LiquidError, text: str, nearby: str) -> tuple[Failure, str]:
    if unclosed_block := _END_EXPECTED.match(text):
        name = unclosed_block[1]
        message = f"A “{name}” block is never closed. Add “{{% end{name} %}}” after it."
        return Failure.TEMPLATE_UNREADABLE, message
    if unknown := _UNKNOWN_TAG.match(text):
        return Failure.UNKNOWN_TAG, _tag_message(unknown[1])
    if isinstance(error, BlockNestingError):
        return Failure.TEMPLATE_UNREADABLE, too_deep().message
    message = f"“{nearby}” cannot be read. Check its spelling, quotes and punctuation."
    return Failure.TEMPLATE_UNREADABLE, message


def _tag_message(name: str) -> str:
    if name.startswith("end") or name in ("else", "elsif", "when"):
        return (
            f"“{name}” stands here without the block it belongs to. Remove it, or open the block."
        )
    return f"“{name}” is not a tag that messages can use. Remove it."


def _nearby(source: str, index: int) -> str:
    """The `{{ … }}` or `{% … %}` that an error lies in, or ends just before."""
    start = max(source.rfind("{{", 0, index + 1), source.rfind("{%", 0, index + 1), 0)
    closing = _CLOSING.get(source[start : start + 2], "")
    end = source.find(closing, start) + len(closing)
    found = " ".join(source[start:end].split())
    return found if len(found) <= 60 else f"{found[:59]}…"


def stray_range(source: str, index: int) -> Fault:
    message = (
        "A range such as (1..5) can be used only in “for”. Write the numbers out, or use a loop."
    )
    return _at(source, index, Failure.RANGE_OUTSIDE_FOR, message)


def reserved_name(source: str, index: int, name: str) -> Fault:
    message = f"“{name}” already has a meaning here. Choose another name."
    return _at(source, index, Failure.RESERVED_NAME, message)


def unknown_filter(source: str, index: int, name: str, known: Iterable[str]) -> Fault:
    close = get_close_matches(name, list(known), n=1)
    advice = f"Did you mean “{close[0]}”?" if close else "Remove it, or use another one."
    message = f"There is no filter called “{name}”. {advice}"
    return _at(source, index, Failure.UNKNOWN_FILTER, message)


def unknown_name(source: str, index: int, name: str, roots: Sequence[str]) -> Fault:
    listed = f"{', '.join(roots[:-1])} or {roots[-1]}"
    message = f"“{name}” is not known here. Begin with {listed}."
    return _at(source, index, Failure.UNKNOWN_NAME, message)
