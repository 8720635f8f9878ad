"""How big a push is, as FCM and APNs count it."""

from collections.abc import Mapping
from typing import Any

import msgspec

MAX_PAYLOAD_BYTES = 4096


def payload_bytes(data: Mapping[str, Any]) -> int:
    """The size of the data as compact JSON in UTF-8."""
    return len(msgspec.json.encode(dict(data)))
