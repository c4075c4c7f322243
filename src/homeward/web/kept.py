"""What was read of a record's analyses, held in memory until the analysis changes.

A withdrawal gives an analysis a new version, so that what was read before it is not shown after it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

__all__ = ["Kept"]

Read = TypeVar("Read")


class Kept(Generic[Read]):
    """The ``most`` lately asked for of every record, each by id and version; safe between threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: WeakKeyDictionary[sa.Engine, OrderedDict[tuple[str, int], Read]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(self, engine: sa.Engine, id: str, since: int) -> Read | None:
        with self._lock:
            held = self._held.setdefault(engine, OrderedDict())
            if (id, since) not in held:
                return None
            held.move_to_end((id, since))
            return held[id, since]

    def put(self, engine: sa.Engine, id: str, since: int, read: Read) -> Read:
        """Keep it in place of any other version."""
        with self._lock:
            held = self._held.setdefault(engine, OrderedDict())
            for old in [key for key in held if key[0] == id]:
                del held[old]
            held[id, since] = read
            while len(held) > self.most:
                held.popitem(last=False)
        return read
