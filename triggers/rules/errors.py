"""What is wrong with a rule document, and where."""

from collections.abc import Iterable
from difflib import get_close_matches


class RuleError(ValueError):
    """A document that cannot become a rule.

    pointer: JSON pointer to the bad place, "" for the whole document.
    message: a sentence that says what to do.
    suggestion: what was probably meant, or None.
    """

    def __init__(self, pointer: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(pointer, message, suggestion)
        self.pointer = pointer
        self.message = message
        self.suggestion = suggestion

    def __str__(self) -> str:
        hint = f' Did you mean "{self.suggestion}"?' if self.suggestion else ""
        return f"{self.pointer or 'the rule'}: {self.message}{hint}"


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word most like this one, whatever its capitals, or None below the cutoff (0..1)."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(word[:200].lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None
