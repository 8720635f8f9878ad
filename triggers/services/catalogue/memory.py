"""What a process remembers of each workspace's names, so that most events cost it nothing.

A workspace has a shelf of its own: a flood of names in one makes no other learn anything again.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MAX_NAMES = 1_000
MAX_SHELVES = 200
# Known names learnt again with one batch: their entries are read and written, and may be big.
MOST_AGAIN = 50
AGAIN_AFTER = timedelta(minutes=1)

Name = tuple[int, str]


@dataclass
class Shelf:
    """One workspace's names, with when this process learnt each; `read_at` is their age."""

    read_at: datetime
    learnt: dict[str, datetime | None] = field(default_factory=dict)


class Memory:
    """Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelves: OrderedDict[int, Shelf] = OrderedDict()

    def unread(self, workspaces: Collection[int], *, now: datetime) -> list[int]:
        """The workspaces whose names are to be read from the database."""
        with self._lock:
            return sorted(one for one in workspaces if self._is_stale(one, now))

    def keep(self, names: Mapping[int, Collection[str]], *, now: datetime) -> None:
        """The names the database has; what else was thought to be there is forgotten."""
        with self._lock:
            for workspace, found in names.items():
                old = self._shelves.pop(workspace, Shelf(now))
                learnt = {name: old.learnt.get(name) for name in found}
                self._shelves[workspace] = Shelf(now, learnt)
            while len(self._shelves) > MAX_SHELVES:
                self._shelves.popitem(last=False)

    def due(self, seen: Mapping[int, Collection[str]], *, now: datetime) -> list[Name]:
        """Names to learn now: new ones as long as there is room, known ones once in a while."""
        with self._lock:
            shelves = {one: self._shelves[one] for one in seen if one in self._shelves}
            due = [(one, name) for one in shelves for name in _due(shelves[one], seen[one], now)]
            for workspace, name in due:
                shelves[workspace].learnt[name] = now
            return due

    def forget(self) -> None:
        with self._lock:
            self._shelves.clear()

    def _is_stale(self, workspace: int, now: datetime) -> bool:
        shelf = self._shelves.get(workspace)
        return shelf is None or now - shelf.read_at > AGAIN_AFTER


def _due(shelf: Shelf, seen: Collection[str], now: datetime) -> list[str]:
    learnt = shelf.learnt
    room = max(0, MAX_NAMES - len(learnt))
    new = [name for name in seen if name not in learnt][:room]
    again = [name for name in seen if name in learnt and _is_due(learnt[name], now)]
    return new + again[:MOST_AGAIN]


def _is_due(learnt_at: datetime | None, now: datetime) -> bool:
    return learnt_at is None or now - learnt_at > AGAIN_AFTER
