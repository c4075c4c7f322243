"""Which names an analysis gives above its threshold that nobody has proposed yet."""

from __future__ import annotations

from collections.abc import Iterable

from homeward.record.changes import candidate_id
from homeward.record.view import View

__all__ = ["unproposed"]


def unproposed(view: View, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of pairs of a sample and a name those that are no candidate yet."""
    found = list(pairs)
    there = set(view.all("candidate")) if found else set()
    return [pair for pair in found if candidate_id(*pair) not in there]
