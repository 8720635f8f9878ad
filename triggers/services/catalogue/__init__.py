"""The event catalogue: learnt from what arrives, counted by the day, bounded in every way."""

from triggers.services.catalogue.counts import count
from triggers.services.catalogue.entry import merged
from triggers.services.catalogue.learning import forget, learn
from triggers.services.catalogue.memory import MAX_NAMES

__all__ = ["MAX_NAMES", "count", "forget", "learn", "merged"]
