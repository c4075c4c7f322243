"""What a restored record says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from homeward.record.changes.change import Change
from homeward.record.draft import Draft
from homeward.record.roles import SYSTEM
from homeward.record.values import Tombstone

__all__ = ["MarkRestored"]


@dataclass(frozen=True, slots=True)
class MarkRestored(Change, code="mark-restored", roles=SYSTEM.roles):
    """The record was made of a backup that ended at ``seq``; keys withdrawn since stay destroyed."""

    seq: int
    buried: tuple[str, ...]

    def carry_out(self, draft: Draft) -> None:
        if draft.actor != SYSTEM:
            draft.forbid("role", "only a restore says so", "restore a backup")
            return
        there = draft.now.all("tombstone")
        for subject in self.buried:
            if subject in there or not draft.key_was_made(subject):
                continue
            draft.put("tombstone", subject, Tombstone(draft.day))
            draft.close("consent", subject)
            draft.destroy_key(subject)
        for held in draft.now.all("analysis").values():
            if held.value is not None and held.value.rerunnable and set(held.value.subjects) & set(self.buried):
                draft.revise(held, replace(held.value, rerunnable=False))
