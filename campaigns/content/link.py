"""Deep links: which finished links a push may open."""

import re
from collections.abc import Collection
from urllib.parse import unquote

# These run what the link holds instead of opening it, so no allow-list can let them in.
NEVER_ALLOWED = frozenset({"javascript", "vbscript", "data"})

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SEPARATORS = re.compile(r"[/\\?#]")


def may_open(link: str, allowed_schemes: Collection[str]) -> bool:
    """True for "" and for a link whose scheme is allowed, whatever its case.

    A `.` or `..` on its own between slashes is refused: it would take away a part of the path.
    """
    if not link:
        return True
    scheme = _SCHEME.match(link)
    if scheme is None or not link.isprintable() or " " in link:
        return False
    name = scheme[1].lower()
    if name in NEVER_ALLOWED or name not in {allowed.lower() for allowed in allowed_schemes}:
        return False
    return not any(unquote(part) in {".", ".."} for part in _SEPARATORS.split(link))
