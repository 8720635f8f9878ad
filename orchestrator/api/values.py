"""Cleaning what came from outside: bounded in depth, size and number, free of NUL."""

from typing import Any

MAX_DEPTH = 32
MAX_VALUES = 1_000
MAX_INTEGER = 2**63 - 1
NUL, REPLACEMENT = "\x00", "\ufffd"


class ValueTooBig(ValueError):
    """A message holds more than fits; the sentence says what."""


class Cleaner:
    """Copies JSON values while counting them; one a message."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def clean(self, value: Any, depth: int = 0) -> Any:
        if isinstance(value, dict):
            self._descend(depth, len(value))
            return {clean_text(key): self.clean(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            self._descend(depth, len(value))
            return [self.clean(one, depth + 1) for one in value]
        if isinstance(value, str):
            return clean_text(value)
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise ValueTooBig("A whole number has at most 64 bits")
        return value

    def _descend(self, depth: int, values: int) -> None:
        self._left -= values
        if depth >= MAX_DEPTH:
            raise ValueTooBig(f"Values are nested at most {MAX_DEPTH} deep")
        if self._left < 0:
            raise ValueTooBig(f"A message has at most {MAX_VALUES:,} values")


def clean_text(text: str) -> str:
    return text.replace(NUL, REPLACEMENT) if NUL in text else text
