"""The newest analysis, and which names that one gives nobody has proposed yet."""

from __future__ import annotations

from collections.abc import Iterable

from homeward.record.changes import candidate_id
from homeward.record.view import View

__all__ = ["newest_analysis", "unproposed"]


def newest_analysis(view: View) -> str:
    """The id of the analysis of the latest state of the case, empty where there is none."""
    found = {id: h.value.revision for id, h in view.all("analysis").items() if h.value is not None}
    return max(found, key=lambda id: found[id], default="")


def unproposed(view: View, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of pairs of a sample and a name those that are no candidate yet."""
    found = list(pairs)
    there = set(view.all("candidate")) if found else set()
    return [pair for pair in found if candidate_id(*pair) not in there]
