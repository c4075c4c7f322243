"""What was recovered, in words that a family reads."""

from __future__ import annotations

from homeward.case import Remains
from homeward.report.words import Words

__all__ = ["bone_text"]


def bone_text(remains: Remains, say: Words) -> str:
    """The element and its side in the reader's language; what has no word of its own is a part of the remains."""
    key = f"bone.called.{remains.element}"  # not the examiner's word for it
    bone = say(key if key in say else "element.part")
    side = f"bone.{remains.side}"
    return say(side, bone=bone) if key in say and side in say else bone
