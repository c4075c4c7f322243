"""SCIENCE. Who could be whom: family tables, screen, direct matches, posterior of each bone."""

from homeward.identify.compare import Comparison, compare
from homeward.identify.direct import DirectMatches, direct_matches
from homeward.identify.result import (
    BoneKinship,
    Direct,
    MissingRow,
    Outside,
    Pair,
    Result,
    SampleRow,
    Term,
    Warning,
)
from homeward.identify.run import identify
from homeward.identify.screen import Column, FamilyTables, Screen, Typed, family_tables, look_up, screen

__all__ = [
    "BoneKinship",
    "Column",
    "Comparison",
    "Direct",
    "DirectMatches",
    "FamilyTables",
    "MissingRow",
    "Outside",
    "Pair",
    "Result",
    "SampleRow",
    "Screen",
    "Term",
    "Typed",
    "Warning",
    "compare",
    "direct_matches",
    "family_tables",
    "identify",
    "look_up",
    "screen",
]
