"""The names in the log of what happens between a person and a place. No app may send them."""

from typing import Final

APPROACHED: Final = "Place Approached"
ENTERED_PERHAPS: Final = "Place Entered Perhaps"
ENTERED: Final = "Place Entered"
ENTERED_SURELY: Final = "Place Entered Surely"
DWELLED: Final = "Place Dwelled"
EXITED: Final = "Place Exited"
CROSSINGS: Final = frozenset(
    {APPROACHED, ENTERED_PERHAPS, ENTERED, ENTERED_SURELY, DWELLED, EXITED}
)
