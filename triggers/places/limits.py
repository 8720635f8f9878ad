"""How much a place may hold."""

from typing import Final

MIN_RADIUS_M: Final = 50.0
MAX_RADIUS_M: Final = 50_000.0
DEFAULT_RADIUS_M: Final = 150.0
DEFAULT_APPROACH_M: Final = 500.0
MAX_ID: Final = 200
MAX_NAME: Final = 200
MAX_ADDRESS: Final = 300
MAX_PHONE: Final = 50
MAX_ZONE: Final = 64
MAX_TAGS: Final = 50
MAX_TAG: Final = 63
