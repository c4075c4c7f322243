"""How long running jobs will take: from how far they came since a page first looked."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from homeward.record.queue import Job

__all__ = ["Pace"]

_IN_SECONDS = frozenset({"joint-sampling"})
"""Stages of which the steps are seconds."""
_LEAST = 2.0  # seconds of watching before anything is said


class Pace:
    """What this server saw of each running job's stage: when it first looked, and how far the job was."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, int], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def left(self, jobs: Iterable[Job], now: float) -> dict[str, float]:
        """Job → seconds left of the stage it is in, where that can be told."""
        running = [j for j in jobs if j.state == "running" and j.total > 0]
        found: dict[str, float] = {}
        with self._lock:
            here = {(j.id, j.stage, j.total) for j in running}
            self._seen = {key: seen for key, seen in self._seen.items() if key in here}
            for j in running:
                since, first = self._seen.setdefault((j.id, j.stage, j.total), (now, j.done))
                if j.done < first:  # begun again
                    self._seen[j.id, j.stage, j.total] = (now, j.done)
                elif j.stage in _IN_SECONDS:
                    found[j.id] = float(j.total - j.done)
                elif now - since >= _LEAST and j.done > first:
                    found[j.id] = (j.total - j.done) * (now - since) / (j.done - first)
        return found
