"""SCIENCE. Who could be whom: family tables, screen, direct matches, posterior of each bone."""

from homeward.identify.compare import Comparison, compare
from homeward.identify.direct import DirectMatches, SampleView, direct_matches
from homeward.identify.lineage_evidence import Difference, LineageComparison
from homeward.identify.mixture import Found, Piece, View, compare_all
from homeward.identify.result import (
    BoneKinship,
    Direct,
    Dropout,
    HaplotypeRow,
    MissingRow,
    Outside,
    Pair,
    PedigreeVariant,
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
    "Difference",
    "Direct",
    "DirectMatches",
    "Dropout",
    "FamilyTables",
    "Found",
    "HaplotypeRow",
    "LineageComparison",
    "MissingRow",
    "Outside",
    "Pair",
    "PedigreeVariant",
    "Piece",
    "Result",
    "SampleRow",
    "SampleView",
    "Screen",
    "Term",
    "Typed",
    "View",
    "Warning",
    "compare",
    "compare_all",
    "direct_matches",
    "family_tables",
    "identify",
    "look_up",
    "screen",
]
