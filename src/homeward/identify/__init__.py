"""SCIENCE. Who could be whom: family tables, screen, direct matches, posterior of each bone."""

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

__all__ = ["BoneKinship", "Direct", "MissingRow", "Outside", "Pair", "Result", "SampleRow", "Term", "Warning"]
