"""What was recovered, in words that a family reads."""

from __future__ import annotations

from homeward.case import Remains
from homeward.report.words import Words

__all__ = ["bone_text"]


def bone_text(remains: Remains, say: Words) -> str:
    """The bone and its side as a letter names it; what is no certain bone is a part of the remains."""
    key = f"letter.{remains.element}"
    if key not in say:
        return say("letter.part")
    side = f"letter.{remains.side}"
    return say(side, bone=say(key)) if remains.side and side in say else say(key)
