"""Regular expressions by RE2, whose time grows with the text alone, whatever the pattern."""

from typing import Any, Final

import re2  # type: ignore[import-untyped]  # google-re2 has no types

from triggers.rules.values import printable

MAX_PATTERN_CHARS: Final = 200
# RE2 refuses a pattern that needs more. Together with the longest text, the worst pattern we
# found takes some 30 ms; 32,000 bytes of text and 1 MiB took ten times as long.
MAX_MEMORY: Final = 128 * 1024
MAX_TEXT_BYTES: Final = 4_096


class PatternError(ValueError):
    """RE2 refuses the pattern; the text says what to do and where in the pattern."""


def compiled(pattern: str) -> Any:
    """A bytes pattern: ours is UTF-8. Raises PatternError."""
    if len(pattern) > MAX_PATTERN_CHARS:
        raise PatternError(f"Use a pattern of at most {MAX_PATTERN_CHARS} characters.")
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        raise PatternError(_in_words(error.args[0].decode(errors="replace"), pattern)) from error


def found(pattern: Any, text: str) -> bool | None:
    """Whether the pattern occurs in the text; None for a text too long to look through."""
    # A lone surrogate cannot be UTF-8; it becomes "?".
    coded = text.encode(errors="replace")
    return None if len(coded) > MAX_TEXT_BYTES else pattern.search(coded) is not None


def _in_words(problem: str, pattern: str) -> str:
    """RE2 says "missing ): a(b", which ends in the part that it could not read."""
    if "too large" in problem:
        return "Make the pattern simpler; its repetitions need too much memory."
    what, _, part = problem.partition(": ")
    at = pattern.find(part) + 1 if part else len(pattern)
    place = f" at character {at}" if at else ""
    return f"Correct the pattern{place}: {printable(problem if part else what)}."
