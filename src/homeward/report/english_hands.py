"""What people enter of handovers and of the wishes of families, in English. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_HANDS"]

ENGLISH_HANDS: dict[str, str | tuple[str, str]] = {
    "families.wish.ask": "How often does the family want to be told?",
    "families.wish.record": "Record the wish",
    "families.wish.see": "See or record the wish",
    "candidates.ask-first": "Ask the family before telling them anything, and record what they wish.",
    "custody.none": "The first handover that is entered says who gave it to whom, where and on which day.",
    "custody.enter": "Enter a handover",
    "custody.day": "Day",
    "custody.record": "Record the handover",
}
