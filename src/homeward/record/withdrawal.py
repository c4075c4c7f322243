"""What a withdrawal does: the key goes, a tombstone stays, analyses that used the data say so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from homeward.case import canonical_json
from homeward.record.draft import Draft
from homeward.record.values import Analysis, Tombstone

__all__ = ["withdraw"]

# sections of a result that show what living persons were typed as
_TELLING = ("lineages", "haplotypes")


def withdraw(draft: Draft, subject: str) -> None:
    """Destroy a living person's key, and let nothing readable of him stay."""
    draft.close("consent", subject)
    for id, held in draft.now.all("analysis").items():
        analysis: Analysis | None = held.value
        if analysis is None or subject not in analysis.subjects:
            continue
        _bury(draft, id, analysis)
    draft.destroy_key(subject)


def _bury(draft: Draft, id: str, analysis: Analysis) -> None:
    """The analysis without what shows typings of living persons, under a new key; the old one is destroyed."""
    before = draft.now.held("analysis", id)
    assert before is not None and before.subject is not None
    round_ = int(before.subject.rpartition("#")[2]) + 1
    kept: dict[str, Any] = {k: v for k, v in json.loads(analysis.result).items() if k not in _TELLING}
    left = replace(analysis, result=canonical_json(kept).decode(), rerunnable=False)

    draft.put("analysis", id, left, owner=before.owner, subject=f"analysis:{id}#{round_}", position=before.position)
    for report in draft.now.all("report", f"analysis:{id}"):
        draft.close("report", report)
    draft.put("tombstone", before.subject, Tombstone(draft.day))
    draft.destroy_key(before.subject)
