"""Which names an analysis gives above its threshold that nobody has proposed yet."""

from __future__ import annotations

import json
from typing import Any

from homeward.record.changes import candidate_id
from homeward.record.values import Analysis
from homeward.record.view import View

__all__ = ["newest_analysis", "unproposed"]

_NAMED = ("undisputed", "identified")


def newest_analysis(view: View) -> str:
    """The id of the analysis of the latest state of the case, empty where there is none."""
    found = {id: h.value.revision for id, h in view.all("analysis").items() if h.value is not None}
    return max(found, key=lambda id: found[id], default="")


def unproposed(view: View, analysis: Analysis) -> list[tuple[str, str]]:
    """Sample and name of every conclusion above the threshold that is no candidate yet."""
    joint: dict[str, Any] = json.loads(analysis.result).get("joint") or {}
    named = [
        (sample, conclusion["missing"][0])
        for conclusion in joint.get("conclusions", ())
        if conclusion["conclusion"] in _NAMED and len(conclusion["missing"]) == 1
        for sample in conclusion["samples"]
    ]
    return [pair for pair in named if view.held("candidate", candidate_id(*pair)) is None]
